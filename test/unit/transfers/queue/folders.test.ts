import { beforeEach, describe, expect, test } from 'vitest';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import type { Task } from '../../../../main/transfers/tasks/task.ts';
import { add, askOverwrite, busy, ended, failed, fileIn, fill, finish, goOn, inputs, limits } from './tasks.ts';
import { linesOf, makeFolder, makeTask, read, refused, reported, startedBy, stop, stopped } from './tasks.ts';

const missing = { kind: 'file', reason: 'missing', path: '/folder/x' } as const;
let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

function send(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs));
}

const readsOf = (commands: readonly Command[]): number =>
  commands.filter(({ do: what }) => what === 'read-folder').length;
const countsOf = (folder: Task) => folder.toTransfer().folder;

/** A folder that runs these files, with slots for all of them. */
function runningFolder(...names: readonly string[]): { readonly folder: Task; readonly children: readonly Task[] } {
  const folder = makeFolder(queue);
  send(limits(names.length), add(folder), fill);
  const children = startedBy(send(read(folder, ...names.map((name) => fileIn(folder, name))), fill));
  return { folder, children };
}

function two(): { readonly folder: Task; readonly x: Task; readonly y: Task } {
  const { folder, children } = runningFolder('x', 'y');
  const [x, y] = children;
  if (x === undefined || y === undefined) throw new Error('the children do not run');
  return { folder, x, y };
}

describe('reading a folder', () => {
  test('is asked for once, and again when fewer than 32 of its items are left', () => {
    const folder = makeFolder(queue);
    send(limits(0), add(folder));
    expect(readsOf(send(limits(1), fill, fill))).toBe(1);
    const items = Array.from({ length: 33 }, (_, index) => fileIn(folder, String(index)));
    const page: QueueEvent = { type: 'folder-read', folder, items, isEnd: false };
    const begun = send(page, fill);
    expect(readsOf(begun)).toBe(0);
    const [first] = startedBy(begun);
    if (first !== undefined) expect(readsOf(send(ended(first, finish), fill))).toBe(1);
  });

  test('ends with its last page', () => {
    const { folder, x } = two();
    expect(readsOf(send(ended(x, finish), fill))).toBe(0);
    expect(folder.state.at).toBe('running');
  });

  test('that found nothing makes a folder done', () => {
    const folder = makeFolder(queue);
    send(add(folder), fill, read(folder));
    expect(folder.state).toEqual({ at: 'done', verified: 'crc64', versionId: null });
  });

  test('that is not over keeps a folder going that has nothing to do', () => {
    const { folder, x, y } = two();
    const third = makeFolder(queue);
    send(ended(x, finish), ended(y, finish));
    expect(folder.state.at).toBe('done');
    send(add(third), fill, { type: 'folder-read', folder: third, items: [], isEnd: false }, fill);
    expect(third.state.at).toBe('queued');
  });

  test('that is over too late adds nothing to a folder that was cancelled', () => {
    const folder = makeFolder(queue);
    send(add(folder), fill, stop(folder, 'cancel'));
    expect(send(read(folder, fileIn(folder, 'x')))).toEqual([]);
    expect(send({ type: 'folder-failed', folder, because: missing })).toEqual([]);
    expect(folder.state.at).toBe('cancelled');
  });

  test('that fails fails the folder, but what was found before is transferred first', () => {
    const { folder, x, y } = two();
    const other = makeFolder(queue);
    send(ended(x, finish), ended(y, finish), limits(1), add(other), fill);
    expect(folder.state.at).toBe('done');
    send({ type: 'folder-read', folder: other, items: [fileIn(other, 'z')], isEnd: false });
    const commands = send({ type: 'folder-failed', folder: other, because: missing });
    expect(commands.map((command) => command.do)).toEqual(['fill']);
    const [z] = startedBy(send(fill));
    expect(other.state.at).toBe('running');
    if (z !== undefined) send(ended(z, finish));
    expect(other.state).toEqual({ at: 'failed', because: missing });
    const again = send(goOn(other, 'retry'), fill);
    expect(readsOf(again)).toBe(1);
    send(read(other));
    expect(other.state.at).toBe('done');
  });

  test('whose network is away is tried again by itself', () => {
    const folder = makeFolder(queue);
    send(add(folder), fill, { type: 'folder-failed', folder, because: refused });
    expect(folder.state).toMatchObject({ at: 'waiting', because: refused });
    expect(readsOf(send({ type: 'probe-due', route: folder.route }, fill))).toBe(1);
  });
});

