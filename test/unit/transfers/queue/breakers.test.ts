import { beforeEach, expect, test } from 'vitest';
import { allowProbe, allows, probe, reset, trip } from '../../../../main/transfers/queue/breakers.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { Turn } from '../../../../main/transfers/queue/turn.ts';
import { Task } from '../../../../main/transfers/tasks/task.ts';

const because = { kind: 'network', reason: 'refused' } as const;
const nobody: ReadonlySet<string> = new Set();
let gone: Task[];
let queue: QueueState;

beforeEach(() => {
  gone = [];
  queue = new QueueState([], false);
});

/** One turn, in which whoever is resumed is queued again. */
function turn(work: (turn: Turn) => void): Turn {
  const made = new Turn(queue, { now: () => 0, monotonicNow: () => 0, random: () => 0.5, newId: () => 'id' });
  work(made);
  for (const event of made.takeRaised()) {
    if (event.type !== 'apply') continue;
    event.task.change({ state: { at: 'queued' } });
    gone.push(event.task);
  }
  return made;
}

function makeTask(bucket: string): Task {
  const place = { accountId: 'a', bucket, key: 'k', path: '/k' };
  const work = { kind: 'upload', what: 'file', ...place } as const;
  const order = { createdAt: 0, priority: 'normal', rank: 0, folder: null, choice: null } as const;
  return new Task({ id: crypto.randomUUID(), name: 'k', work, ...order }, null);
}

function fail(...tasks: readonly Task[]): void {
  for (const task of tasks) {
    task.change({ state: { at: 'waiting', attempt: 1, retryAt: 0, because } });
    turn((one) => trip(one, task));
  }
}

/** The delay of this route is over. */
function pass({ route }: Task): void {
  turn((one) => allowProbe(one, route));
}

test('after a network failure nothing begins on that route until it is time to try, and everything on others', () => {
  const [failed, next, elsewhere] = [makeTask('away'), makeTask('away'), makeTask('here')];
  expect(allows(queue, next, nobody)).toBe(true);
  fail(failed);
  expect(allows(queue, next, nobody)).toBe(false);
  expect(allows(queue, elsewhere, nobody)).toBe(true);
  pass(failed);
  expect(allows(queue, next, nobody)).toBe(true);
  expect(allows(queue, next, new Set([failed.route]))).toBe(false);
});

test('a copy whose source is away holds up no upload to its target, and a copy inside the bucket meets its outages', () => {
  const copyOf = (from: string): Task => {
    const source = { accountId: 'a', bucket: from, key: 'k', versionId: null };
    const target = { accountId: 'a', bucket: 'here', key: 'k' };
    const work = { kind: 'copy', ...target, source, move: false, copied: null } as const;
    return new Task({ ...makeTask('here').record, work }, null);
  };
  fail(copyOf('away'));
  expect(allows(queue, makeTask('here'), nobody)).toBe(true);
  expect(allows(queue, copyOf('away'), nobody)).toBe(false);
  fail(makeTask('here'));
  expect(allows(queue, copyOf('here'), nobody)).toBe(false);
});

test('the first that failed tries first, alone, and goes behind the others when it fails again', () => {
  const [first, second] = [makeTask('away'), makeTask('away')];
  fail(first, second);
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([]);
  pass(first);
  turn((one) => probe(one, new Set([first.route])));
  expect(gone).toEqual([]);
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([first]);
  fail(first);
  pass(first);
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([first, second]);
});

test('one that was tried by itself meanwhile, and failed, goes behind the others too', () => {
  const [first, second] = [makeTask('away'), makeTask('away')];
  fail(first, second);
  fail(first);
  pass(first);
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([second]);
});

test('transfers that fail together are one failed attempt, with one delay', () => {
  const tasks = [makeTask('away'), makeTask('away'), makeTask('away')];
  const waits = tasks.map((task) => turn((one) => trip(one, task)).commands.map((command) => command.do));
  expect(waits).toEqual([['wait'], [], []]);
  expect(queue.breakers.get(tasks[0]?.route ?? '')?.attempts).toBe(1);
});

test('one that was paused meanwhile does not try, and is not woken when the network is back', () => {
  const [paused, other] = [makeTask('away'), makeTask('away')];
  fail(paused, other);
  paused.change({ state: { at: 'paused' } });
  pass(paused);
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([other]);
  fail(other);
  turn((one) => reset(one, other.route));
  expect(gone).toEqual([other, other]);
});

test('once one gets through all go on at once', () => {
  const tasks = [makeTask('away'), makeTask('away'), makeTask('away')];
  const elsewhere = makeTask('far');
  fail(...tasks, elsewhere);
  turn((one) => reset(one, makeTask('away').route));
  expect(gone).toEqual(tasks);
  expect(allows(queue, makeTask('away'), nobody)).toBe(true);
  expect(allows(queue, makeTask('far'), nobody)).toBe(false);
});

test('whoever asks for it is not kept waiting', () => {
  const task = makeTask('away');
  fail(task);
  turn((one) => allowProbe(one, task.route));
  turn((one) => probe(one, nobody));
  expect(gone).toEqual([task]);
});

test('it says when the next try is due, later after each failure', () => {
  const task = makeTask('away');
  const delays: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { commands } = turn((one) => trip(one, task));
    for (const command of commands) if (command.do === 'wait') delays.push(command.afterMs);
    pass(task);
  }
  expect(delays).toEqual([500, 1000, 2000]);
});
