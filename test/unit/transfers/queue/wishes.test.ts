import { beforeEach, expect, test } from 'vitest';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import type { FolderWork } from '../../../../main/transfers/queue/planned-transfer.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import type { Task } from '../../../../main/transfers/tasks/task.ts';
import { add, askOverwrite, checkpoint, ended, failed, fileIn, fill, finish, goOn, inputs } from './tasks.ts';
import { limits, makeFolder, makeTask, read, refused, startedBy, stop, stopped } from './tasks.ts';

const denied = { kind: 'file', reason: 'denied', path: '/folder/x' } as const;
let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

function send(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs));
}

const started = (commands: readonly Command[]): readonly string[] =>
  startedBy(commands).map(({ record }) => record.work.key);

const files = (folder: Task, ...names: readonly string[]): QueueEvent =>
  read(folder, ...names.map((name) => fileIn(folder, name)));

test('a higher priority goes first, then what was added first', () => {
  const tasks = [
    makeTask(queue, 'c', { priority: 'low' }),
    makeTask(queue, 'b'),
    makeTask(queue, 'a', { priority: 'high' }),
    makeTask(queue, 'd'),
  ];
  expect(started(send(limits(10), ...tasks.map(add), fill))).toEqual(['a', 'b', 'd', 'c']);
});

test('a task moves up past its neighbour, but not past one of another priority', () => {
  const [high, first, second] = [
    makeTask(queue, 'high', { priority: 'high' }),
    makeTask(queue, 'first'),
    makeTask(queue, 'second'),
  ];
  send(limits(0), add(high), add(first), add(second));
  send({ type: 'swap', task: second, step: -1 });
  send({ type: 'swap', task: second, step: -1 });
  expect(started(send(limits(10), fill))).toEqual(['high', 'second', 'first']);
});

test('what is moved to the top starts first, and its new place is written down', () => {
  const [first, second] = [makeTask(queue, 'first'), makeTask(queue, 'second')];
  send(limits(0), add(first), add(second));
  const changes = new Map([[second, { rank: queue.newRank('top') }]]);
  const lines = send({ type: 'rank', changes }).flatMap((command) => (command.do === 'write' ? [command.line] : []));
  expect(lines).toEqual([{ type: 'task', task: second.record, sizeBytes: null }]);
  expect(started(send(limits(10), fill))).toEqual(['second', 'first']);
});

test('a task is cleared once its attempt has ended, unless it is to be tried again', () => {
  const [gone, again] = [makeTask(queue, 'gone'), makeTask(queue, 'again')];
  send(limits(10), add(gone), add(again), fill);
  for (const task of [gone, again]) {
    send(stop(task, 'cancel'), { type: 'clear', task });
  }
  expect(queue.tasks.size).toBe(2);
  send(goOn(again, 'retry'));
  for (const task of [gone, again]) send(stopped(task));
  expect([...queue.tasks.keys()]).toEqual(['again']);
  expect(started(send(fill))).toEqual(['again']);
});

test('one file of a folder probes a route that is away, and its folder runs with it', () => {
  const folder = makeFolder(queue);
  send(limits(10), add(folder), fill);
  const children = startedBy(send(files(folder, 'x', 'y', 'z'), fill));
  for (const child of children) send(failed(child, refused));
  expect(folder.state.at).toBe('waiting');
  const probing = send({ type: 'probe-due', route: folder.route }, fill);
  expect(started(probing)).toEqual(['folder/x']);
  expect(folder.state.at).toBe('running');
  expect(children.map(({ state }) => state.at)).toEqual(['running', 'waiting', 'waiting']);
  const [first] = children;
  if (first !== undefined) expect(started(send(ended(first, finish), fill))).toEqual(['folder/y', 'folder/z']);
});

test('an answer for all goes to those that ask, and to those that find out later that they have to', () => {
  const batch = { choice: null };
  const [asking, finding] = [makeTask(queue, 'asking', {}, batch), makeTask(queue, 'finding', {}, batch)];
  const asks = (task: Task): QueueEvent => ended(task, askOverwrite);
  send(limits(10), add(asking), add(finding), fill, asks(asking));
  send({ type: 'choose', task: asking, choice: 'skip', isForAll: true });
  send(asks(finding));
  expect([asking.state.at, finding.state.at]).toEqual(['skipped', 'skipped']);
});

test('an answer for all goes to those added together, and to no others', () => {
  const batch = { choice: null };
  const together = ['a', 'b'].map((key) => makeTask(queue, key, {}, batch));
  const apart = makeTask(queue, 'c');
  const [first, second] = together;
  send(limits(10), ...[...together, apart].map(add), fill);
  for (const task of [...together, apart]) send(ended(task, askOverwrite));
  if (first !== undefined) send({ type: 'choose', task: first, choice: 'keep-both', isForAll: true });
  expect([first?.state.at, second?.state.at, apart.state.at]).toEqual(['queued', 'queued', 'blocked']);
  expect(second?.record.choice).toBe('keep-both');
});