test('the counting pass tells how much there is, and when it knows all', () => {
  const folder = makeFolder(queue);
  send(add(folder));
  const told = { do: 'report', task: folder };
  const counted = (found: Extract<QueueEvent, { type: 'folder-counted' }>['found']): readonly Command[] =>
    send({ type: 'folder-counted', folder, found });
  expect(counted({ at: 'start', isEmptied: false })).toEqual([told]);
  expect(counted({ at: 'more', count: 1000, bytes: 5 })).toEqual([told]);
  expect(folder.toTransfer()).toMatchObject({ sizeBytes: 5, folder: { total: 1000, isCounted: false } });
  expect(counted({ at: 'end', count: 3, bytes: 4 })).toEqual([told]);
  expect(folder.toTransfer()).toMatchObject({ sizeBytes: 9, folder: { total: 1003, isCounted: true } });
  counted({ at: 'start', isEmptied: false });
  expect(folder.toTransfer()).toMatchObject({ sizeBytes: null, folder: { total: 0, isCounted: false } });
});

describe('a file of a folder', () => {
  test('takes over the answer, the priority and the place of its folder, and the state in which it was found', () => {
    const work = { kind: 'upload-folder', accountId: 'a', bucket: 'bucket', key: 'folder/', path: '/folder' } as const;
    const batch = { choice: null };
    const folder = makeTask(queue, 'folder/', { work, priority: 'high' }, batch);
    folder.change({ record: { ...folder.record, choice: 'skip', rank: 7 } });
    send(add(folder), fill);
    const [child] = startedBy(send(read(folder, { ...fileIn(folder, 'x'), sizeBytes: 9, stamp: '9 1' }), fill));
    expect(child?.record).toMatchObject({ choice: 'skip', priority: 'high', rank: 7, createdAt: 1_000, name: 'x' });
    expect(child?.record.folder).toEqual({ id: 'folder/', key: 'folder/x' });
    expect(child).toMatchObject({ sizeBytes: 9, stamp: '9 1', mayBeStored: false });
    expect(child?.batch).toBe(batch);
  });

  test('may be there already if its folder was cancelled, and is tried again', () => {
    const { folder, children } = runningFolder('x');
    send(stop(folder, 'cancel'), ...children.map(stopped), goOn(folder, 'retry'), fill);
    const [again] = startedBy(send(read(folder, fileIn(folder, 'x')), fill));
    expect(again?.mayBeStored).toBe(true);
  });

  test('is written down once there is something to say of it, and once only', () => {
    const { x, y } = two();
    const part = { partNumber: 1, etag: 'e', crc64: '7', sizeBytes: 1 };
    const types = (...events: readonly QueueEvent[]): readonly string[] =>
      linesOf(send(...events)).map(({ type }) => type);
    expect(types(reported(x, { type: 'part', part }), reported(x, { type: 'part', part }))).toEqual([
      'task',
      'part',
      'part',
    ]);
    expect(types(ended(y, finish))).toEqual(['settled']);
    expect(types(ended(x, finish))).toEqual(['settled', 'gone', 'state']);
  });

  test('that has another name than was asked for is written down', () => {
    const { x } = two();
    const lines = linesOf(send(reported(x, { type: 'renamed', to: { key: 'folder/x (2)' }, name: 'x (2)' })));
    expect(lines).toEqual([{ type: 'task', task: x.record, sizeBytes: x.sizeBytes }]);
    expect(linesOf(send(reported(x, { type: 'span', index: 0, crc64: '1' })))).toHaveLength(1);
  });

  test('that is over is a key and a count', () => {
    const { folder, x, y } = two();
    const [line] = linesOf(send(ended(x, finish)));
    const counts = { done: 1, skipped: 0, bytes: 100 * 1024 ** 2, unverified: 0 };
    expect(line).toEqual({ type: 'settled', id: folder.id, keys: ['folder/x'], ...counts });
    const [skipped] = linesOf(send(ended(y, { type: 'skip' })));
    expect(skipped).toMatchObject({ keys: ['folder/y'], done: 0, skipped: 1, bytes: 0, unverified: 0 });
    expect(countsOf(folder)).toMatchObject({ total: 2, done: 1, skipped: 1 });
    expect(queue.tasks.size).toBe(1);
  });

  test('that only its length vouches for makes its folder no better', () => {
    const { folder, x, y } = two();
    const [line] = linesOf(send(ended(x, { ...finish, verified: 'length' })));
    expect(line).toMatchObject({ unverified: 1 });
    send(ended(y, finish));
    expect(folder.state).toMatchObject({ at: 'done', verified: 'length' });
  });

  test.each([0, null])('that has no bytes (%j) needs nobody to vouch for it', (sizeBytes) => {
    const { folder, x, y } = two();
    x.change({ sizeBytes });
    send(ended(x, { ...finish, verified: 'length' }), ended(y, finish));
    expect(folder.state).toMatchObject({ at: 'done', verified: 'crc64' });
  });

  test.each([
    [true, '9 1', [['folder/x', '9 1']]],
    [true, '', undefined],
    [false, '9 1', undefined],
  ])('keeps the state of its file if that will be compared (%j, %j)', (keepsStamps, stamp, stamps) => {
    queue = new QueueState([], keepsStamps);
    const { x } = two();
    x.change({ stamp });
    const [line] = linesOf(send(ended(x, finish)));
    expect(line?.type === 'settled' ? line.stamps : null).toEqual(stamps);
  });

  test('that was cancelled alone counts as skipped; of a cancelled folder nothing is noted', () => {
    const { folder, x, y } = two();
    const lines = linesOf(send(stop(x, 'cancel'), stopped(x)));
    expect(lines).toMatchObject([{ type: 'settled', keys: ['folder/x'], done: 0, skipped: 1 }]);
    const late = linesOf(send(stop(folder, 'cancel'), stopped(y)));
    expect(late.map(({ type }) => type)).toEqual(['state']);
    expect(countsOf(folder)).toMatchObject({ done: 0, skipped: 1 });
    expect([...queue.tasks.keys()]).toEqual([folder.id]);
  });

  test('that still runs when it is cancelled stays until it has stopped', () => {
    const { folder, x } = two();
    send(stop(x, 'cancel'));
    expect(folder.content?.children.has(x)).toBe(true);
    send(stopped(x));
    expect(folder.content?.children.has(x)).toBe(false);
  });
});

