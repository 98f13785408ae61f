import { describe, expect, test } from 'vitest';
import type { ArgsOf, Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, makeInfo, makePage, settle } from '../../making.ts';

const account = makeAccount();
const there = { accountId: account.id, bucket: 'photos' };

type Added = Results['objects.copy'];

async function startApp(copy: () => Added | Promise<Added> = () => ({ ids: ['copy'] })) {
  const copied: ArgsOf<'objects.copy'>[] = [];
  const held: ArgsOf<'objects.hold'>['held'][] = [];
  const call = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.list': () => makePage(['album/', 'cat.jpg', 'dog.jpg']),
    'objects.copy': (args) => {
      copied.push(args);
      return copy();
    },
    'objects.hold': (args) => {
      held.push(args.held);
      return null;
    },
  });
  const app = makeApp(makeInfo(), new Messages('en'), call);
  await app.accounts.load(null);
  app.browser.followAccounts();
  app.browser.openBucket('photos');
  await settle();
  const told = () => [...app.news.board.items.values()].map(({ tone }) => tone);
  return { app, moving: app.moving, copied, held, told };
}

describe('what is selected', () => {
  test('is held with its addresses as text, for every window', async () => {
    const { app, moving, held } = await startApp();
    app.browser.selection.all([{ id: 'album/' }, { id: 'cat.jpg' }]);
    expect(moving.hold(false)).toBe('oss://photos/album/\noss://photos/cat.jpg');
    const subject = { ...there, keys: ['cat.jpg'], prefixes: ['album/'] };
    expect(held).toEqual([{ subject, move: false }]);
    expect(moving.isHeld('oss://photos/album/\noss://photos/cat.jpg\n')).toBe(true);
    expect(moving.isHeld('oss://photos/cat.jpg')).toBe(false);
  });

  test('is nothing to hold where nothing is selected', async () => {
    const { moving, held } = await startApp();
    expect([moving.hold(true), held, moving.isHeld('')]).toEqual([null, [], false]);
  });

  test('gets another name only where it is one', async () => {
    const { app, moving } = await startApp();
    app.browser.selection.all([{ id: 'cat.jpg' }, { id: 'dog.jpg' }]);
    moving.askForName();
    expect(app.dialogs.current).toBeNull();
    app.browser.selection.select('cat.jpg');
    moving.askForName();
    expect(app.dialogs.current).toMatchObject({ name: 'rename', subject: { ...there, keys: ['cat.jpg'] } });
  });
});

describe('pasting', () => {
  test('copies into the folder that is shown, as often as asked', async () => {
    const { app, moving, copied, told } = await startApp();
    app.browser.selection.select('cat.jpg');
    moving.hold(false);
    app.browser.openPrefix('album/');
    await moving.paste();
    await moving.paste();
    const from = { ...there, keys: ['cat.jpg'], prefixes: [], versionId: null };
    const once = { from, to: { ...there, prefix: 'album/' }, move: false, name: null };
    expect(copied).toEqual([once, once]);
    expect(told()).toEqual(['begun']);
  });

  test('what was cut is moved once', async () => {
    const { app, moving, copied, held } = await startApp();
    app.browser.selection.select('cat.jpg');
    moving.hold(true);
    app.browser.openPrefix('album/');
    await moving.paste();
    await moving.paste();
    expect(copied.map(({ move }) => move)).toEqual([true]);
    expect(held.at(-1)).toBeNull();
  });

  test('does not forget what was cut while it was under way', async () => {
    const gate = makeGate<Added>();
    const { app, moving } = await startApp(() => gate.answer);
    app.browser.selection.select('cat.jpg');
    moving.hold(true);
    const pasted = moving.paste();
    app.browser.selection.select('dog.jpg');
    moving.hold(true);
    gate.open({ ids: ['copy'] });
    await pasted;
    expect(moving.held?.subject.keys).toEqual(['dog.jpg']);
  });

  test('what was cut can be pasted again where main refused', async () => {
    const { app, moving, told } = await startApp(() => {
      throw new CallFailed({ kind: 'credentials', cause: 'denied-by-policy', action: 'oss:PutObject' });
    });
    app.browser.selection.select('cat.jpg');
    moving.hold(true);
    app.browser.openPrefix('album/');
    await moving.paste();
    expect([told(), moving.held?.subject.keys]).toEqual([['failed'], ['cat.jpg']]);
  });
});

test.each([
  [{ keys: ['a/b/cat.jpg'], prefixes: [] }, 'a/b/'],
  [{ keys: [], prefixes: ['a/b/'] }, 'a/'],
  [{ keys: ['cat.jpg'], prefixes: [] }, ''],
])('another name leaves it in its folder: %j in %j', async (chosen, prefix) => {
  const { moving, copied } = await startApp();
  await moving.rename({ ...there, ...chosen }, 'new');
  expect(copied[0]).toMatchObject({ to: { ...there, prefix }, move: true, name: 'new' });
});
