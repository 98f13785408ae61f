import { expect, test } from 'vitest';
import type { Failure } from '../../../../main/failure.ts';
import { hasEnded, next, type TransferEvent } from '../../../../main/transfers/tasks/state.ts';
import type { TransferState } from '../../../../main/transfers/tasks/transfer.ts';

const because: Failure = { kind: 'network', reason: 'reset' };

const states = {
  queued: { at: 'queued' },
  running: { at: 'running', attempt: 1 },
  verifying: { at: 'verifying' },
  waiting: { at: 'waiting', attempt: 1, retryAt: 5, because },
  'blocked for credentials': { at: 'blocked', need: 'credentials' },
  'blocked for a choice': { at: 'blocked', need: 'overwrite-choice' },
  paused: { at: 'paused' },
  done: { at: 'done', verified: 'crc64', versionId: 'v1' },
  skipped: { at: 'skipped' },
  failed: { at: 'failed', because },
  cancelled: { at: 'cancelled' },
} satisfies Record<string, TransferState>;

const events = {
  start: { type: 'start', attempt: 2 },
  verify: { type: 'verify' },
  finish: { type: 'finish', verified: 'length', versionId: null },
  break: { type: 'break', attempt: 2, retryAt: 9, because },
  due: { type: 'due' },
  block: { type: 'block', need: 'disk-space' },
  unblock: { type: 'unblock' },
  skip: { type: 'skip' },
  'give-up': { type: 'give-up', because },
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  cancel: { type: 'cancel' },
  retry: { type: 'retry' },
} satisfies { [T in TransferEvent['type']]: Extract<TransferEvent, { type: T }> };

type Outcomes = Partial<Record<keyof typeof events, TransferState>>;

const done: TransferState = { at: 'done', verified: 'length', versionId: null };
const atWork: Outcomes = {
  finish: done,
  break: { at: 'waiting', attempt: 2, retryAt: 9, because },
  block: { at: 'blocked', need: 'disk-space' },
  skip: states.skipped,
  'give-up': states.failed,
  pause: states.paused,
  cancel: states.cancelled,
};

/** Whatever is not named here leaves the state as it is. */
const expected: Record<keyof typeof states, Outcomes> = {
  queued: {
    start: { at: 'running', attempt: 2 },
    finish: done,
    break: { at: 'waiting', attempt: 2, retryAt: 9, because },
    block: { at: 'blocked', need: 'disk-space' },
    'give-up': states.failed,
    pause: states.paused,
    cancel: states.cancelled,
  },
  running: { ...atWork, verify: states.verifying },
  verifying: atWork,
  waiting: { due: states.queued, retry: states.queued, pause: states.paused, cancel: states.cancelled },
  'blocked for credentials': {
    unblock: states.queued,
    resume: states.queued,
    retry: states.queued,
    cancel: states.cancelled,
  },
  'blocked for a choice': { unblock: states.queued, skip: states.skipped, cancel: states.cancelled },
  paused: { finish: done, resume: states.queued, retry: states.queued, cancel: states.cancelled },
  done: {},
  skipped: {},
  failed: { retry: states.queued, cancel: states.cancelled },
  cancelled: { finish: done, retry: states.queued },
};

const pairs = (Object.keys(states) as (keyof typeof states)[]).flatMap((from) =>
  (Object.keys(events) as (keyof typeof events)[]).map((event) => [from, event] as const),
);

test.each(pairs)('%s after %s', (from, event) => {
  const state = states[from];
  const outcome = expected[from][event];
  if (outcome === undefined) expect(next(state, events[event])).toBe(state);
  else expect(next(state, events[event])).toEqual(outcome);
});

test('exactly done, skipped, failed and cancelled have ended', () => {
  expect(
    Object.values(states)
      .filter(hasEnded)
      .map(({ at }) => at),
  ).toEqual(['done', 'skipped', 'failed', 'cancelled']);
});