test('renewed credentials help nobody who waits for something else', () => {
  const task = makeTask(queue, 'a');
  send(add(task), fill, ended(task, { type: 'block', need: 'disk-space' }), { type: 'credentials', accountId: 'a' });
  expect(task.state).toEqual({ at: 'blocked', need: 'disk-space' });
});

test('an answer for one leaves the others asking', () => {
  const tasks = [makeTask(queue, 'a'), makeTask(queue, 'b')];
  send(limits(10), ...tasks.map(add), fill);
  for (const task of tasks) send(ended(task, askOverwrite));
  const [first] = tasks;
  if (first !== undefined) send({ type: 'choose', task: first, choice: 'replace', isForAll: false });
  expect(tasks.map(({ state, record }) => [state.at, record.choice])).toEqual([
    ['queued', 'replace'],
    ['blocked', null],
  ]);
});

test('renewed credentials let go on who waits for those of this account, and nobody else', () => {
  const tasks = [makeTask(queue, 'a'), makeTask(queue, 'b')];
  send(limits(10), ...tasks.map(add), fill);
  const because = { kind: 'credentials', cause: 'missing' } as const;
  for (const task of tasks) send(failed(task, because));
  send({ type: 'credentials', accountId: 'other' });
  expect(tasks.map(({ state }) => state.at)).toEqual(['blocked', 'blocked']);
  send({ type: 'credentials', accountId: 'a' });
  expect(tasks.map(({ state }) => state.at)).toEqual(['queued', 'queued']);
});

test('an unreadable part of a folder is tried again by reading the folder', () => {
  const folder = makeFolder(queue);
  send(limits(10), add(folder), fill);
  const { accountId, bucket, key, path } = folder.record.work as FolderWork;
  const work = { kind: 'upload', what: 'unread', accountId, bucket, key: `${key}x`, path: `${path}x` } as const;
  const items = [{ work, name: 'x', sizeBytes: null, failure: denied }];
  send({ type: 'folder-read', folder, items, isEnd: true }, fill);
  expect(folder.state).toEqual({ at: 'failed', because: denied });
  const commands = send(goOn(folder, 'retry'), fill);
  expect(folder.content?.children.size).toBe(0);
  expect(commands).toContainEqual({ do: 'read-folder', folder });
});

test('a paused folder pauses its files, and they go on with it', () => {
  const folder = makeFolder(queue);
  send(limits(10), add(folder), fill);
  const children = startedBy(send(files(folder, 'x', 'y'), fill));
  const paused = send(stop(folder, 'pause'));
  expect(paused.filter((command) => command.do === 'abort').length).toBe(2);
  for (const task of children) send(stopped(task));
  expect([folder, ...children].map(({ state }) => state.at)).toEqual(['paused', 'paused', 'paused']);
  expect(started(send(goOn(folder, 'resume'), fill))).toEqual(['folder/x', 'folder/y']);
});

test('a file that was damaged three times has failed', () => {
  const task = makeTask(queue, 'a');
  const because = { kind: 'integrity', expected: '1', actual: '2' } as const;
  send(limits(1), add(task));
  const states: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    send(fill, failed(task, because));
    states.push(task.state.at);
    send({ type: 'apply', task, event: { type: 'due' } });
  }
  expect(states).toEqual(['waiting', 'waiting', 'failed']);
});

test('a queue that is closed starts nothing, and aborts an upload that it learns of too late', () => {
  const task = makeTask(queue, 'a');
  send(limits(1), add(task), fill, { type: 'close' });
  expect(started(send(stopped(task), fill))).toEqual([]);
  expect(send({ type: 'attempt', task, report: { type: 'late-upload', checkpoint } })).toEqual([
    { do: 'clean-up', task, leftovers: { upload: checkpoint, download: null } },
  ]);
});

test('bytes are counted for the task and its folder, and a step further resets what was tried', () => {
  const folder = makeFolder(queue);
  send(limits(10), add(folder), fill);
  const [child] = startedBy(send(files(folder, 'x'), fill));
  if (child === undefined) throw new Error('nothing started');
  send(failed(child, refused));
  expect(child.attempts).toBe(1);
  send({ type: 'probe-due', route: child.route }, fill);
  send({ type: 'attempt', task: child, report: { type: 'bytes', count: 10 } });
  expect([child.doneBytes, child.attempts, folder.toTransfer().doneBytes]).toEqual([10, 0, 10]);
});
