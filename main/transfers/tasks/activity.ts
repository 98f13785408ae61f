import { hasEnded } from './state.ts';
import type { Transfer, TransferBatch } from './transfer.ts';

/** A transfer that takes longer than this, in milliseconds, is one that a person goes away from. */
const LONG_MS = 30_000;

/** What the queue as a whole is doing. */
export interface Activity {
  /** Something is moving, or will by itself. */
  readonly busy: boolean;
  /** Share of the bytes that are done, 0 to 1; null while no size is known, or nothing moves. */
  readonly progress: number | null;
  /** What came to its end with this batch after a long time: how many went well, and how many failed. */
  readonly finished: { readonly done: number; readonly failed: number } | null;
}

/** Sums up the queue's batches for whatever is shown outside the window. `now` is in Unix milliseconds. */
export class ActivityWatch {
  readonly #live = new Map<string, Transfer>();
  readonly #now: () => number;
  /** Since when something has been moving without a pause. */
  #since: number | null = null;
  #done = 0;
  #failed = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What there is to show after this batch. */
  apply({ changed, removed }: TransferBatch): Activity {
    for (const id of removed) this.#live.delete(id);
    for (const transfer of changed) if (transfer.folderId === null) this.#take(transfer);
    const busy = [...this.#live.values()].some(({ state }) => state.at !== 'paused' && state.at !== 'blocked');
    if (busy) this.#since ??= this.#now();
    return { busy, progress: busy ? this.#progress() : null, finished: busy ? null : this.#end() };
  }

  #take(transfer: Transfer): void {
    if (!hasEnded(transfer.state)) {
      this.#live.set(transfer.id, transfer);
      return;
    }
    // What had ended before this run is told once at the start, and is no news.
    if (!this.#live.delete(transfer.id)) return;
    if (transfer.state.at === 'done') this.#done += 1;
    if (transfer.state.at === 'failed') this.#failed += 1;
  }

  #progress(): number | null {
    let done = 0;
    let size = 0;
    for (const { doneBytes, sizeBytes } of this.#live.values()) {
      done += doneBytes;
      size += sizeBytes ?? doneBytes;
    }
    return size === 0 ? null : Math.min(1, done / size);
  }

  #end(): Activity['finished'] {
    const { length, done, failed } = {
      length: this.#since === null ? 0 : this.#now() - this.#since,
      done: this.#done,
      failed: this.#failed,
    };
    this.#since = null;
    this.#done = 0;
    this.#failed = 0;
    return length >= LONG_MS && done + failed > 0 ? { done, failed } : null;
  }
}
