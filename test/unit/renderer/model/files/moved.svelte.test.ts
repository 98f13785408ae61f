import { describe, expect, test } from 'vitest';
import type { ArgsOf, Transfer } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, makePage, settle } from '../../making.ts';

const account = makeAccount();
const there = { accountId: account.id, bucket: 'photos' };
const done = { at: 'done', verified: 'crc64', versionId: null } as const;

/** A bucket whose listings and copies the test decides about. Transfers get the IDs t0, t1, … */
async function startApp(keys: readonly string[]) {
  const copied: ArgsOf<'objects.copy'>[] = [];
  let bucket = keys;
  let added = 0;
  let isRefused = false;
  const undone: string[] = [];
  const call = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.list': ({ prefix }) => {
      const names = bucket.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      const shown = names.map((name) => prefix + (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name));
      return makePage([...new Set(shown)]);
    },
    'objects.copy': (args) => {
      if (isRefused) throw new CallFailed({ kind: 'network', reason: 'offline' });
      copied.push(args);
      return { ids: [...args.from.keys, ...args.from.prefixes].map(() => `t${added++}`) };
    },
    'objects.hold': () => null,
    'deletions.undo': ({ id }) => {
      undone.push(id);
      return { restored: 1, failedCount: 0 };
    },
    'deletions.start': () => ({ id: 'deletion' }),
    'deletions.dismiss': () => null,
  });
  const app = makeApp(makeInfo(), new Messages('en'), call);
  await app.accounts.load(null);
  app.browser.followAccounts();
  app.browser.openBucket('photos');
  await settle();
  /** Ends a transfer, and the bucket then holds these keys. */
  const end = async (id: string, key: string, keysThen = bucket, state: Transfer['state'] = done) => {
    bucket = keysThen;
    const batch = { changed: [makeMove(id, key, state)], removed: [] };
    app.transfers.apply(batch);
    app.endings.apply(batch);
    await settle();
    await settle();
  };
  const shown = () => [...app.news.board.items.values()].map(({ title }) => title);
  const refuse = (isSo: boolean) => (isRefused = isSo);
  return { app, copied, undone, end, shown, refuse };
}

function makeMove(id: string, key: string, state: Transfer['state']): Transfer {
  return {
    ...{ id, key, state, direction: 'move', through: 'account', ...there, localPath: null, name: key },
    ...{ sizeBytes: 5, doneBytes: 5, bytesPerSecond: 0, createdAt: 1, priority: 'normal', rank: 1 },
    ...{ folderId: null, folder: null },
  };
}

