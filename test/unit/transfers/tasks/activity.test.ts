import { expect, test } from 'vitest';
import { ActivityWatch } from '../../../../main/transfers/tasks/activity.ts';
import type { Transfer, TransferState } from '../../../../main/transfers/tasks/transfer.ts';

const running: TransferState = { at: 'running', attempt: 1 };
const done: TransferState = { at: 'done', verified: 'crc64', versionId: null };

function makeTransfer(id: string, state: TransferState, [doneBytes, sizeBytes]: readonly [number, number | null]) {
  const where = { through: 'account', accountId: null, bucket: 'b', key: id, localPath: null, name: id } as const;
  const rest = { bytesPerSecond: 0, createdAt: 0, priority: 'normal', rank: 0, folderId: null, folder: null } as const;
  return { id, direction: 'upload', ...where, ...rest, sizeBytes, doneBytes, state } satisfies Transfer;
}

function makeWatch() {
  let now = 0;
  const watch = new ActivityWatch(() => now);
  return {
    at: (ms: number, ...changed: Transfer[]) => {
      now = ms;
      return watch.apply({ changed, removed: [] });
    },
    remove: (id: string) => watch.apply({ changed: [], removed: [id] }),
  };
}

test('progress is that of all bytes together', () => {
  const { at } = makeWatch();
  at(0, makeTransfer('a', running, [50, 100]));
  expect(at(1, makeTransfer('b', running, [0, 100])).progress).toBe(0.25);
});

test('without a size there is no progress to show, but something moves', () => {
  expect(makeWatch().at(0, makeTransfer('a', running, [0, null]))).toMatchObject({ busy: true, progress: null });
});

test('what waits for a person keeps nothing awake', () => {
  const { at } = makeWatch();
  expect(at(0, makeTransfer('a', { at: 'paused' }, [1, 2])).busy).toBe(false);
  expect(at(1, makeTransfer('a', { at: 'blocked', need: 'credentials' }, [1, 2])).busy).toBe(false);
});

test('the end of a long run is news, with what failed', () => {
  const { at } = makeWatch();
  at(0, makeTransfer('a', running, [0, 9]), makeTransfer('b', running, [0, 9]));
  expect(at(20_000, makeTransfer('a', done, [9, 9])).finished).toBeNull();
  const failed: TransferState = { at: 'failed', because: { kind: 'cancelled' } };
  expect(at(31_000, makeTransfer('b', failed, [3, 9])).finished).toEqual({ done: 1, failed: 1 });
});

test('the end of a short run is not, nor is what had ended before', () => {
  const { at } = makeWatch();
  expect(at(0, makeTransfer('old', done, [9, 9])).finished).toBeNull();
  at(1, makeTransfer('a', running, [0, 9]));
  expect(at(2000, makeTransfer('a', done, [9, 9])).finished).toBeNull();
});

test('half a minute is long, and each run counts for itself', () => {
  const { at } = makeWatch();
  const run = (id: string, start: number, end: number) => {
    at(start, makeTransfer(id, running, [0, 9]));
    return at(end, makeTransfer(id, done, [9, 9])).finished;
  };
  expect(run('a', 0, 29_999)).toBeNull();
  expect(run('b', 40_000, 70_000)).toEqual({ done: 1, failed: 0 });
  expect(run('c', 80_000, 120_000)).toEqual({ done: 1, failed: 0 });
});

test('what is done although it was paused was no long run', () => {
  const { at } = makeWatch();
  at(40_000, makeTransfer('a', { at: 'paused' }, [1, 9]));
  expect(at(80_000, makeTransfer('a', done, [9, 9])).finished).toBeNull();
});

test('what is skipped or cancelled is no news', () => {
  const { at } = makeWatch();
  at(0, makeTransfer('a', running, [0, 9]), makeTransfer('b', running, [0, 9]));
  at(1, makeTransfer('a', { at: 'skipped' }, [0, 9]));
  expect(at(90_000, makeTransfer('b', { at: 'cancelled' }, [0, 9])).finished).toBeNull();
});

test('nothing has progressed while nothing runs, and what has no size counts as far as it came', () => {
  const { at } = makeWatch();
  expect(at(0, makeTransfer('a', { at: 'paused' }, [1, 2])).progress).toBeNull();
  expect(at(1, makeTransfer('b', running, [3, null])).progress).toBe(4 / 5);
  expect(at(2, makeTransfer('b', running, [9, 3])).progress).toBe(1);
});

test('what is inside a folder does not count beside it', () => {
  const { at } = makeWatch();
  const child = { ...makeTransfer('child', running, [1, 2]), folderId: 'folder' };
  expect(at(0, child)).toMatchObject({ busy: false, moving: 0, progress: null, finished: null });
});

test('a transfer that was removed no longer counts', () => {
  const { at, remove } = makeWatch();
  at(0, makeTransfer('a', running, [1, 2]));
  expect(remove('a').busy).toBe(false);
});

test('what moves, what is paused and what waits for a person are counted, and their speeds added up', () => {
  const { at } = makeWatch();
  const fast = { ...makeTransfer('a', running, [1, 9]), bytesPerSecond: 300 };
  const slow = { ...makeTransfer('b', running, [1, 9]), bytesPerSecond: 20 };
  const blocked: TransferState = { at: 'blocked', need: 'overwrite-choice' };
  at(0, fast, slow, makeTransfer('c', { at: 'paused' }, [1, 9]), makeTransfer('d', blocked, [1, 9]));
  const { moving, paused, blocked: asking, bytesPerSecond } = at(1, makeTransfer('e', { at: 'queued' }, [0, 9]));
  expect({ moving, paused, asking, bytesPerSecond }).toEqual({ moving: 3, paused: 1, asking: 1, bytesPerSecond: 320 });
});
