import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import type { Transfer } from '../../../../../main/contract/contract.ts';
import { TransferList } from '../../../../../renderer/model/transfers/transfers.svelte.ts';
import { answering } from '../../answering.ts';

let made = 0;

function makeTransfer(id: string, changes: Partial<Transfer> = {}): Transfer {
  made += 1;
  return {
    id,
    direction: 'upload',
    through: 'account',
    accountId: 'a',
    bucket: 'photos',
    key: `album/${id}.jpg`,
    localPath: `/home/li/${id}.jpg`,
    name: `${id}.jpg`,
    sizeBytes: 1000,
    doneBytes: 0,
    bytesPerSecond: 0,
    createdAt: 1,
    priority: 'normal',
    rank: made,
    folderId: null,
    folder: null,
    state: { at: 'queued' },
    ...changes,
  };
}

const running = { state: { at: 'running', attempt: 1 } } as const;
const done = { state: { at: 'done', verified: 'crc64', versionId: null }, doneBytes: 1000 } as const;
const failed = { state: { at: 'failed', because: { kind: 'network', reason: 'reset' } } } as const;

const counts = { total: 9, isCounted: true, done: 1, skipped: 0, failed: 0, asking: 0 };

function makeList(...transfers: readonly Transfer[]): TransferList {
  const list = new TransferList(answering({}));
  list.apply({ changed: transfers, removed: [] });
  return list;
}

