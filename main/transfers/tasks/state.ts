import type { Failure } from '../../failure.ts';
import type { TransferState, Verified } from './transfer.ts';

type Blocked = Extract<TransferState, { at: 'blocked' }>;

/** An event in the life of a transfer. Times are Unix milliseconds, supplied by the caller. */
export type TransferEvent =
  /** A slot is free; start. */
  | { readonly type: 'start'; readonly attempt: number }
  /** All bytes have arrived and are being compared. */
  | { readonly type: 'verify' }
  | {
      readonly type: 'finish';
      readonly verified: Verified;
      readonly versionId: string | null;
      readonly callback?: Failure;
    }
  /** The attempt failed transiently. */
  | { readonly type: 'break'; readonly attempt: number; readonly retryAt: number; readonly because: Failure }
  /** The delay is over. */
  | { readonly type: 'due' }
  /** The transfer can't continue until a person provides what is missing. */
  | { readonly type: 'block'; readonly need: Blocked['need']; readonly because?: Failure }
  /** What was missing has been provided. */
  | { readonly type: 'unblock' }
  | { readonly type: 'skip' }
  | { readonly type: 'give-up'; readonly because: Failure }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' };

/** The transitions out of a state. Events without an entry are ignored. */
type Reactions<S extends TransferState> = {
  readonly [T in TransferEvent['type']]?: (event: Extract<TransferEvent, { type: T }>, state: S) => TransferState;
};

type Steps = { readonly [A in TransferState['at']]: Reactions<Extract<TransferState, { at: A }>> };

const queued = (): TransferState => ({ at: 'queued' });
const paused = (): TransferState => ({ at: 'paused' });
const cancelled = (): TransferState => ({ at: 'cancelled' });

/** Work may finish before it sees the abort signal; accept its result. */
const acceptLateResult = {
  finish: ({ verified, versionId, callback }) => ({
    ...{ at: 'done', verified, versionId },
    ...(callback === undefined ? {} : { callback }),
  }),
} satisfies Reactions<TransferState>;

const active = {
  ...acceptLateResult,
  break: ({ attempt, retryAt, because }) => ({ at: 'waiting', attempt, retryAt, because }),
  block: ({ need, because }) => ({ at: 'blocked', need, ...(because !== undefined && { because }) }),
  'give-up': ({ because }) => ({ at: 'failed', because }),
  skip: () => ({ at: 'skipped' }),
  pause: paused,
  cancel: cancelled,
} satisfies Reactions<TransferState>;

/** Only an answer resolves an overwrite question; resuming or retrying would just ask again. */
const unlessAsked = (_: TransferEvent, state: Blocked): TransferState =>
  state.need === 'overwrite-choice' ? state : queued();

const steps = {
  queued: {
    ...acceptLateResult,
    start: ({ attempt }) => ({ at: 'running', attempt }),
    'give-up': active['give-up'],
    break: active.break,
    block: active.block,
    pause: paused,
    cancel: cancelled,
  },
  running: { ...active, verify: () => ({ at: 'verifying' }) },
  verifying: active,
  waiting: { due: queued, retry: queued, pause: paused, cancel: cancelled },
  blocked: {
    unblock: queued,
    resume: unlessAsked,
    retry: unlessAsked,
    skip: (_, state) => (state.need === 'overwrite-choice' ? { at: 'skipped' } : state),
    cancel: cancelled,
  },
  paused: { ...acceptLateResult, resume: queued, retry: queued, cancel: cancelled },
  failed: { retry: queued, cancel: cancelled },
  cancelled: { ...acceptLateResult, retry: queued },
  done: {},
  skipped: {},
} satisfies Steps;

/**
 * Returns the state after an event. Returns the same object if the event doesn't apply, such as a late one from stopped
 * work.
 */
export function next(state: TransferState, event: TransferEvent): TransferState {
  // TypeScript can't correlate the reaction looked up by both names with the types of this event and state.
  const reactions = steps[state.at] as Partial<
    Record<TransferEvent['type'], (event: TransferEvent, state: TransferState) => TransferState>
  >;
  return reactions[event.type]?.(event, state) ?? state;
}

/** Returns whether the transfer has ended for now, so that it can be cleared. */
export function hasEnded(state: TransferState): boolean {
  return ['done', 'skipped', 'failed', 'cancelled'].includes(state.at);
}
