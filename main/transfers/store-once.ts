import { type Failure, toFailure } from '../failure.ts';
import { retry, REQUEST_RETRY } from './retry-policy.ts';

/** A write that must happen once, although its answer may get lost. */
interface OneWrite<T> {
  readonly send: () => Promise<T>;
  /** Whether OSS answers this where an earlier attempt has done the work. */
  readonly isRefusal: (failure: Failure) => boolean;
  /** Looks for what an earlier attempt stored; null if it stored nothing. */
  readonly findEarlier: (failure: Failure) => Promise<T | null>;
}

/**
 * Carries out a write, and retries it. A lost answer is not a failure: if OSS refuses a later attempt because the work
 * is done, what the earlier one stored is the result.
 * @throws WaybillError the failure of the last attempt
 */
export function storeOnce<T>({ send, isRefusal, findEarlier }: OneWrite<T>, signal: AbortSignal): Promise<T> {
  return retry(
    async (attempt) => {
      try {
        return await send();
      } catch (error) {
        const failure = toFailure(error);
        const earlier = attempt > 1 && isRefusal(failure) ? await findEarlier(failure) : null;
        if (earlier === null) throw error;
        return earlier;
      }
    },
    REQUEST_RETRY,
    signal,
  );
}
