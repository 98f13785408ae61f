import { hasEnded } from './state.ts';
import type { Transfer, TransferBatch } from './transfer.ts';

/** Transfers that run longer than this, in milliseconds, are worth a notification: people don't wait next to them. */
const LONG_MS = 30_000;

const idle = { busy: false, moving: 0, paused: 0, blocked: 0, bytesPerSecond: 0, progress: null };

/** Activity of the whole queue. */
export interface Activity {
  /** Whether any transfer is running, or will run without a person's help. */
  readonly busy: boolean;
  /** How many transfers are running or will run without a person's help. A folder counts as one. */
  readonly moving: number;
  readonly paused: number;
  /** How many wait for a person: for an answer, credentials, a link or disk space. */
  readonly blocked: number;
  /** Of all of them together. */
  readonly bytesPerSecond: number;
  /** Share of the bytes transferred, 0 to 1; null while no size is known or nothing runs. */
  readonly progress: number | null;
  /** Counts of successful and failed transfers, set when this batch ends a long period of activity. */
  readonly finished: { readonly done: number; readonly failed: number } | null;
}

/** Summarises the queue's batches for the dock, the taskbar, the tray and notifications. `now` returns Unix milliseconds. */
export class ActivityWatch {
  #current: Activity = { ...idle, finished: null };
  readonly #live = new Map<string, Transfer>();
  readonly #now: () => number;
  /** Start of the current uninterrupted activity; null when idle. */
  #since: number | null = null;
  #done = 0;
  #failed = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The activity after the last batch. */
  get current(): Activity {
    return this.#current;
  }

  /** Applies a batch and returns the resulting activity. */
  apply({ changed, removed }: TransferBatch): Activity {
    for (const id of removed) this.#live.delete(id);
    for (const transfer of changed) if (transfer.folderId === null) this.#take(transfer);
    const sums = this.#sums();
    const busy = sums.moving > 0;
    if (busy) this.#since ??= this.#now();
    const progress = busy ? this.#progress() : null;
    this.#current = { ...sums, busy, progress, finished: busy ? null : this.#end() };
    return this.#current;
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

  #sums(): Pick<Activity, 'moving' | 'paused' | 'blocked' | 'bytesPerSecond'> {
    const sums = { moving: 0, paused: 0, blocked: 0, bytesPerSecond: 0 };
    for (const { state, bytesPerSecond } of this.#live.values()) {
      sums[state.at === 'paused' || state.at === 'blocked' ? state.at : 'moving'] += 1;
      sums.bytesPerSecond += bytesPerSecond;
    }
    return sums;
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
