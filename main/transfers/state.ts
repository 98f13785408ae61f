import type { Failure } from '../failure.ts';
import type { TransferState } from './transfer.ts';

/** What happens to a transfer. Times are Unix milliseconds, brought from outside. */
export type TransferEvent =
  /** It has its turn. */
  | { readonly type: 'start'; readonly attempt: number }
  /** All bytes are there, and are being compared. */
  | { readonly type: 'verify' }
  | { readonly type: 'finish'; readonly verified: 'crc64' | 'length'; readonly versionId: string | null }
  /** It broke for a reason that passes. */
  | { readonly type: 'break'; readonly attempt: number; readonly retryAt: number; readonly because: Failure }
  /** The wait is over. */
  | { readonly type: 'due' }
  /** It cannot go on until somebody gives what is missing. */
  | { readonly type: 'block'; readonly need: Extract<TransferState, { at: 'blocked' }>['need'] }
  /** What was missing is there. */
  | { readonly type: 'unblock' }
  | { readonly type: 'skip' }
  | { readonly type: 'give-up'; readonly because: Failure }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' };

type Steps = {
  readonly [A in TransferState['at']]: (
    state: Extract<TransferState, { at: A }>,
    event: TransferEvent,
  ) => TransferState;
};

const queued: TransferState = { at: 'queued' };
const paused: TransferState = { at: 'paused' };
const cancelled: TransferState = { at: 'cancelled' };

const steps = {
  queued: (state, event) => {
    switch (event.type) {
      case 'start':
        return { at: 'running', attempt: event.attempt };
      case 'pause':
        return paused;
      case 'cancel':
        return cancelled;
      case 'block':
        return { at: 'blocked', need: event.need };
      case 'give-up':
        return { at: 'failed', because: event.because };
      default:
        return state;
    }
  },
  running: (state, event) => (event.type === 'verify' ? { at: 'verifying' } : atWork(state, event)),
  verifying: (state, event) => atWork(state, event),
  waiting: (state, event) => {
    switch (event.type) {
      case 'due':
      case 'retry':
        return queued;
      case 'pause':
        return paused;
      case 'cancel':
        return cancelled;
      default:
        return state;
    }
  },
  blocked: (state, event) => {
    switch (event.type) {
      case 'unblock':
        return queued;
      case 'resume':
      case 'retry':
        // Only an answer settles what to do with an object or file that exists.
        return state.need === 'overwrite-choice' ? state : queued;
      case 'skip':
        return state.need === 'overwrite-choice' ? { at: 'skipped' } : state;
      case 'cancel':
        return cancelled;
      default:
        return state;
    }
  },
  paused: (state, event) => {
    switch (event.type) {
      case 'resume':
      case 'retry':
        return queued;
      case 'cancel':
        return cancelled;
      default:
        return state;
    }
  },
  failed: (state, event) => ended(state, event),
  cancelled: (state, event) => (event.type === 'retry' ? queued : state),
  done: (state) => state,
  skipped: (state) => state,
} satisfies Steps;

function atWork(state: TransferState, event: TransferEvent): TransferState {
  switch (event.type) {
    case 'finish':
      return { at: 'done', verified: event.verified, versionId: event.versionId };
    case 'break':
      return { at: 'waiting', attempt: event.attempt, retryAt: event.retryAt, because: event.because };
    case 'block':
      return { at: 'blocked', need: event.need };
    case 'skip':
      return { at: 'skipped' };
    case 'give-up':
      return { at: 'failed', because: event.because };
    case 'pause':
      return paused;
    case 'cancel':
      return cancelled;
    default:
      return state;
  }
}

function ended(state: TransferState, event: TransferEvent): TransferState {
  switch (event.type) {
    case 'retry':
      return queued;
    case 'cancel':
      return cancelled;
    default:
      return state;
  }
}

/** The state after an event; the same object where the event means nothing (a late one, of work that was stopped). */
export function next(state: TransferState, event: TransferEvent): TransferState {
  // TypeScript cannot see that the step found by `state.at` takes that state.
  const step = steps[state.at] as (state: TransferState, event: TransferEvent) => TransferState;
  return step(state, event);
}

/** Whether nothing more will happen by itself, so that the transfer may be cleared away. */
export function hasEnded(state: TransferState): boolean {
  return ['done', 'skipped', 'failed', 'cancelled'].includes(state.at);
}
