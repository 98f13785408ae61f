import { beforeEach, expect, test } from 'vitest';
import { FolderContent } from '../../../../main/transfers/tasks/folder-content.ts';
import type { TransferState } from '../../../../main/transfers/tasks/transfer.ts';

interface Child {
  state: TransferState;
  doneBytes: number;
}

const none = { done: 0, skipped: 0, bytes: 0, unverified: 0 };
const asking: TransferState = { at: 'blocked', need: 'overwrite-choice' };
let content: FolderContent<Child>;

beforeEach(() => {
  content = new FolderContent();
});

function add(state: TransferState, doneBytes = 0): Child {
  const child = { state, doneBytes };
  content.add(child);
  return child;
}

function change(child: Child, state: TransferState): void {
  const before = child.state;
  child.state = state;
  content.changed(child, before);
}

test('of a folder nothing is known before something is found', () => {
  expect([content.sizeBytes, content.doneBytes]).toEqual([null, 0]);
  content.startCount(false);
  expect(content.sizeBytes).toBeNull();
  content.settle({ keys: ['k'], ...none, done: 1 });
  expect(content.sizeBytes).toBe(0);
});

test('what is done is never more than the whole, even before all is counted', () => {
  content.countFound(1, 10);
  expect(content.sizeBytes).toBe(10);
  content.settle({ keys: ['a'], ...none, done: 1, bytes: 7 });
  add({ at: 'running', attempt: 1 }, 8);
  expect([content.doneBytes, content.sizeBytes]).toEqual([15, 15]);
});

test('there are at least as many items as were settled and as run, and as many as were counted', () => {
  content.settle({ keys: ['a', 'b'], ...none, done: 1, skipped: 1 });
  add({ at: 'queued' });
  expect(content.counts()).toMatchObject({ total: 3, done: 1, skipped: 1 });
  content.countFound(9, 0);
  expect(content.counts().total).toBe(9);
});

test('a move counts what it has moved already, since that is no longer found', () => {
  content.settle({ keys: ['a', 'b', 'c'], ...none, done: 2, skipped: 1, bytes: 7 });
  content.startCount(true);
  content.countFound(1, 5);
  content.endCount();
  expect([content.counts().total, content.sizeBytes, content.counts().isCounted]).toEqual([4, 12, true]);
  content.startCount(false);
  content.countFound(4, 9);
  expect([content.counts().isCounted, content.counts().total, content.sizeBytes]).toEqual([false, 4, 9]);
});

test('each file counts in the state in which it is', () => {
  const [first, second] = [add({ at: 'queued' }), add({ at: 'queued' })];
  expect([...content.waiting]).toEqual([first, second]);
  change(first, { at: 'running', attempt: 1 });
  expect([content.isActive, content.isRunning, content.isBlocked]).toEqual([true, true, false]);
  change(first, { at: 'verifying' });
  expect([[...content.waiting], content.isRunning]).toEqual([[second], true]);
  change(first, asking);
  expect([content.isRunning, content.isBlocked, content.counts().asking]).toEqual([false, true, 1]);
  content.drop(second);
  expect([content.isActive, content.waiting.size]).toEqual([false, 0]);
  change(first, { at: 'queued' });
  expect([content.isBlocked, content.counts().asking, [...content.waiting]]).toEqual([false, 0, [first]]);
  content.drop(first);
  content.drop(first);
  expect([content.isActive, content.counts().total]).toEqual([false, 0]);
});

test.each<readonly [TransferState, boolean]>([
  [{ at: 'queued' }, true],
  [{ at: 'running', attempt: 1 }, true],
  [{ at: 'verifying' }, true],
  [{ at: 'waiting', attempt: 1, retryAt: 0, because: { kind: 'cancelled' } }, true],
  [{ at: 'paused' }, false],
  [asking, false],
  [{ at: 'failed', because: { kind: 'cancelled' } }, false],
])('a file that is %j goes on by itself: %j', (state, isActive) => {
  add(state);
  expect(content.isActive).toBe(isActive);
});

test('questions hold up others only when there are a hundred; what all need holds them up at once', () => {
  for (let count = 0; count < 99; count += 1) add(asking);
  expect(content.canStartMore).toBe(true);
  const last = add(asking);
  expect(content.canStartMore).toBe(false);
  content.drop(last);
  expect(content.canStartMore).toBe(true);
  add({ at: 'blocked', need: 'credentials' });
  expect(content.canStartMore).toBe(false);
});

test('one file that only its length vouches for speaks for the whole', () => {
  content.settle({ keys: ['a'], ...none, done: 1 });
  expect(content.verified).toBe('crc64');
  content.settle({ keys: ['b'], ...none, done: 1, unverified: 1 });
  expect(content.verified).toBe('length');
});

test('what was settled comes back from the journal: keys, names, states of files and sums', () => {
  const keys = Array.from({ length: 2500 }, (_, index) => `key ${index}`);
  const stamps = [['key 7', '9 1']] as const;
  const renamed = [['key 2001', 'key 2001 (2)']] as const;
  content.settle({ keys, stamps, renamed, done: 2400, skipped: 100, bytes: 77, unverified: 1 });
  const lines = [...content.lines('f', false)];
  expect(lines.map((line) => [line.id, line.keys.length])).toEqual([
    ['f', 0],
    ['f', 1000],
    ['f', 1000],
    ['f', 500],
  ]);
  const again = new FolderContent<Child>();
  for (const line of lines) again.settle(line);
  expect([...again.settled]).toEqual([...content.settled]);
  expect([again.settled.get('key 7'), again.settled.get('key 8')]).toEqual(['9 1', '']);
  expect([...again.renamed]).toEqual([['key 2001', 'key 2001 (2)']]);
  expect([again.counts(), again.doneBytes, again.verified]).toEqual([content.counts(), 77, 'length']);
});

test('of a folder that is over the sums are kept, not the keys', () => {
  content.settle({ keys: ['a'], ...none, done: 1, bytes: 5 });
  expect([...content.lines('f', true)]).toEqual([
    { type: 'settled', id: 'f', keys: [], done: 1, skipped: 0, bytes: 5, unverified: 0 },
  ]);
});
