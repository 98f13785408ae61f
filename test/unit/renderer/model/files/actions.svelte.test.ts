import { describe, expect, test } from 'vitest';
import type { ArgsOf, MenuCommand } from '../../../../../main/contract/contract.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, makePage } from '../../making.ts';

const account = makeAccount();

async function startApp() {
  const asked: { name: string; args: unknown }[] = [];
  const note = <Result>(name: string, args: unknown, result: Result): Result => {
    asked.push({ name, args });
    return result;
  };
  const info = makeInfo();
  const call = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.list': () => makePage(['album/', 'cat.jpg', 'dog.jpg']),
    'ledger.list': (args) => {
      const counts = { live: 0, 'ending-soon': 0, ended: 0, 'target-gone': 0 };
      return note('ledger.list', args, { items: [], total: 0, counts });
    },
    'deletions.start': (args) => note('deletions.start', args, { id: crypto.randomUUID() }),
    'objects.createFolder': (args) => note('objects.createFolder', args, null),
    'links.copy': (args) =>
      note('links.copy', args, {
        validUntil: Date.now() + 3_600_000,
        limitedBy: 'expiry' as const,
        sessionEndUnknown: false,
        bucket: args.bucket,
        key: args.key,
        versionId: null,
        ledgerId: crypto.randomUUID(),
      }),
    'transfers.upload': (args) => note('transfers.upload', args, { added: args.paths.length }),
    'transfers.download': (args) => note('transfers.download', args, { added: args.keys.length }),
    'dialogs.pickFiles': () => ['/home/li/a.txt'],
    'settings.set': (patch: ArgsOf<'settings.set'>) => ({ ...info.settings, ...(patch as object) }),
  });
  const app = makeApp(info, new Messages('en'), call);
  await app.accounts.load(null);
  app.browser.followAccounts();
  return { app, asked };
}

async function openFolder() {
  const started = await startApp();
  started.app.browser.openBucket('photos');
  await new Promise((resolve) => setImmediate(resolve));
  return started;
}

const place = { accountId: account.id, bucket: 'photos' };

describe('what is selected', () => {
  test('is downloaded into the download folder, folders as prefixes', async () => {
    const { app, asked } = await openFolder();
    app.browser.selection.all([{ id: 'album/' }, { id: 'cat.jpg' }]);
    await app.actions.downloadSelection();
    expect(asked).toEqual([
      {
        name: 'transfers.download',
        args: {
          ...place,
          keys: ['cat.jpg'],
          prefixes: ['album/'],
          versionId: null,
          folder: '/home/li/Downloads',
        },
      },
    ]);
  });

  test('is deleted only after a question', async () => {
    const { app, asked } = await openFolder();
    app.browser.selection.select('cat.jpg');
    app.actions.askToDelete();
    expect(asked).toEqual([]);
    const { current } = app.dialogs;
    if (current?.name !== 'delete') throw new Error('no question was asked');
    await app.deletions.start(current.subject, 1);
    expect(asked).toEqual([{ name: 'deletions.start', args: { ...place, keys: ['cat.jpg'], prefixes: [], total: 1 } }]);
    expect(app.browser.selection.size).toBe(0);
  });

  test('is one object for links only when it is exactly one, and no folder', async () => {
    const { app } = await openFolder();
    app.browser.selection.select('album/');
    expect(app.actions.selectedKey).toBeNull();
    app.browser.selection.select('cat.jpg');
    expect(app.actions.selectedKey).toBe('cat.jpg');
    app.browser.selection.toggle('dog.jpg');
    expect(app.actions.selectedKey).toBeNull();
  });
});

test('a link is copied by main: only what it is for is asked', async () => {
  const { app, asked } = await openFolder();
  await app.actions.copyLink('cat.jpg');
  expect(asked).toEqual([{ name: 'links.copy', args: { ...place, key: 'cat.jpg' } }]);
});

test('a new folder is made here and selected', async () => {
  const { app, asked } = await openFolder();
  await app.actions.createFolder('2026/11');
  expect(asked).toEqual([{ name: 'objects.createFolder', args: { ...place, prefix: '2026/11/' } }]);
  expect(app.browser.selection.has('2026/')).toBe(true);
});

test('nothing can be uploaded or made where there is no folder', async () => {
  const { app, asked } = await startApp();
  await app.actions.upload(['/home/li/a.txt']);
  app.actions.run('new-folder');
  expect(asked).toEqual([]);
  expect(app.dialogs.current).toBeNull();
});

describe('the application menu', () => {
  test.each([
    ['open-link', { name: 'receive', given: null }],
    ['add-account', { name: 'account', account: null }],
    ['new-folder', { name: 'new-folder' }],
    ['settings', { name: 'settings', tab: 'general' }],
  ] as const satisfies readonly (readonly [MenuCommand, unknown])[])(
    'opens a dialog with %s',
    async (command, dialog) => {
      const { app } = await openFolder();
      app.actions.run(command);
      expect(app.dialogs.current).toEqual(dialog);
    },
  );

  test('edits the address, filters, and shows the transfers', async () => {
    const { app } = await openFolder();
    app.actions.run('go-to-address');
    expect(app.browser.editingAddress).toBe(true);
    app.actions.run('filter');
    expect(app.actions.filterAsked).toBe(1);
    app.actions.run('toggle-transfers');
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(app.settings.current.transfersOpen).toBe(true);
  });

  test('uploads what is chosen to the folder that is shown', async () => {
    const { app, asked } = await openFolder();
    app.actions.run('upload-files');
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([{ name: 'transfers.upload', args: { ...place, prefix: '', paths: ['/home/li/a.txt'] } }]);
  });

  test('refreshes the links where those are shown', async () => {
    const { app, asked } = await openFolder();
    app.actions.run('refresh');
    expect(asked).toEqual([]);
    app.browser.openLinks();
    app.actions.run('refresh');
    expect(asked.map(({ name }) => name)).toEqual(['ledger.list']);
  });
});
