import { hasEnded } from './state.ts';
import type { Transfer, TransferBatch } from './transfer.ts';

/** Transfers that run longer than this, in milliseconds, are worth a notification: people don't wait next to them. */
const LONG_MS = 30_000;

/** Activity of the whole queue. */
export interface Activity {
  /** Whether any transfer is running, or will run without a person's help. */
  readonly busy: boolean;
  /** Share of the bytes transferred, 0 to 1; null while no size is known or nothing runs. */
  readonly progress: number | null;
  /** Counts of successful and failed transfers, set when this batch ends a long period of activity. */
  readonly finished: { readonly done: number; readonly failed: number } | null;
}

/** Summarises the queue's batches for the dock, the taskbar and notifications. `now` returns Unix milliseconds. */
export class ActivityWatch {
  readonly #live = new Map<string, Transfer>();
  readonly #now: () => number;
  /** Start of the current uninterrupted activity; null when idle. */
  #since: number | null = null;
  #done = 0;
  #failed = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Applies a batch and returns the resulting activity. */
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
    // Transfers that ended before this run are reported once at the start; don't count them.
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