describe('a folder', () => {
  test('waits when none of its files gets through, and runs on with the first that does', () => {
    const { folder, x, y } = two();
    send(failed(x, refused));
    expect(folder.state.at).toBe('running');
    send(failed(y, refused));
    expect(folder.state).toMatchObject({ at: 'waiting', because: refused });
    send({ type: 'apply', task: y, event: { type: 'due' } });
    expect(folder.state.at).toBe('queued');
  });

  test('does not wait with a file that OSS refused for a moment', () => {
    const { folder, x, y } = two();
    send(failed(x, busy), failed(y, busy));
    expect(folder.state.at).toBe('running');
  });

  test('asks when all that is left asks, and goes on with the first answer', () => {
    const { folder, x, y } = two();
    send(ended(x, askOverwrite));
    expect([folder.state.at, countsOf(folder)?.asking]).toEqual(['running', 1]);
    send(ended(y, askOverwrite));
    expect(folder.state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
    send({ type: 'choose', task: x, choice: 'replace', isForAll: false });
    expect(folder.state.at).toBe('queued');
    expect(startedBy(send(fill))).toEqual([x]);
  });

  test('is done when the last files that asked are skipped', () => {
    const { folder, x, y } = two();
    send(ended(x, askOverwrite), ended(y, askOverwrite));
    const lines = linesOf(send({ type: 'choose', task: x, choice: 'skip', isForAll: false }));
    expect([folder.state.at, lines.filter(({ type }) => type === 'state')]).toEqual(['blocked', []]);
    send({ type: 'choose', task: y, choice: 'skip', isForAll: false });
    expect(folder.state.at).toBe('done');
  });

  test('goes through its files one by one if there is one slot', () => {
    const folder = makeFolder(queue);
    send(limits(1), add(folder), fill, read(folder, ...['x', 'y', 'z'].map((name) => fileIn(folder, name))));
    const names: string[] = [];
    for (let [next] = startedBy(send(fill)); next !== undefined; [next] = startedBy(send(fill))) {
      names.push(next.record.name);
      expect(folder.state.at).toBe('running');
      send(ended(next, finish));
    }
    expect([names, folder.state.at]).toEqual([['x', 'y', 'z'], 'done']);
  });

  test('asks before it says what failed', () => {
    const { folder, x, y } = two();
    send(failed(x, missing), ended(y, askOverwrite));
    expect(folder.state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
  });

  test('that waits for the network goes on waiting when a file of it is paused', () => {
    const { folder, x, y } = two();
    send(failed(x, refused), failed(y, refused), stop(y, 'pause'));
    expect(folder.state.at).toBe('waiting');
  });

  test('whose last files were done before they heard that it was paused is done', () => {
    const { folder, x, y } = two();
    send(stop(folder, 'pause'), ended(x, finish));
    expect(folder.state.at).toBe('paused');
    send(ended(y, finish));
    expect(folder.state.at).toBe('done');
  });

  test('that was cancelled stays so, even if its files were done before they heard of it', () => {
    const { folder, x, y } = two();
    send(stop(folder, 'cancel'), ended(x, finish), ended(y, finish));
    expect(folder.state.at).toBe('cancelled');
  });

  test('answers for all that it holds, and for what it will hold', () => {
    const { folder, x, y } = two();
    send(ended(x, askOverwrite), { type: 'choose', task: folder, choice: 'replace', isForAll: false });
    expect([x.state.at, x.record.choice, y.record.choice, folder.record.choice]).toEqual([
      'queued',
      'replace',
      null,
      'replace',
    ]);
  });

  test('starts nothing more while a file waits for what all need', () => {
    const folder = makeFolder(queue);
    send(limits(1), add(folder), fill);
    const [x] = startedBy(send(read(folder, fileIn(folder, 'x'), fileIn(folder, 'y')), fill));
    if (x === undefined) throw new Error('nothing runs');
    const because = { kind: 'file', reason: 'full', path: '/folder' } as const;
    expect(startedBy(send(failed(x, because), fill))).toEqual([]);
    expect(folder.state).toEqual({ at: 'blocked', need: 'disk-space', because });
    expect(startedBy(send(goOn(folder, 'resume'), fill))).toEqual([x]);
  });

  test('asks about a hundred files at most before it goes on', () => {
    const names = Array.from({ length: 101 }, (_, index) => String(index));
    const folder = makeFolder(queue);
    send(limits(1), add(folder), fill, read(folder, ...names.map((name) => fileIn(folder, name))));
    let asked = 0;
    for (let next = startedBy(send(fill)); next.length > 0; next = startedBy(send(fill))) {
      for (const child of next) send(ended(child, askOverwrite));
      asked += 1;
    }
    expect([asked, folder.state.at]).toEqual([100, 'blocked']);
  });

  test('has failed when a file has, for its reason, and goes on when that is tried again', () => {
    const { folder, x, y } = two();
    send(failed(x, missing));
    expect(folder.state.at).toBe('running');
    send(ended(y, finish));
    expect(folder.state).toEqual({ at: 'failed', because: missing });
    send(goOn(x, 'retry'));
    expect(folder.state.at).toBe('queued');
    const [again] = startedBy(send(fill));
    expect(again).toBe(x);
    send(ended(x, finish));
    expect(folder.state.at).toBe('done');
  });

  test('is done when the file that failed is given up', () => {
    const { folder, x, y } = two();
    send(failed(x, missing), ended(y, finish), stop(x, 'cancel'));
    expect(folder.state.at).toBe('done');
    expect(countsOf(folder)).toMatchObject({ done: 1, skipped: 1, failed: 0 });
  });

  test('is paused when a file of it was, and nothing else is left', () => {
    const { folder, x, y } = two();
    send(stop(x, 'pause'), stopped(x), ended(y, finish));
    expect(folder.state.at).toBe('paused');
    send(goOn(folder, 'resume'), fill);
    expect([folder.state.at, x.state.at]).toEqual(['running', 'running']);
  });

  test('that was paused reads on where it was; one that failed begins again', () => {
    const { folder, x, y } = two();
    const reading = (commands: readonly Command[]): readonly string[] =>
      commands.flatMap((command) => (command.do === 'stop-reading' ? [`for good: ${command.isForGood}`] : []));
    expect(reading(send(stop(folder, 'pause'), stopped(x), stopped(y), goOn(folder, 'resume'), fill))).toEqual([]);
    send(failed(x, missing), ended(y, finish));
    expect(reading(send(goOn(folder, 'retry')))).toEqual(['for good: false']);
    expect(reading(send(stop(folder, 'cancel')))).toEqual(['for good: true']);
  });

  test('has no end while a file of it runs', () => {
    const { folder, x, y } = two();
    send(ended(x, finish));
    expect(folder.state.at).toBe('running');
    const commands = send(ended(y, finish));
    expect(commands).toContainEqual({ do: 'report', task: folder });
    expect(folder.state.at).toBe('done');
  });
});

test('a file that is tried again by itself keeps its task', () => {
  const { x, y } = two();
  send(failed(x, missing), failed(y, missing), goOn(x, 'retry'));
  expect([x.state.at, y.state.at, queue.has(x)]).toEqual(['queued', 'failed', true]);
});
