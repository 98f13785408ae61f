import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitBreakers } from '../../../../main/transfers/queue/circuit-breakers.ts';
import { PROBE_RETRY } from '../../../../main/transfers/retry-policy.ts';
import { Task } from '../../../../main/transfers/tasks/task.ts';

const because = { kind: 'network', reason: 'refused' } as const;
const nobody: ReadonlySet<string> = new Set();
let gone: Task[];
let breakers: CircuitBreakers;

beforeEach(() => {
  vi.useFakeTimers();
  gone = [];
  breakers = new CircuitBreakers({
    resume: (task) => {
      task.state = { at: 'queued' };
      gone.push(task);
    },
    onChange: () => undefined,
  });
});
afterEach(() => {
  breakers.close();
  vi.useRealTimers();
});

function makeTask(bucket: string): Task {
  const place = { accountId: 'a', bucket, key: 'k', path: '/k' };
  const work = { kind: 'upload', what: 'file', ...place } as const;
  const order = { createdAt: 0, priority: 'normal', rank: 0, folder: null, choice: null } as const;
  return new Task({ id: crypto.randomUUID(), name: 'k', work, ...order }, null);
}

function fail(...tasks: readonly Task[]): void {
  for (const task of tasks) {
    task.state = { at: 'waiting', attempt: 1, retryAt: 0, because };
    breakers.trip(task);
  }
}

function pass(): void {
  vi.advanceTimersByTime(PROBE_RETRY.maxDelayMs);
}

test('after a network failure nothing begins on that route until it is time to try, and everything on others', () => {
  const [failed, next, elsewhere] = [makeTask('away'), makeTask('away'), makeTask('here')];
  expect(breakers.allows(next, nobody)).toBe(true);
  fail(failed);
  expect(breakers.allows(next, nobody)).toBe(false);
  expect(breakers.allows(elsewhere, nobody)).toBe(true);
  pass();
  expect(breakers.allows(next, nobody)).toBe(true);
  expect(breakers.allows(next, new Set([failed.route]))).toBe(false);
});

test('a copy whose source is away holds up no upload to its target, and a copy inside the bucket meets its outages', () => {
  const copyOf = (from: string): Task => {
    const source = { accountId: 'a', bucket: from, key: 'k', versionId: null };
    const target = { accountId: 'a', bucket: 'here', key: 'k' };
    const work = { kind: 'copy', ...target, source, move: false, copied: null } as const;
    return new Task({ ...makeTask('here').record, work }, null);
  };
  fail(copyOf('away'));
  expect(breakers.allows(makeTask('here'), nobody)).toBe(true);
  expect(breakers.allows(copyOf('away'), nobody)).toBe(false);
  fail(makeTask('here'));
  expect(breakers.allows(copyOf('here'), nobody)).toBe(false);
});

test('the first that failed tries first, alone, and goes behind the others when it fails again', () => {
  const [first, second] = [makeTask('away'), makeTask('away')];
  fail(first, second);
  breakers.probe(nobody);
  expect(gone).toEqual([]);
  pass();
  breakers.probe(new Set([first.route]));
  expect(gone).toEqual([]);
  breakers.probe(nobody);
  expect(gone).toEqual([first]);
  fail(first);
  pass();
  breakers.probe(nobody);
  expect(gone).toEqual([first, second]);
});

test('one that was paused meanwhile does not try, and is not woken when the network is back', () => {
  const [paused, other] = [makeTask('away'), makeTask('away')];
  fail(paused, other);
  paused.state = { at: 'paused' };
  pass();
  breakers.probe(nobody);
  expect(gone).toEqual([other]);
  fail(other);
  breakers.reset(other);
  expect(gone).toEqual([other, other]);
});

test('once one gets through all go on at once', () => {
  const tasks = [makeTask('away'), makeTask('away'), makeTask('away')];
  const elsewhere = makeTask('far');
  fail(...tasks, elsewhere);
  breakers.reset(makeTask('away'));
  expect(gone).toEqual(tasks);
  expect(breakers.allows(makeTask('away'), nobody)).toBe(true);
  expect(breakers.allows(makeTask('far'), nobody)).toBe(false);
});

test('whoever asks for it is not kept waiting', () => {
  const task = makeTask('away');
  fail(task);
  breakers.allowProbe(task);
  breakers.probe(nobody);
  expect(gone).toEqual([task]);
});
