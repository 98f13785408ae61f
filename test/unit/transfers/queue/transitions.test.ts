import { beforeEach, describe, expect, test } from 'vitest';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import type { TransferEvent } from '../../../../main/transfers/tasks/state.ts';
import type { Task } from '../../../../main/transfers/tasks/task.ts';
import { add, askOverwrite, busy, checkpoint, ended, failed, fileIn, fill, finish, goOn, inputs } from './tasks.ts';
import {
  limits,
  linesOf,
  makeFolder,
  makeTask,
  partFile,
  read,
  refused,
  reported,
  startedBy,
  stop,
  stopped,
} from './tasks.ts';

const linkWork = { kind: 'link-upload', host: 'h', bucket: 'bucket', key: 'k', path: '/k' } as const;
let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

function send(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs));
}

const applied = (task: Task, event: TransferEvent): QueueEvent => ({ type: 'apply', task, event });
const namesOf = (commands: readonly Command[]): readonly string[] => commands.map((command) => command.do);

function added(id: string): Task {
  const task = makeTask(queue, id);
  send(add(task));
  return task;
}

/** A folder that runs some files. */
function runningFolder(...names: readonly string[]): { readonly folder: Task; readonly children: readonly Task[] } {
  const folder = makeFolder(queue);
  send(limits(names.length), add(folder), fill);
  const children = startedBy(send(read(folder, ...names.map((name) => fileIn(folder, name))), fill));
  return { folder, children };
}

test('an event that means nothing to a transfer changes nothing, and nothing is written or told', () => {
  const task = added('a');
  send(stop(task, 'pause'));
  expect(send(applied(task, { type: 'due' }))).toEqual([]);
});

describe('what is written down of a state', () => {
  const statesOf = (task: Task, ...events: readonly QueueEvent[]): readonly unknown[] =>
    linesOf(send(...events)).flatMap((line) => (line.type === 'state' && line.id === task.id ? [line.state.at] : []));

  test('not what goes on by itself: it begins anew after a restart', () => {
    const task = added('a');
    expect(statesOf(task, fill, applied(task, { type: 'verify' }), failed(task, busy))).toEqual([]);
    expect(statesOf(task, applied(task, { type: 'due' }))).toEqual(['queued']);
  });

  test('of a file in a folder what it waits for, or why it failed; what is over its folder knows', () => {
    const { children } = runningFolder('w', 'x', 'y', 'z');
    const because = { kind: 'file', reason: 'missing', path: '/folder/x' } as const;
    const events = [askOverwrite, { type: 'give-up', because }, finish, { type: 'skip' }] as const;
    const states = children.map((child, index) => {
      const event = events[index];
      return event === undefined ? [] : statesOf(child, ended(child, event));
    });
    expect(states).toEqual([['blocked'], ['failed'], [], []]);
  });
});

test('it is told when a transfer has ended, and only then', () => {
  const tellsOf = (commands: readonly Command[]): readonly string[] =>
    commands.flatMap((command) => (command.do === 'tell-ended' ? [command.transfer.state.at] : []));
  const task = added('a');
  expect(tellsOf(send(fill, ended(task, askOverwrite)))).toEqual([]);
  expect(tellsOf(send({ type: 'choose', task, choice: 'skip', isForAll: false }))).toEqual(['skipped']);
});

test('what waits and is stopped is not woken later', () => {
  const task = added('a');
  send(fill, failed(task, busy));
  expect(send(stop(task, 'pause'))).toContainEqual({ do: 'stop-waiting', timer: 'a' });
  expect(namesOf(send(goOn(task, 'resume')))).not.toContain('stop-waiting');
});

test('a wait that is over already takes no time', () => {
  const task = added('a');
  send(fill);
  const commands = send(applied(task, { type: 'break', attempt: 1, retryAt: 400, because: busy }));
  const due = applied(task, { type: 'due' });
  expect(commands).toContainEqual({ do: 'wait', timer: 'a', afterMs: 0, then: due });
});

test('once an answer was lost, or an attempt stopped, its object may be there', () => {
  const [broken, paused, whole] = [added('broken'), added('paused'), added('whole')];
  send(limits(3), fill, failed(broken, busy), stop(paused, 'pause'), ended(whole, finish));
  expect([broken, paused, whole].map(({ mayBeStored }) => mayBeStored)).toEqual([true, true, false]);
});

