import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, toFailure, WaybillError } from '../failure.ts';

/** What to do about a failure. */
export type RetryDecision =
  | { readonly action: 'retry' }
  /** Ask for new credentials once, then retry. */
  | { readonly action: 'refresh' }
  | { readonly action: 'block'; readonly need: 'credentials' | 'fresh-link' | 'disk-space' }
  | { readonly action: 'give-up' };

const again: RetryDecision = { action: 'retry' };
const giveUp: RetryDecision = { action: 'give-up' };

const block = (need: 'credentials' | 'fresh-link' | 'disk-space'): RetryDecision => ({ action: 'block', need });

const decisions: { readonly [K in Failure['kind']]: (failure: Extract<Failure, { kind: K }>) => RetryDecision } = {
  // A certificate that is not trusted now will not be trusted in a minute, nor a wrong password be right.
  network: ({ reason }) => (reason === 'tls' || reason === 'proxy-password' ? giveUp : again),
  oss: (failure) => (isTransient(failure) ? again : giveUp),
  integrity: () => again,
  credentials: ({ reason }) => classifyCredentials(reason),
  keychain: () => block('credentials'),
  link: ({ reason }) => (reason === 'expired' ? block('fresh-link') : giveUp),
  file: ({ reason }) => (reason === 'full' ? block('disk-space') : giveUp),
  input: () => giveUp,
  cancelled: () => giveUp,
  bug: () => giveUp,
};

/** Whether a failure passes by itself, needs somebody, or is final. */
export function classify(failure: Failure): RetryDecision {
  // TypeScript cannot see that the verdict found by the kind takes this failure.
  return (decisions[failure.kind] as (failure: Failure) => RetryDecision)(failure);
}

function isTransient({ status, code }: Extract<Failure, { kind: 'oss' }>): boolean {
  return status >= 500 || status === 429 || status === 408 || code === 'RequestTimeout' || code === 'MalformedReply';
}

function classifyCredentials(reason: Extract<Failure, { kind: 'credentials' }>['reason']): RetryDecision {
  switch (reason) {
    case 'expired-token':
    case 'invalid-key':
      return { action: 'refresh' };
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
export interface RetryLimits {
  readonly attempts: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** For one request inside a transfer: short, because a slot is held meanwhile. */
export const REQUEST_RETRY: RetryLimits = { attempts: 5, minDelayMs: 250, maxDelayMs: 5_000 };

/** For a transfer as a whole, which gives its slot to another while it waits. */
export const TRANSFER_RETRY: RetryLimits = { attempts: 12, minDelayMs: 1_000, maxDelayMs: 60_000 };

/** For the one transfer that finds out whether the network is back: all others wait for it. */
export const PROBE_RETRY: RetryLimits = { attempts: Infinity, minDelayMs: 1_000, maxDelayMs: 15_000 };

/**
 * The wait before the attempt after `attempt` (from 1), in milliseconds: anything up to a limit that doubles, so that
 * many clients do not come back at the same moment.
 */
export function backoffMs(attempt: number, limits: RetryLimits, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(limits.maxDelayMs, limits.minDelayMs * 2 ** (attempt - 1)));
}

/** The wait after a failed attempt, in milliseconds: what the server asks for, and what spreads many clients beyond that. */
export function retryDelayMs(failure: Failure, attempt: number, limits: RetryLimits): number {
  return retryAfterOf(failure) + backoffMs(attempt, limits);
}

function retryAfterOf(failure: Failure): number {
  return failure.kind === 'oss' ? (failure.retryAfterMs ?? 0) : 0;
}

/** Does an idempotent piece of work again while its failures are of the kind that passes. `attempt` counts from 1. */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  limits: RetryLimits,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let failure: Failure;
    try {
      return await work(attempt);
    } catch (error) {
      failure = toFailure(error);
      // A longer wait is for the transfer as a whole, which lets another have its place.
      const isTooLong = retryAfterOf(failure) > limits.maxDelayMs;
      if (attempt >= limits.attempts || signal.aborted || isTooLong || classify(failure).action !== 'retry')
        throw error;
    }
    await sleep(retryDelayMs(failure, attempt, limits), undefined, { signal }).catch((error: unknown) => {
      throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    });
  }
}