describe('a file that was renamed', () => {
  test('is selected under its new name', async () => {
    const { app, end } = await startApp(['cat.jpg', 'dog.jpg']);
    app.browser.selection.select('cat.jpg');
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg', ['dog.jpg', 'puma.jpg']);
    expect([...app.browser.selection.ids]).toEqual(['puma.jpg']);
  });

  test('is not selected where the filter hides its new name', async () => {
    const { app, end } = await startApp(['cat.jpg', 'dog.jpg']);
    const { list } = app.browser;
    if (list !== null) list.filter = 'cat';
    app.browser.selection.select('cat.jpg');
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg', ['dog.jpg', 'puma.jpg']);
    expect([...app.browser.selection.ids]).toEqual([]);
  });

  test('is selected also where the list was being refreshed already, with the old name', async () => {
    const { app, end } = await startApp(['cat.jpg', 'dog.jpg']);
    app.browser.selection.select('cat.jpg');
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    app.browser.refresh();
    await end('t0', 'puma.jpg', ['dog.jpg', 'puma.jpg']);
    expect([...app.browser.selection.ids]).toEqual(['puma.jpg']);
  });

  test('is not selected where something else was selected meanwhile', async () => {
    const { app, end } = await startApp(['cat.jpg', 'dog.jpg']);
    app.browser.selection.select('cat.jpg');
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    app.browser.selection.select('dog.jpg');
    await end('t0', 'puma.jpg', ['dog.jpg', 'puma.jpg']);
    expect([...app.browser.selection.ids]).toEqual(['dog.jpg']);
  });

  test('gets its old name back by undo, once', async () => {
    const { app, copied, end, shown } = await startApp(['cat.jpg']);
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg', ['puma.jpg']);
    app.undo.undo();
    app.undo.undo();
    await settle();
    const from = { ...there, keys: ['puma.jpg'], prefixes: [], versionId: null };
    const request = { from, to: { ...there, prefix: '' }, move: true, name: 'cat.jpg', existing: 'keep-both' };
    expect(copied.slice(1)).toEqual([request]);
    await end('t1', 'cat.jpg', ['cat.jpg']);
    expect(shown()).toContain('1 item moved back');
  });

  test('gets it back as soon as the renaming ends, where undo comes earlier', async () => {
    const { app, copied, end, shown } = await startApp(['cat.jpg']);
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    app.undo.undo();
    await settle();
    expect([copied.length, shown()]).toEqual([1, ['Undoing as soon as it has finished']]);
    await end('t0', 'puma.jpg', ['puma.jpg']);
    expect(copied).toHaveLength(2);
  });

  test('that could not be renamed leaves nothing to undo', async () => {
    const { app, copied, end } = await startApp(['cat.jpg']);
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg', undefined, { at: 'failed', because: { kind: 'network', reason: 'reset' } });
    app.undo.undo();
    await settle();
    expect(copied).toHaveLength(1);
  });
});

describe('what was moved', () => {
  test('goes back under the name it has now: a file that got a number next to another is not mixed up with that', async () => {
    const { app, copied, end } = await startApp(['a/1.txt', 'a/2.txt', 'b/2.txt']);
    await app.moving.copyTo({ ...there, keys: ['a/1.txt', 'a/2.txt'], prefixes: [] }, { ...there, prefix: 'b/' }, true);
    await end('t0', 'b/1.txt');
    await end('t1', 'b/2 (2).txt');
    app.undo.undo();
    await settle();
    const from = { ...there, prefixes: [], versionId: null };
    expect(copied[1]).toEqual({
      from: { ...from, keys: ['b/1.txt'] },
      to: { ...there, prefix: 'a/' },
      move: true,
      name: null,
      existing: 'keep-both',
    });
    await end('t2', 'a/1.txt');
    expect(copied[2]).toEqual({
      from: { ...from, keys: ['b/2 (2).txt'] },
      to: { ...there, prefix: 'a/' },
      move: true,
      name: '2.txt',
      existing: 'keep-both',
    });
  });

  test('goes back whole if it is a folder that was new there', async () => {
    const { app, copied, end } = await startApp(['album/1.jpg', 'b/x']);
    await app.moving.copyTo({ ...there, keys: [], prefixes: ['album/'] }, { ...there, prefix: 'b/' }, true);
    await end('t0', 'b/album/');
    app.undo.undo();
    await settle();
    expect(copied[1]?.from).toEqual({ ...there, keys: [], prefixes: ['b/album/'], versionId: null });
  });

  test('stays if it is a folder that joined another of its name, whose files would come along', async () => {
    const { app, copied, end, shown } = await startApp(['album/1.jpg', 'b/album/2.jpg']);
    await app.moving.copyTo({ ...there, keys: [], prefixes: ['album/'] }, { ...there, prefix: 'b/' }, true);
    await end('t0', 'b/album/');
    app.undo.undo();
    await settle();
    expect(copied).toHaveLength(1);
    expect(shown()).toContain('This can’t be undone');
  });
});

test('undo says what stays when one of two folders joined another of its name', async () => {
  const { app, copied, end } = await startApp(['album/1.jpg', 'notes/1.txt', 'b/album/2.jpg']);
  const subject = { ...there, keys: [], prefixes: ['album/', 'notes/'] };
  await app.moving.copyTo(subject, { ...there, prefix: 'b/' }, true);
  await end('t0', 'b/album/');
  await end('t1', 'b/notes/');
  app.undo.undo();
  await settle();
  expect(copied[1]?.from.prefixes).toEqual(['b/notes/']);
  await end('t2', 'notes/');
  expect([...app.news.board.items.values()].at(-1)).toMatchObject({ tone: 'partly', title: '1 item moved back' });
});