test('what was paused before it began is not aborted, and nothing of it can be stored', () => {
  const task = added('a');
  expect(namesOf(send(stop(task, 'pause')))).not.toContain('abort');
  expect(task.mayBeStored).toBe(false);
});

test('a transfer moves past those that are not over', () => {
  const [first, second, third] = [added('first'), added('second'), added('third')];
  send(limits(1), fill, ended(first, finish), stop(second, 'pause'));
  expect(linesOf(send({ type: 'swap', task: third, step: -1 }))).toHaveLength(2);
  expect(third.record.rank).toBeLessThan(second.record.rank);
  expect(send({ type: 'swap', task: third, step: -1 })).toEqual([]);
});

test('what is tried again after it had ended has its place in the order again', () => {
  const [first, second] = [added('first'), added('second')];
  const because = { kind: 'file', reason: 'missing', path: '/first' } as const;
  send(limits(1), fill, failed(first, because), goOn(first, 'retry'));
  expect(linesOf(send({ type: 'swap', task: second, step: -1 }))).toHaveLength(2);
});

test('both windows and journal learn of two that swap, and the slots are filled in the new order', () => {
  const [first, second] = [added('first'), added('second')];
  const commands = send({ type: 'swap', task: second, step: -1 });
  for (const task of [first, second]) {
    expect(commands).toContainEqual({ do: 'report', task });
    expect(linesOf(commands)).toContainEqual({ type: 'task', task: task.record, sizeBytes: null });
  }
  expect(namesOf(commands)).toContain('fill');
  expect(startedBy(send(limits(1), fill))).toEqual([second]);
});

test('another priority changes who starts first', () => {
  const [first, second] = [added('first'), added('second')];
  send({ type: 'rank', changes: new Map([[second, { priority: 'high' }]]) });
  expect(startedBy(send(limits(1), fill))).toEqual([second]);
  send({ type: 'rank', changes: new Map([[first, { priority: 'low' }]]) });
  expect(startedBy(send(limits(5), fill))).toEqual([first]);
});

test('the place of a transfer that is over does not come back with another priority', () => {
  const task = added('a');
  send(fill, ended(task, finish), { type: 'rank', changes: new Map([[task, { priority: 'high' }]]) });
  expect(startedBy(send(fill))).toEqual([]);
});

test('whoever resumes starts counting attempts anew, and tries a route that is away at once', () => {
  const task = added('a');
  send(fill);
  for (const because of [busy, busy, refused]) send(failed(task, because), applied(task, { type: 'due' }), fill);
  send(failed(task, refused), stop(task, 'pause'));
  expect(startedBy(send(goOn(task, 'resume'), fill))).toEqual([task]);
  expect(task.state).toEqual({ at: 'running', attempt: 1 });
});

describe('what a cancelled transfer leaves', () => {
  test('is removed at once if nothing runs, and the journal forgets it', () => {
    const task = added('a');
    send(
      fill,
      reported(task, { type: 'upload', checkpoint }),
      reported(task, { type: 'download', checkpoint: partFile }),
    );
    send(stop(task, 'pause'), stopped(task));
    const commands = send(stop(task, 'cancel'));
    const leftovers = { upload: checkpoint, download: partFile };
    expect(commands).toContainEqual({ do: 'clean-up', task, leftovers });
    expect(linesOf(commands)).toEqual([
      { type: 'state', id: 'a', state: { at: 'cancelled' } },
      { type: 'upload', id: 'a', checkpoint: null },
      { type: 'download', id: 'a', checkpoint: null },
    ]);
    expect(task.checkpoints).toEqual({ upload: null, download: null });
  });

  test.each([
    ['upload', { upload: checkpoint, download: null }],
    ['download', { upload: null, download: partFile }],
  ] as const)('is only what it had: %s', (type, leftovers) => {
    const task = added('a');
    task.change({ checkpoints: leftovers });
    const commands = send(stop(task, 'cancel'));
    expect(commands).toContainEqual({ do: 'clean-up', task, leftovers });
    expect(linesOf(commands).slice(1)).toEqual([{ type, id: 'a', checkpoint: null }]);
  });

  test('is nothing if nothing was begun', () => {
    expect(namesOf(send(stop(added('a'), 'cancel')))).not.toContain('clean-up');
  });
});