describe('the transfer queue on the screen', () => {
  test('what needs a person stands first, then what has or gets its turn, and what is finished, newest first', () => {
    const list = makeList(
      makeTransfer('first-done', done),
      makeTransfer('low', { priority: 'low' }),
      makeTransfer('running', running),
      makeTransfer('failed', failed),
      makeTransfer('second-done', done),
      makeTransfer('queued'),
      makeTransfer('high', { priority: 'high' }),
      makeTransfer('first', { rank: 0 }),
    );
    expect(list.ids).toEqual(['failed', 'high', 'first', 'running', 'queued', 'low', 'second-done', 'first-done']);
  });

  test('a transfer that main moves has its new place at once', () => {
    const list = makeList(
      makeTransfer('a', { rank: 1 }),
      makeTransfer('b', { rank: 2 }),
      makeTransfer('c', { rank: 3 }),
    );
    list.apply({ changed: [makeTransfer('c', { rank: 2 }), makeTransfer('b', { rank: 3 })], removed: [] });
    expect(list.ids).toEqual(['a', 'c', 'b']);
    list.apply({ changed: [makeTransfer('b', { rank: 3, priority: 'high' })], removed: [] });
    expect(list.ids).toEqual(['b', 'a', 'c']);
  });

  test('a transfer that moves on changes its place, one that only got further does not', () => {
    const list = makeList(makeTransfer('b', { ...running, rank: 1 }), makeTransfer('a', { rank: 2 }));
    const before = list.ids;
    list.apply({ changed: [makeTransfer('b', { ...running, rank: 1, doneBytes: 500 })], removed: [] });
    expect(list.ids).toBe(before);
    list.apply({ changed: [makeTransfer('b', done), makeTransfer('a', { ...running, rank: 2 })], removed: [] });
    expect(list.ids).toEqual(['a', 'b']);
  });

  test('totals are those of the list after any number of batches', () => {
    const list = makeList(makeTransfer('a'), makeTransfer('b'), makeTransfer('c'));
    list.apply({ changed: [makeTransfer('a', { ...running, doneBytes: 200, bytesPerSecond: 100 })], removed: [] });
    list.apply({ changed: [makeTransfer('a', { ...running, doneBytes: 500, bytesPerSecond: 250 })], removed: ['c'] });
    expect(list.totals).toMatchObject({ sizeBytes: 2000, doneBytes: 500, bytesPerSecond: 250 });
    expect([list.active, list.totals.counts.queued]).toEqual([1, 1]);
    expect(list.fraction).toBe(0.25);
    expect(list.secondsLeft).toBe(6);
  });

  test('bytes that will not arrive by themselves are not waited for', () => {
    const list = makeList(
      makeTransfer('a', { ...running, bytesPerSecond: 100 }),
      makeTransfer('b', { state: { at: 'cancelled' } }),
      makeTransfer('c', { state: { at: 'skipped' } }),
      makeTransfer('d', failed),
    );
    expect(list.secondsLeft).toBe(10);
    expect(list.attention).toBe(1);
    expect(list.finished).toBe(2);
  });

  test('what is done counts whole, though it went over no wire: it was there already', () => {
    const list = makeList(
      makeTransfer('was-there', { ...done, doneBytes: 0 }),
      makeTransfer('half', { ...running, doneBytes: 500 }),
    );
    expect(list.totals).toMatchObject({ sizeBytes: 2000, doneBytes: 1500 });
  });

  test('when nothing runs there is no speed and no time left', () => {
    const list = makeList(
      makeTransfer('a', { ...running, bytesPerSecond: 0.1 }),
      makeTransfer('b', { ...running, bytesPerSecond: 0.2 }),
    );
    list.apply({ changed: [makeTransfer('a', done), makeTransfer('b', done)], removed: [] });
    expect(list.totals.bytesPerSecond).toBe(0);
    expect(list.secondsLeft).toBeNull();
    expect(list.fraction).toBe(1);
  });

  test('a transfer of unknown size counts, but not in bytes', () => {
    const list = makeList(makeTransfer('a', { ...running, sizeBytes: null, doneBytes: 70 }));
    expect(list.active).toBe(1);
    expect(list.fraction).toBeNull();
  });

  test('a removal of something that is not there changes nothing', () => {
    const list = makeList(makeTransfer('a'));
    const before = list.ids;
    list.apply({ changed: [], removed: ['unknown'] });
    expect(list.ids).toBe(before);
  });

  test('only the row whose transfer changed is drawn again', () => {
    const list = makeList(makeTransfer('a', running), makeTransfer('b', running));
    const drawn: string[] = [];
    const stop = $effect.root(() => {
      for (const id of ['a', 'b']) {
        $effect(() => {
          drawn.push(`${id} ${String(list.get(id)?.doneBytes)}`);
        });
      }
    });
    flushSync();
    list.apply({ changed: [makeTransfer('b', { ...running, doneBytes: 10 })], removed: [] });
    flushSync();
    expect(drawn).toEqual(['a 0', 'b 0', 'b 10']);
    stop();
  });

  test('a folder that asks needs a person while the rest of it goes on', () => {
    const list = makeList(
      makeTransfer('a', running),
      makeTransfer('folder', { ...running, folder: { ...counts, asking: 2 } }),
    );
    expect(list.ids).toEqual(['folder', 'a']);
    expect(list.attention).toBe(1);
    list.apply({ changed: [makeTransfer('folder', { ...running, folder: counts })], removed: [] });
    expect(list.ids).toEqual(['a', 'folder']);
    expect(list.attention).toBe(0);
  });

  test('what is in a folder follows it while it is open, and counts in no total', async () => {
    const part = makeTransfer('part', { ...failed, folderId: 'folder' });
    const list = new TransferList(answering({ 'transfers.open': ({ ids }) => (ids.length > 0 ? [part] : []) }));
    list.apply({ changed: [makeTransfer('folder', { ...running, folder: counts }), makeTransfer('b')], removed: [] });
    await list.toggle('folder');
    expect(list.ids).toEqual(['folder', 'part', 'b']);
    expect(list.attention).toBe(0);
    list.apply({ changed: [makeTransfer('second', { folderId: 'folder' })], removed: ['part'] });
    expect(list.ids).toEqual(['folder', 'second', 'b']);
    await list.toggle('folder');
    list.apply({ changed: [makeTransfer('late', { folderId: 'folder' })], removed: [] });
    expect(list.ids).toEqual(['folder', 'b']);
  });

  test('a filter shows one kind of transfers and follows them', () => {
    const list = makeList(makeTransfer('a', running), makeTransfer('b', failed), makeTransfer('c', done));
    list.filter = 'attention';
    expect(list.ids).toEqual(['b']);
    list.filter = 'finished';
    expect(list.ids).toEqual(['c']);
    list.apply({ changed: [makeTransfer('a', done)], removed: [] });
    expect(list.ids).toEqual(['a', 'c']);
    list.filter = 'all';
    expect(list.ids).toEqual(['b', 'a', 'c']);
  });

  test('the queue that main already has is loaded at start', async () => {
    const list = new TransferList(answering({ 'transfers.list': () => [makeTransfer('a', running)] }));
    await list.load();
    expect(list.ids).toEqual(['a']);
  });

  test('batches over 10,000 transfers change those that they name', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => makeTransfer(`t${index}`));
    const list = makeList(...all);
    for (let batch = 0; batch < 10; batch += 1) {
      list.apply({
        changed: all.slice(batch * 100, batch * 100 + 100).map((transfer) => ({ ...transfer, ...running })),
        removed: [],
      });
    }
    expect(list.active).toBe(1000);
  });
});
