import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, toFailure, WaybillError } from '../failure.ts';

/** What to do about a failure. */
export type Verdict =
  | { readonly act: 'again' }
  /** Ask for new credentials once, then again. */
  | { readonly act: 'refresh' }
  | { readonly act: 'block'; readonly need: 'credentials' | 'fresh-link' | 'disk-space' }
  | { readonly act: 'give-up' };

const again: Verdict = { act: 'again' };
const giveUp: Verdict = { act: 'give-up' };

const block = (need: 'credentials' | 'fresh-link' | 'disk-space'): Verdict => ({ act: 'block', need });

const verdicts: { readonly [K in Failure['kind']]: (failure: Extract<Failure, { kind: K }>) => Verdict } = {
  // A certificate that is not trusted now will not be trusted in a minute, nor a wrong password be right.
  network: ({ reason }) => (reason === 'tls' || reason === 'proxy-password' ? giveUp : again),
  oss: (failure) => (passes(failure) ? again : giveUp),
  integrity: () => again,
  credentials: ({ reason }) => judgeCredentials(reason),
  keychain: () => block('credentials'),
  link: ({ reason }) => (reason === 'expired' ? block('fresh-link') : giveUp),
  file: ({ reason }) => (reason === 'full' ? block('disk-space') : giveUp),
  input: () => giveUp,
  cancelled: () => giveUp,
  bug: () => giveUp,
};

/** Whether a failure passes by itself, needs somebody, or is final. */
export function judge(failure: Failure): Verdict {
  // TypeScript cannot see that the verdict found by the kind takes this failure.
  return (verdicts[failure.kind] as (failure: Failure) => Verdict)(failure);
}

function passes({ status, code }: Extract<Failure, { kind: 'oss' }>): boolean {
  return status >= 500 || status === 429 || status === 408 || code === 'RequestTimeout' || code === 'MalformedReply';
}

function judgeCredentials(reason: Extract<Failure, { kind: 'credentials' }>['reason']): Verdict {
  switch (reason) {
    case 'expired-token':
    case 'invalid-key':
      return { act: 'refresh' };
    case 'wrong-secret':
    case 'role-refused':
    case 'missing':
      return block('credentials');
    case 'denied':
    case 'clock-skew':
      return giveUp;
    default:
      return reason satisfies never;
  }
}

/** How often one request is tried, and how the waits between grow. Times in milliseconds. */
export interface Patience {
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

/** For one request inside a transfer: short, because a slot is held meanwhile. */
export const REQUEST_PATIENCE: Patience = { attempts: 5, firstMs: 250, longestMs: 5_000 };

/** For a transfer as a whole, which gives its slot to another while it waits. */
export const TRANSFER_PATIENCE: Patience = { attempts: 12, firstMs: 1_000, longestMs: 60_000 };

/** For the one transfer that finds out whether the network is back: all others wait for it. */
export const PROBE_PATIENCE: Patience = { attempts: Infinity, firstMs: 1_000, longestMs: 15_000 };

/**
 * The wait before the attempt after `attempt` (from 1), in milliseconds: anything up to a limit that doubles, so that
 * many clients do not come back at the same moment.
 */
export function backoffMs(attempt: number, patience: Patience, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(patience.longestMs, patience.firstMs * 2 ** (attempt - 1)));
}

/** The wait after a failed attempt, in milliseconds: what the server asks for, and what spreads many clients beyond that. */
export function waitMs(failure: Failure, attempt: number, patience: Patience): number {
  return retryAfterOf(failure) + backoffMs(attempt, patience);
}

function retryAfterOf(failure: Failure): number {
  return failure.kind === 'oss' ? (failure.retryAfterMs ?? 0) : 0;
}

/** Does an idempotent piece of work again while its failures are of the kind that passes. `attempt` counts from 1. */
export async function persist<T>(
  work: (attempt: number) => Promise<T>,
  patience: Patience,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let failure: Failure;
    try {
      return await work(attempt);
    } catch (error) {
      failure = toFailure(error);
      // A longer wait is for the transfer as a whole, which lets another have its place.
      const isTooLong = retryAfterOf(failure) > patience.longestMs;
      if (attempt >= patience.attempts || signal.aborted || isTooLong || judge(failure).act !== 'again') throw error;
    }
    await sleep(waitMs(failure, attempt, patience), undefined, { signal }).catch((error: unknown) => {
      throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    });
  }
}
