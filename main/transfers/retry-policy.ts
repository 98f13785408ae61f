import { setTimeout as sleep } from 'node:timers/promises';
import { remedyOf, type Remedy } from '../causes.ts';
import { type Failure, toFailure, WaybillError } from '../failure.ts';

/** What to do about a failure. */
export type RetryDecision =
  | { readonly action: 'retry' }
  /** Renew the credentials once, then retry. */
  | { readonly action: 'refresh' }
  | { readonly action: 'block'; readonly need: 'credentials' | 'fresh-link' | 'disk-space' }
  | { readonly action: 'give-up' };

const again: RetryDecision = { action: 'retry' };
const giveUp: RetryDecision = { action: 'give-up' };

const block = (need: 'credentials' | 'fresh-link' | 'disk-space'): RetryDecision => ({ action: 'block', need });

const remedies: Readonly<Record<Remedy, RetryDecision>> = {
  retry: again,
  renew: { action: 'refresh' },
  credentials: block('credentials'),
  'fresh-link': block('fresh-link'),
  none: giveUp,
};

const decisions: { readonly [K in Failure['kind']]: (failure: Extract<Failure, { kind: K }>) => RetryDecision } = {
  // Retrying fixes neither an untrusted certificate nor a wrong proxy password.
  network: ({ reason }) => (reason === 'tls' || reason === 'proxy-password' ? giveUp : again),
  oss: ({ cause, through }) => remedies[remedyOf(cause, through ?? 'account')],
  integrity: () => again,
  credentials: ({ cause }) => (cause === 'missing' ? block('credentials') : remedies[remedyOf(cause, 'account')]),
  keychain: () => block('credentials'),
  link: ({ cause }) => (cause === 'damaged' ? giveUp : remedies[remedyOf(cause, 'link')]),
  file: ({ reason }) => (reason === 'full' ? block('disk-space') : reason === 'too-many-open' ? again : giveUp),
  input: () => giveUp,
  cancelled: () => giveUp,
  bug: () => giveUp,
};

/** Decides what a failure calls for: a retry, fresh credentials, a person, or giving up. */
export function classify(failure: Failure): RetryDecision {
  // TypeScript can't correlate the entry looked up by `kind` with the type of this failure.
  return (decisions[failure.kind] as (failure: Failure) => RetryDecision)(failure);
}

/** How often to try, and how the delays grow. Times in milliseconds. */
export interface RetryLimits {
  readonly attempts: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** Limits for one request within a transfer: short, because the transfer keeps its slot meanwhile. */
export const REQUEST_RETRY: RetryLimits = { attempts: 5, minDelayMs: 250, maxDelayMs: 5_000 };

/** Limits for a whole transfer, which gives up its slot while it waits. */
export const TRANSFER_RETRY: RetryLimits = { attempts: 12, minDelayMs: 1_000, maxDelayMs: 60_000 };

/**
 * Limits for the transfer that probes whether the network is back. It never gives up, because all others wait for it.
 */
export const PROBE_RETRY: RetryLimits = { attempts: Infinity, minDelayMs: 1_000, maxDelayMs: 15_000 };

/**
 * Returns the delay before the next attempt, in milliseconds: random up to a ceiling that doubles per attempt, so that
 * many clients don't return at the same moment ("full jitter"). `attempt` counts from 1.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, limits: RetryLimits, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(limits.maxDelayMs, limits.minDelayMs * 2 ** (attempt - 1)));
}

/** Returns the delay after a failed attempt, in milliseconds: the server's Retry-After, plus jitter. */
export function retryDelayMs(failure: Failure, attempt: number, limits: RetryLimits, random = Math.random): number {
  return retryAfterOf(failure) + backoffMs(attempt, limits, random);
}

function retryAfterOf(failure: Failure): number {
  return failure.kind === 'oss' ? (failure.retryAfterMs ?? 0) : 0;
}

/**
 * Retries idempotent work while its failures are transient. `attempt` counts from 1.
 * @throws the last error; WaybillError `cancelled` if `signal` aborts a delay
 */
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
      // Leave a longer delay to the whole transfer, which gives up its slot while it waits.
      const isTooLong = retryAfterOf(failure) > limits.maxDelayMs;
      if (attempt >= limits.attempts || signal.aborted || isTooLong || classify(failure).action !== 'retry')
        throw error;
    }
    await sleep(retryDelayMs(failure, attempt, limits), undefined, { signal }).catch((error: unknown) => {
      throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    });
  }
}
