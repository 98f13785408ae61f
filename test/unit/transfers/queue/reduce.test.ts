import { beforeEach, expect, test } from 'vitest';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import { Task } from '../../../../main/transfers/tasks/task.ts';
import { add, busy, checkpoint, ended, failed, fileIn, finish, goOn, inputs } from './tasks.ts';
import { makeFolder, makeTask, refused, startedBy, stop, stopped } from './tasks.ts';

let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

/** Handles events, and returns the commands they led to, without the reports to the windows. */
function after(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs)).filter((command) => !command.do.startsWith('report'));
}

const namesOf = (done: readonly Command[]): readonly string[] => done.map((command) => command.do);

test('starts as many tasks as there are slots, in order, and writes each down before it runs', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((key) => makeTask(queue, key));
  after({ type: 'limits', slots: 2, connections: 4 });
  expect(namesOf(after(...tasks.map(add)))).toEqual(tasks.flatMap(() => ['write', 'fill']));
  expect(after({ type: 'fill' }).filter((command) => command.do === 'run')).toEqual([
    { do: 'run', task: tasks[0] },
    { do: 'run', task: tasks[1] },
  ]);
  expect(tasks.map(({ state }) => state.at)).toEqual(['running', 'running', 'queued', 'queued']);
});

test('a finished task frees its slot, is written down and told', () => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' });
  const done = after(ended(task, finish));
  expect(done).toContainEqual({ do: 'tell-stored', accountId: 'a', bucket: 'bucket', key: 'a' });
  expect(done).toContainEqual({ do: 'write', line: { type: 'state', id: 'a', state: { at: 'done', ...outcome } } });
  expect(namesOf(done)).toContain('tell-ended');
  expect(queue.running.size).toBe(0);
});
const outcome = { verified: 'crc64', versionId: null };

test('a task that fails for a moment waits with growing delays, and keeps no slot', () => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' });
  const delays: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const done = after(failed(task, busy));
    for (const command of done) if (command.do === 'wait') delays.push(command.afterMs);
    expect(task.state.at).toBe('waiting');
    after({ type: 'apply', task, event: { type: 'due' } }, { type: 'fill' });
  }
  expect(delays).toEqual([500, 1000, 2000]);
});

test('a route that is away is probed by one task, and all others go on when it gets through', () => {
  const tasks = ['a', 'b', 'c'].map((key) => makeTask(queue, key));
  after(...tasks.map(add), { type: 'fill' });
  for (const task of tasks) after(failed(task, refused));
  expect(namesOf(after({ type: 'fill' }))).not.toContain('run');
  const [first] = tasks;
  const probing = after({ type: 'probe-due', route: first?.route ?? '' }, { type: 'fill' });
  expect(probing.filter((command) => command.do === 'run')).toEqual([{ do: 'run', task: first }]);
  if (first !== undefined) after(ended(first, finish), { type: 'fill' });
  expect(tasks.map(({ state }) => state.at)).toEqual(['done', 'running', 'running']);
});

test('a paused task is told to stop, and can’t start again before it has', () => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' });
  expect(namesOf(after(stop(task, 'pause')))).toContain('abort');
  expect(namesOf(after(goOn(task, 'resume'), { type: 'fill' }))).not.toContain('run');
  expect(namesOf(after(stopped(task), { type: 'fill' }))).toContain('run');
});

test('a cancelled task leaves nothing: what its attempt began is removed once that has stopped', () => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' }, { type: 'attempt', task, report: { type: 'upload', checkpoint } });
  expect(namesOf(after(stop(task, 'cancel')))).not.toContain('clean-up');
  const leftovers = { upload: checkpoint, download: null };
  expect(after(stopped(task))).toContainEqual({
    do: 'clean-up',
    task,
    leftovers,
  });
});

test.each([
  ['paused', 'pause', 'kept'],
  ['cancelled', 'cancel', 'aborted'],
] as const)('an upload whose ID arrives after its task was %s is %s', (_, type, what) => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' }, { type: 'stop', task, event: { type } });
  after(stopped(task));
  const done = after({ type: 'attempt', task, report: { type: 'late-upload', checkpoint } });
  const kept = { do: 'write', line: { type: 'upload', id: 'a', checkpoint } };
  const aborted = { do: 'clean-up', task, leftovers: { upload: checkpoint, download: null } };
  expect(done).toEqual([what === 'kept' ? kept : aborted]);
  expect(task.checkpoints.upload).toBe(what === 'kept' ? checkpoint : null);
});

test('an upload whose ID arrives while another attempt runs is aborted', () => {
  const task = makeTask(queue, 'a');
  after(add(task), { type: 'fill' });
  expect(namesOf(after({ type: 'attempt', task, report: { type: 'late-upload', checkpoint } }))).toEqual(['clean-up']);
  expect(task.checkpoints.upload).toBeNull();
});

test('a folder is read a little ahead, runs its children, and is done when they are', () => {
  const folder = makeFolder(queue);
  after(add(folder));
  expect(namesOf(after({ type: 'fill' }))).toContain('read-folder');
  const items = ['x', 'y'].map((name) => fileIn(folder, name));
  const started = after({ type: 'folder-read', folder, items, isEnd: true }, { type: 'fill' });
  const children = startedBy(started);
  expect(children.map(({ record }) => record.work.key)).toEqual(['folder/x', 'folder/y']);
  expect(folder.state.at).toBe('running');
  for (const child of children) after(ended(child, finish));
  expect(folder.state).toEqual({ at: 'done', verified: 'crc64', versionId: null });
  expect(queue.tasks.size).toBe(1);
});

test('a child that can’t even start fails, and the folder with it, but not before the others are done', () => {
  const folder = makeFolder(queue);
  after(add(folder), { type: 'fill' });
  const failure = { kind: 'file', reason: 'denied', path: '/folder/x' } as const;
  const items = [{ ...fileIn(folder, 'x'), failure }, fileIn(folder, 'y')];
  const started = after({ type: 'folder-read', folder, items, isEnd: true }, { type: 'fill' });
  expect(folder.state.at).toBe('running');
  for (const child of startedBy(started)) after(ended(child, finish));
  expect(folder.state).toEqual({ at: 'failed', because: failure });
});

test('credentials are renewed once without progress, and then asked for', () => {
  const task = makeTask(queue, 'a');
  const because = { kind: 'credentials', cause: 'token-expired' } as const;
  after(add(task), { type: 'fill' });
  expect(after(failed(task, because))).toEqual([{ do: 'renew', task, accountId: 'a', because }]);
  after({ type: 'renewed', task, because, isRenewed: true });
  after({ type: 'apply', task, event: { type: 'due' } }, { type: 'fill' });
  after(failed(task, because));
  expect(task.state).toEqual({ at: 'blocked', need: 'credentials', because });
});

test('a link goes to the transfer that waits for it, found without looking at all others', () => {
  const work = { kind: 'link-upload', host: 'h', bucket: 'bucket', key: 'k', path: '/k' } as const;
  const task = new Task({ ...makeTask(queue, 'k').record, work }, null);
  after(add(task), { type: 'fill' }, ended(task, { type: 'block', need: 'fresh-link' }));
  expect([...queue.waitingForLink(work)]).toEqual([task]);
  after({ type: 'link', task, link: { url: 'https://h/k', params: [], headers: {} } });
  expect([task.state.at, ...queue.waitingForLink(work)]).toEqual(['queued']);
});
