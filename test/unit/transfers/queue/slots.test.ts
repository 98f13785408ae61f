import { beforeEach, expect, test } from 'vitest';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import { Task } from '../../../../main/transfers/tasks/task.ts';
import { add, busy, ended, failed, fileIn, fill, finish, inputs, limits, makeFolder, makeTask, read } from './tasks.ts';
import { refused, reported, startedBy, stop, stopped } from './tasks.ts';

let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

function send(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs));
}

/** IDs of the tasks that start. */
const started = (...events: readonly QueueEvent[]): readonly string[] => startedBy(send(...events)).map(({ id }) => id);

function makeSmall(id: string): Task {
  const task = makeTask(queue, id);
  task.change({ sizeBytes: 1 });
  return task;
}

/** A task of its own bucket, whose network may be away while others get through. */
function makeFar(id: string): Task {
  const work = { kind: 'upload', what: 'file', accountId: 'a', bucket: 'far', key: id, path: `/${id}` } as const;
  return makeTask(queue, id, { work });
}

test('as many small files as a large one has connections share one slot', () => {
  const names = ['s1', 's2', 's3', 's4', 's5'];
  expect(started(limits(1), ...names.map(makeSmall).map(add), fill)).toEqual(['s1', 's2', 's3', 's4']);
});

test('beside a large file, small ones share the slots that are left', () => {
  const names = ['s1', 's2', 's3', 's4'];
  const large = makeTask(queue, 'large');
  expect(started(limits(2, 3), add(large), ...names.map(makeSmall).map(add), fill)).toEqual([
    'large',
    's1',
    's2',
    's3',
  ]);
  expect(started(ended(large, finish), fill)).toEqual(['s4']);
});

test('a file that runs is not among those that wait for a slot', () => {
  send(add(makeTask(queue, 'a')), add(makeTask(queue, 'b')), limits(1), fill);
  expect([...queue.ready].map(({ id }) => id)).toEqual(['b']);
});

test('a slot that became free is taken by the next, and by no other', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((id) => makeTask(queue, id));
  send(limits(2), ...tasks.map(add), fill);
  const [first] = tasks;
  if (first !== undefined) expect(started(ended(first, finish), fill)).toEqual(['c']);
});

test('a folder takes the slots that are free, and no more', () => {
  const folder = makeFolder(queue);
  send(limits(3), add(makeTask(queue, 'first')), add(folder), fill);
  const items = ['v', 'w', 'x', 'y', 'z'].map((name) => fileIn(folder, name));
  const children = startedBy(send(read(folder, ...items), fill));
  expect(children.map(({ record }) => record.name)).toEqual(['v', 'w']);
  expect(folder.state).toEqual({ at: 'running', attempt: 1 });
});

test('what is tried again counts its attempts, and its progress from the start', () => {
  const task = makeTask(queue, 'a');
  send(add(task), fill, reported(task, { type: 'bytes', count: 5 }));
  expect([task.state, task.doneBytes]).toEqual([{ at: 'running', attempt: 1 }, 5]);
  send(failed(task, busy), { type: 'apply', task, event: { type: 'due' } }, fill);
  expect([task.state, task.doneBytes]).toEqual([{ at: 'running', attempt: 2 }, 0]);
});

test('while every slot is taken, nothing goes to find out whether a network is back', () => {
  const [near, far] = [makeTask(queue, 'near'), makeFar('far')];
  send(limits(2), add(far), add(near), fill, failed(far, refused));
  send(limits(1), { type: 'probe-due', route: far.route }, fill);
  expect(far.state.at).toBe('waiting');
  expect(started(ended(near, finish), fill)).toEqual(['far']);
});

test('while one is under way on a route that is away, no other tries it', () => {
  const [under, other] = [makeFar('under'), makeFar('other')];
  send(limits(5), add(under), add(other), fill, failed(other, refused));
  expect(started({ type: 'probe-due', route: other.route }, fill)).toEqual([]);
  expect(started(stop(under, 'pause'), stopped(under), fill)).toEqual(['other']);
});

test('of those that wait for a slot, one alone tries a route that was away', () => {
  const tasks = ['a', 'b', 'c'].map(makeFar);
  const near = makeTask(queue, 'near');
  send(limits(1), ...tasks.map(add), add(near), fill);
  const [first] = tasks;
  if (first === undefined) throw new Error('no task');
  send(failed(first, refused), stop(first, 'pause'), { type: 'probe-due', route: first.route });
  expect(started(limits(9), fill)).toEqual(['b', 'near']);
});

test('in a closed queue nothing that waits is woken', () => {
  const task = makeFar('a');
  send(limits(5), add(task), fill, failed(task, refused), { type: 'probe-due', route: task.route });
  expect(started({ type: 'close' }, fill)).toEqual([]);
  expect(task.state.at).toBe('waiting');
});

test('a folder of an earlier run of which one file waits for credentials waits with it, and starts no other', () => {
  const folder = makeFolder(queue);
  const { work, name } = fileIn(folder, 'x');
  const place = { folder: { id: folder.id, key: work.key }, createdAt: 0, priority: 'normal', rank: 0 } as const;
  const child = new Task({ id: 'x', work, name, choice: null, ...place }, folder);
  const because = { kind: 'credentials', cause: 'missing' } as const;
  child.change({ state: { at: 'blocked', need: 'credentials', because } });
  folder.content?.add(child);
  queue = new QueueState([folder, child], false);
  expect(started({ type: 'restore', task: folder }, { type: 'restore', task: child }, fill)).toEqual([]);
  expect(folder.state).toEqual({ at: 'blocked', need: 'credentials', because });
});
