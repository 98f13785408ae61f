import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import type { Transfer } from '../../../preload/contract.ts';
import { TransferList } from '../../../renderer/state/transfers.svelte.ts';
import { answering } from './answering.ts';

function makeTransfer(id: string, changes: Partial<Transfer> = {}): Transfer {
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
    state: { at: 'queued' },
    ...changes,
  };
}

const running = { state: { at: 'running', attempt: 1 } } as const;
const done = { state: { at: 'done', verified: 'crc64', versionId: null }, doneBytes: 1000 } as const;
const failed = { state: { at: 'failed', because: { kind: 'network', reason: 'reset' } } } as const;

function makeList(...transfers: readonly Transfer[]): TransferList {
  const list = new TransferList(answering({}));
  list.apply({ changed: transfers, removed: [] });
  return list;
}

describe('the transfer queue on the screen', () => {
  test('what needs a person stands first, then what runs, what waits, and what is finished, newest first', () => {
    const list = makeList(
      makeTransfer('first-done', done),
      makeTransfer('queued'),
      makeTransfer('failed', failed),
      makeTransfer('second-done', done),
      makeTransfer('running', running),
    );
    expect(list.ids).toEqual(['failed', 'running', 'queued', 'second-done', 'first-done']);
  });

  test('a transfer that moves on changes its place, one that only got further does not', () => {
    const list = makeList(makeTransfer('a'), makeTransfer('b', running));
    const before = list.ids;
    list.apply({ changed: [makeTransfer('b', { ...running, doneBytes: 500 })], removed: [] });
    expect(list.ids).toBe(before);
    list.apply({ changed: [makeTransfer('b', done), makeTransfer('a', running)], removed: [] });
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

  test('the IDs in a state are found for a command on all of them', () => {
    const list = makeList(makeTransfer('a'), makeTransfer('b', running), makeTransfer('c', failed));
    expect(list.idsIn('queued', 'running')).toEqual(['b', 'a']);
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

  test('the queue that main already has is loaded at start', async () => {
    const list = new TransferList(answering({ 'transfers.list': () => [makeTransfer('a', running)] }));
    await list.load();
    expect(list.ids).toEqual(['a']);
  });

  test('ten batches a second over 10,000 transfers cost a small part of that second', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => makeTransfer(`t${index}`));
    const list = makeList(...all);
    const before = performance.now();
    for (let batch = 0; batch < 10; batch += 1) {
      list.apply({
        changed: all.slice(batch * 100, batch * 100 + 100).map((transfer) => ({ ...transfer, ...running })),
        removed: [],
      });
    }
    expect(performance.now() - before).toBeLessThan(250);
    expect(list.active).toBe(1000);
  });
});