describe('a transfer that is removed', () => {
  test('does not start, moves past nobody, and is gone from journal and windows', () => {
    const [task, other] = [added('a'), added('b')];
    const commands = send({ type: 'remove', task });
    expect(commands).toEqual([
      { do: 'write', line: { type: 'gone', id: 'a' } },
      { do: 'report-gone', task },
    ]);
    expect(send({ type: 'swap', task: other, step: -1 })).toEqual([]);
    expect(startedBy(send(fill))).toEqual([other]);
  });

  test('takes with it what it has left behind', () => {
    const task = added('a');
    task.change({ checkpoints: { upload: checkpoint, download: null } });
    expect(namesOf(send({ type: 'remove', task }))).toContain('clean-up');
  });

  test('waits for no link any more', () => {
    const task = makeTask(queue, 'a', { work: linkWork });
    send(add(task), fill, ended(task, { type: 'block', need: 'fresh-link' }), { type: 'remove', task });
    expect([...queue.waitingForLink(linkWork)]).toEqual([]);
  });

  test('does not come back by what its attempt reports, or by a wish that came too late', () => {
    const task = added('a');
    send(stop(task, 'cancel'), { type: 'clear', task });
    expect(namesOf(send(goOn(task, 'retry')))).not.toContain('report');
    expect(send(fill)).toEqual([]);
    expect(send({ type: 'remove', task })).toEqual([]);
  });

  test('takes all that a folder holds with it', () => {
    const { folder, children } = runningFolder('x', 'y');
    for (const child of children) send(ended(child, askOverwrite));
    const commands = send({ type: 'remove', task: folder });
    expect(linesOf(commands)).toEqual([...children, folder].map(({ id }) => ({ type: 'gone', id })));
    expect([queue.tasks.size, folder.content?.children.size]).toEqual([0, 0]);
    expect(commands).toContainEqual({ do: 'stop-reading', folder, isForGood: true });
  });
});

test('a link of an earlier run still waits for a fresh one', () => {
  const [waiting, paused] = [makeTask(queue, 'a', { work: linkWork }), makeTask(queue, 'b', { work: linkWork })];
  waiting.change({ state: { at: 'blocked', need: 'fresh-link' } });
  paused.change({ state: { at: 'paused' } });
  send({ type: 'restore', task: waiting }, { type: 'restore', task: paused });
  expect([...queue.waitingForLink(linkWork)]).toEqual([waiting]);
  expect(namesOf(send({ type: 'restore', task: waiting }))).toEqual(['fill']);
});

test('two that wait for a link to the same object are both known, until each has one', () => {
  const tasks = ['a', 'b'].map((id) => makeTask(queue, id, { work: linkWork }));
  for (const task of tasks) send(add(task), fill, ended(task, { type: 'block', need: 'fresh-link' }));
  expect([...queue.waitingForLink(linkWork)]).toEqual(tasks);
  const [first, second] = tasks;
  if (first !== undefined) send({ type: 'link', task: first, link: { url: 'https://h/k', params: [], headers: {} } });
  expect([...queue.waitingForLink(linkWork)]).toEqual([second]);
});

test('what is added is told at once', () => {
  const task = makeTask(queue, 'a');
  expect(send(add(task))).toContainEqual({ do: 'report', task });
});

test('only a link to the same object, of the same kind, is waited for', () => {
  const task = makeTask(queue, 'a', { work: linkWork });
  send(add(task), fill, ended(task, { type: 'block', need: 'fresh-link' }));
  expect([...queue.waitingForLink({ ...linkWork, key: 'other' })]).toEqual([]);
  expect([...queue.waitingForLink({ ...linkWork, bucket: null })]).toEqual([]);
  expect([...queue.waitingForLink({ ...linkWork, kind: 'link-download', versionId: null })]).toEqual([]);
  send(stop(task, 'cancel'));
  expect([...queue.waitingForLink(linkWork)]).toEqual([]);
});

test('a task that can’t even start is told with its reason', () => {
  const task = makeTask(queue, 'a');
  const failure = { kind: 'file', reason: 'denied', path: '/a' } as const;
  send({ type: 'add', task, failure });
  expect(task.state).toEqual({ at: 'failed', because: failure });
  expect(startedBy(send(fill))).toEqual([]);
});