describe('undo means the newest action', () => {
  const deletion = { id: 'deletion', ...there, total: 1, deleted: 1, failedCount: 0, failure: null } as const;

  test('also after it failed: the next one tries it again, and no older action', async () => {
    const { app, copied, undone, end, refuse } = await startApp(['cat.jpg', 'dog.jpg']);
    await app.deletions.start({ ...there, keys: ['dog.jpg'], prefixes: [] }, 1);
    app.deletions.apply([{ ...deletion, state: 'done', canUndo: true }]);
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg');
    refuse(true);
    app.undo.undo();
    await settle();
    expect([...app.news.board.items.values()].at(-1)?.tone).toBe('failed');
    refuse(false);
    app.undo.undo();
    await settle();
    expect([copied.slice(1).map(({ name }) => name), undone]).toEqual([['cat.jpg'], []]);
    await end('t1', 'cat.jpg');
    app.undo.undo();
    await settle();
    expect(undone).toEqual(['deletion']);
  });

  test('a deletion in a bucket without versions says so, and an earlier renaming stays as it is', async () => {
    const { app, copied, end, shown } = await startApp(['cat.jpg', 'dog.jpg']);
    await app.moving.rename({ ...there, keys: ['cat.jpg'], prefixes: [] }, 'puma.jpg');
    await end('t0', 'puma.jpg');
    await app.deletions.start({ ...there, keys: ['dog.jpg'], prefixes: [] }, 1);
    app.deletions.apply([{ ...deletion, state: 'done', canUndo: false }]);
    app.undo.undo();
    await settle();
    expect([copied.length, shown().at(-1)]).toEqual([1, 'This can’t be undone']);
    app.undo.undo();
    await settle();
    expect(copied).toHaveLength(2);
  });

  test('a deletion is undone once, by the button of its news or by the keyboard', async () => {
    const { app, shown } = await startApp(['dog.jpg']);
    await app.deletions.start({ ...there, keys: ['dog.jpg'], prefixes: [] }, 1);
    app.deletions.apply([{ ...deletion, state: 'done', canUndo: true }]);
    [...app.news.board.items.values()].at(-1)?.actions[0]?.run();
    app.undo.undo();
    await settle();
    expect(shown().filter((title) => title === '1 item restored')).toHaveLength(1);
  });
});

describe('a paste into the folder that the files are in', () => {
  test('copies them under free names, as often as asked, and selects the copies', async () => {
    const { app, copied, end } = await startApp(['t.csv', 't copy.csv', 'logs/1', 'logs copy/1']);
    app.browser.selection.all([{ id: 't.csv' }, { id: 'logs/' }]);
    app.moving.hold(false);
    await app.moving.paste();
    expect(copied.map(({ name, existing, move }) => [name, existing, move])).toEqual([
      ['t copy 2.csv', 'keep-both', false],
      ['logs copy 2', 'keep-both', false],
    ]);
    const now = ['t.csv', 't copy.csv', 't copy 2.csv', 'logs/1', 'logs copy/1', 'logs copy 2/1'];
    await end('t0', 't copy 2.csv', now);
    await end('t1', 'logs copy 2/', now);
    expect([...app.browser.selection.ids]).toEqual(['t copy 2.csv', 'logs copy 2/']);
  });

  test('leaves what was cut where it is', async () => {
    const { app, copied, shown } = await startApp(['t.csv']);
    app.browser.selection.select('t.csv');
    app.moving.hold(true);
    await app.moving.paste();
    expect([copied, shown()]).toEqual([[], ['1 item cut. Paste it into a folder to move it']]);
  });
});
