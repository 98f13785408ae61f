import { describe, expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import type { DropNews } from '../../../../main/shell/tray/drop-news.ts';
import { type DropParts, Drops } from '../../../../main/shell/tray/drops.ts';
import type { Transfer, TransferState } from '../../../../main/transfers/tasks/transfer.ts';

const folder = { accountId: crypto.randomUUID(), bucket: 'photos', prefix: 'album/' };
const done: TransferState = { at: 'done', verified: 'crc64', versionId: null };
const failed: TransferState = { at: 'failed', because: { kind: 'network', reason: 'reset', host: null } as never };
const running: TransferState = { at: 'running', attempt: 1 };

function makeTransfer(id: string, state: TransferState, changes: Partial<Transfer> = {}): Transfer {
  return {
    ...{
      id,
      direction: 'upload',
      through: 'account',
      accountId: folder.accountId,
      bucket: 'photos',
      key: `album/${id}`,
    },
    ...{ localPath: `/${id}`, name: id, sizeBytes: 1, doneBytes: 0, bytesPerSecond: 0, createdAt: 1 },
    ...{ priority: 'normal', rank: 1, folderId: null, folder: null, state },
    ...changes,
  };
}

function makeDrops(changes: Partial<DropParts> = {}) {
  const news: DropNews[] = [];
  const added: unknown[] = [];
  const copied: (readonly string[])[] = [];
  let list: readonly Transfer[] = [];
  const links = { made: 1, warnings: [], validUntil: 9, limitedBy: 'expiry', sessionEndUnknown: false } as const;
  const drops = new Drops({
    queue: {
      addUploads: ({ paths, ...to }, choice) => {
        added.push({ paths, ...to, choice });
        list = paths.map((path) => makeTransfer(path.slice(1), running));
        return Promise.resolve(list.map(({ id }) => id));
      },
      add: (found, choice) => {
        added.push({ found, choice });
        list = [makeTransfer('text', running)];
        return Promise.resolve(['text']);
      },
      list: () => list,
    },
    pastedFiles: { save: () => Promise.resolve('/pasted/1') },
    isLocked: () => false,
    settings: () => ({ dropFolder: folder, overwrite: 'ask' }),
    copyLinks: (_, keys) => {
      copied.push(keys);
      return Promise.resolve({ ...links, made: keys.length });
    },
    announce: (one) => news.push(one),
    textName: () => 'Text.txt',
    onBug: () => undefined,
    ...changes,
  });
  const report = (...changed: readonly Transfer[]): void => drops.follow({ changed, removed: [] });
  return { drops, news, added, copied, report, setList: (all: readonly Transfer[]) => (list = all) };
}

/** Lets what was dropped get into the queue. */
const queued = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('files that are dropped', () => {
  test('go to the folder of the settings, and never replace anything unasked', async () => {
    const { drops, added, report } = makeDrops();
    const dropped = drops.files(['/a']);
    await queued();
    report(makeTransfer('a', done));
    await dropped;
    expect(added).toEqual([{ paths: ['/a'], ...folder, choice: 'keep-both' }]);
  });

  test('follow the rule of the settings where there is one', async () => {
    const { drops, added, report } = makeDrops({ settings: () => ({ dropFolder: folder, overwrite: 'replace' }) });
    const dropped = drops.files(['/a']);
    await queued();
    report(makeTransfer('a', done));
    await dropped;
    expect(added).toMatchObject([{ choice: null }]);
  });

  test('have their links copied once all are there, under the names that they got', async () => {
    const { drops, news, copied, report } = makeDrops();
    const dropped = drops.files(['/a', '/b']);
    await queued();
    report(makeTransfer('a', done, { key: 'album/a (2)' }));
    await queued();
    expect([copied, news]).toEqual([[], []]);
    report(makeTransfer('b', done));
    await dropped;
    expect(copied).toEqual([['album/a (2)', 'album/b']]);
    expect(news).toMatchObject([{ kind: 'link-copied', name: 'a', count: 2, links: { made: 2 } }]);
  });

  test('that were there before anyone could wait for them have a link, too', async () => {
    const { drops, news, setList } = makeDrops();
    const dropped = drops.files(['/a']);
    setList([makeTransfer('a', done)]);
    await dropped;
    expect(news).toMatchObject([{ kind: 'link-copied' }]);
  });

  test('that failed are reported, and the others have their link', async () => {
    const { drops, news, copied, report } = makeDrops();
    const dropped = drops.files(['/a', '/b']);
    await queued();
    report(makeTransfer('a', failed), makeTransfer('b', done));
    await dropped;
    expect(news).toMatchObject([
      { kind: 'failed', name: 'a', count: 1 },
      { kind: 'link-copied', name: 'b' },
    ]);
    expect(copied).toEqual([['album/b']]);
  });

  test('that were cancelled or removed are no news', async () => {
    const { drops, news, report } = makeDrops();
    const dropped = drops.files(['/a', '/b']);
    await queued();
    report(makeTransfer('a', { at: 'cancelled' }));
    drops.follow({ changed: [], removed: ['b'] });
    await dropped;
    expect(news).toEqual([]);
  });

  test('with a folder among them get no links: what else is in it nobody has seen', async () => {
    const { drops, news, copied, report } = makeDrops();
    const dropped = drops.files(['/d']);
    await queued();
    const counts = { total: 2, isCounted: true, done: 2, skipped: 0, failed: 0, asking: 0 };
    report(makeTransfer('d', done, { key: 'album/d/', folder: counts }));
    await dropped;
    expect([news, copied]).toMatchObject([[{ kind: 'uploaded-folder', name: 'd' }], []]);
  });

  test('are not taken without a folder, nor while Waybill is locked', async () => {
    const none = makeDrops({ settings: () => ({ dropFolder: null, overwrite: 'ask' }) });
    await none.drops.files(['/a']);
    expect([none.news, none.added]).toEqual([[{ kind: 'no-folder' }], []]);
    const locked = makeDrops({ isLocked: () => true });
    await locked.drops.files(['/a']);
    await locked.drops.text('hello');
    expect([locked.news, locked.added]).toEqual([[{ kind: 'locked' }, { kind: 'locked' }], []]);
  });

  test('that arrive, or fail, after Waybill has locked get no link and no name', async () => {
    let isLocked = false;
    const { drops, news, copied, report } = makeDrops({ isLocked: () => isLocked });
    const dropped = drops.files(['/a', '/b']);
    await queued();
    isLocked = true;
    report(makeTransfer('a', done), makeTransfer('b', failed));
    await dropped;
    expect([news, copied]).toEqual([[{ kind: 'failed-locked' }, { kind: 'uploaded-locked' }], []]);
  });

  test('whose link is created while Waybill locks have no name in the news', async () => {
    let isLocked = false;
    const copyLinks = (): Promise<never> => {
      isLocked = true;
      return Promise.reject(new WaybillError({ kind: 'input', field: 'lock', rule: 'app-locked' }));
    };
    const { drops, news, report } = makeDrops({ copyLinks, isLocked: () => isLocked });
    const dropped = drops.files(['/a']);
    await queued();
    report(makeTransfer('a', done));
    await dropped;
    expect(news).toEqual([{ kind: 'uploaded-locked' }]);
  });

  test('whose link can’t be created are there all the same', async () => {
    const failure = { kind: 'credentials', cause: 'missing' } as const;
    const { drops, news, report } = makeDrops({ copyLinks: () => Promise.reject(new WaybillError(failure)) });
    const dropped = drops.files(['/a']);
    await queued();
    report(makeTransfer('a', done));
    await dropped;
    expect(news).toEqual([{ kind: 'no-link', name: 'a', count: 1, failure }]);
  });

  test('that can’t get into the queue say why', async () => {
    const failure = { kind: 'input', field: 'account', rule: 'unknown' } as const;
    const queue = {
      addUploads: () => Promise.reject(new WaybillError(failure)),
      add: () => Promise.resolve([]),
      list: () => [],
    };
    const { drops, news } = makeDrops({ queue });
    await drops.files(['/a']);
    expect(news).toEqual([{ kind: 'refused', failure }]);
  });
});

test('a text becomes a file with a name of its own', async () => {
  const saved: string[] = [];
  const save = (bytes: Uint8Array): Promise<string> => {
    saved.push(new TextDecoder().decode(bytes));
    return Promise.resolve('/pasted/1');
  };
  const { drops, added, copied, report } = makeDrops({ pastedFiles: { save } });
  const dropped = drops.text('你好');
  await queued();
  report(makeTransfer('text', done, { key: 'album/Text.txt' }));
  await dropped;
  expect(saved).toEqual(['你好']);
  const work = { kind: 'upload', what: 'file', key: 'album/Text.txt', path: '/pasted/1', bucket: 'photos' };
  expect(added).toMatchObject([{ found: [{ work, name: 'Text.txt', sizeBytes: 6 }], choice: 'keep-both' }]);
  expect(copied).toEqual([['album/Text.txt']]);
});
