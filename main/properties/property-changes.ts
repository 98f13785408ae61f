import type { Accounts } from '../accounts/accounts.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Failure } from '../failure.ts';
import { changeMany, type ChangeOutcome, type ChangeScope, type FailedChange } from './change-many.ts';
import type { ObjectChange } from './object-change.ts';

/** A change of objects, as it was asked for. */
export interface RequestedChange {
  readonly accountId: string;
  readonly scope: ChangeScope;
  readonly change: ObjectChange;
}

/** The outcome of a change, short enough to show. */
export interface ChangeResult {
  readonly changed: number;
  /** Objects that needed no change. */
  readonly unchanged: number;
  readonly failedCount: number;
  /** The first 1,000 that failed. */
  readonly failed: readonly FailedChange[];
  /** Why the change stopped early; null if it ran to the end. */
  readonly stopped: Failure | null;
}

interface PropertyChangesOptions {
  readonly accounts: Pick<Accounts, 'connection'>;
  /** Called when a change ends, also if it failed: some of its objects may have changed. */
  readonly onEnd: (change: RequestedChange) => void;
}

/** How many changes can still be retried; the oldest are forgotten. */
const MAX_RETRYABLE = 20;

/** Each failure is a message over IPC and a row on the screen. */
const MAX_REPORTED_FAILURES = 1000;

const nothing: ChangeResult = { changed: 0, unchanged: 0, failedCount: 0, failed: [], stopped: null };

/** The changes of this run: each can be cancelled while it runs, and retried for the objects that failed. */
export class PropertyChanges {
  readonly #options: PropertyChangesOptions;
  readonly #retryable = new BoundedMap<string, RequestedChange>(MAX_RETRYABLE);
  readonly #running = new Map<string, AbortController>();

  constructor(options: PropertyChangesOptions) {
    this.#options = options;
  }

  /**
   * Changes objects and reports how many are processed.
   * @throws WaybillError `input` for a change that no object could have, or why OSS isn't reached
   */
  async run(changeId: string, requested: RequestedChange, onProgress: (done: number) => void): Promise<ChangeResult> {
    const { accountId, scope, change } = requested;
    const stop = new AbortController();
    this.#running.set(changeId, stop);
    try {
      const connection = await this.#options.accounts.connection(accountId, scope.bucket);
      const outcome = await changeMany({ connection, signal: stop.signal, onProgress }, scope, change);
      this.#remember(changeId, requested, outcome);
      return toResult(outcome);
    } finally {
      this.#running.delete(changeId);
      this.#options.onEnd(requested);
    }
  }

  /** Repeats a change for the objects that failed. An unknown ID changes nothing. @throws as run() */
  async retry(changeId: string, onProgress: (done: number) => void): Promise<ChangeResult> {
    const left = this.#retryable.get(changeId);
    return left === undefined ? nothing : this.run(changeId, left, onProgress);
  }

  /** Stops a running change; what is changed stays changed. */
  cancel(changeId: string): void {
    this.#running.get(changeId)?.abort();
  }

  #remember(changeId: string, requested: RequestedChange, { failed }: ChangeOutcome): void {
    this.#retryable.delete(changeId);
    if (failed.length === 0) return;
    const keys = failed.map(({ key }) => key);
    this.#retryable.set(changeId, { ...requested, scope: { ...requested.scope, keys, prefixes: [] } });
  }
}

function toResult({ failed, ...outcome }: ChangeOutcome): ChangeResult {
  return { ...outcome, failedCount: failed.length, failed: failed.slice(0, MAX_REPORTED_FAILURES) };
}
