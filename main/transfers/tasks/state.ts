import type { Failure } from '../../failure.ts';
import type { TransferState } from './transfer.ts';

type Blocked = Extract<TransferState, { at: 'blocked' }>;

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
  | { readonly type: 'block'; readonly need: Blocked['need']; readonly because?: Failure }
  /** What was missing is there. */
  | { readonly type: 'unblock' }
  | { readonly type: 'skip' }
  | { readonly type: 'give-up'; readonly because: Failure }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' };

/** What each event makes of a state; an event that is not named means nothing to it. */
type Reactions<S extends TransferState> = {
  readonly [T in TransferEvent['type']]?: (event: Extract<TransferEvent, { type: T }>, state: S) => TransferState;
};

type Steps = { readonly [A in TransferState['at']]: Reactions<Extract<TransferState, { at: A }>> };

const queued = (): TransferState => ({ at: 'queued' });
const paused = (): TransferState => ({ at: 'paused' });
const cancelled = (): TransferState => ({ at: 'cancelled' });

/** Work that was told to stop may have come to its end before it heard of it: what is done is done. */
const late = {
  finish: ({ verified, versionId }) => ({ at: 'done', verified, versionId }),
} satisfies Reactions<TransferState>;

const atWork = {
  ...late,
  break: ({ attempt, retryAt, because }) => ({ at: 'waiting', attempt, retryAt, because }),
  block: ({ need, because }) => ({ at: 'blocked', need, ...(because !== undefined && { because }) }),
  'give-up': ({ because }) => ({ at: 'failed', because }),
  skip: () => ({ at: 'skipped' }),
  pause: paused,
  cancel: cancelled,
} satisfies Reactions<TransferState>;

/** Only an answer settles what to do with an object or file that exists. */
const unlessAsked = (_: TransferEvent, state: Blocked): TransferState =>
  state.need === 'overwrite-choice' ? state : queued();

const steps = {
  queued: {
    ...late,
    start: ({ attempt }) => ({ at: 'running', attempt }),
    'give-up': atWork['give-up'],
    break: atWork.break,
    block: atWork.block,
    pause: paused,
    cancel: cancelled,
  },
  running: { ...atWork, verify: () => ({ at: 'verifying' }) },
  verifying: atWork,
  waiting: { due: queued, retry: queued, pause: paused, cancel: cancelled },
  blocked: {
    unblock: queued,
    resume: unlessAsked,
    retry: unlessAsked,
    skip: (_, state) => (state.need === 'overwrite-choice' ? { at: 'skipped' } : state),
    cancel: cancelled,
  },
  paused: { ...late, resume: queued, retry: queued, cancel: cancelled },
  failed: { retry: queued, cancel: cancelled },
  cancelled: { ...late, retry: queued },
  done: {},
  skipped: {},
} satisfies Steps;

/** The state after an event; the same object where the event means nothing (a late one, of work that was stopped). */
export function next(state: TransferState, event: TransferEvent): TransferState {
  // TypeScript cannot see that the reaction found by both names takes this event and this state.
  const reactions = steps[state.at] as Partial<
    Record<TransferEvent['type'], (event: TransferEvent, state: TransferState) => TransferState>
  >;
  return reactions[event.type]?.(event, state) ?? state;
}

/** Whether nothing more will happen by itself, so that the transfer may be cleared away. */
export function hasEnded(state: TransferState): boolean {
  return ['done', 'skipped', 'failed', 'cancelled'].includes(state.at);
}
