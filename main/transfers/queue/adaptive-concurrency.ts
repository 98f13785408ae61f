import { USUAL_CONNECTIONS } from '../byte-work.ts';

/** Most small transfers in one slot, as a multiple of the least: each one under way keeps up to 2 MiB of buffers. */
const MAX_TIMES_MINIMUM = 2;

/** A level is judged by what came through in this time at least, in milliseconds, and by as many as it holds. */
const WINDOW_MS = 100;

/** What a request costs beside its bytes, in bytes: else the rate of files of different sizes could not be compared. */
const REQUEST_BYTES = 64 * 1024;

/** How much more has to come through for twice as many to be worth their memory, and their load on others. */
const GAIN = 1.25;

/** Windows for which nothing is tried after a step that brought nothing. */
const REST_WINDOWS = 100;

/**
 * How many small transfers share a slot, found out by trying. On a network with long ways each waits for its answer most
 * of the time, and more of them bring more; where the processor, the disk or the line is the limit they bring nothing. So
 * their number is doubled as long as that pays, and halved where OSS or the network refuses.
 */
export class AdaptiveConcurrency {
  readonly #now: () => number;
  /** As many requests as a large transfer has under way. */
  #minimum = USUAL_CONNECTIONS;
  #perSlot = USUAL_CONNECTIONS;
  /** The level before the step that is being tried, and bytes a millisecond there; null: none is. */
  #before: { readonly perSlot: number; readonly rate: number } | null = null;
  #restWindows = 0;
  #startedAt: number | null = null;
  #bytes = 0;
  #count = 0;

  /** `now` gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Small transfers that count as one large one. */
  get perSlot(): number {
    return this.#perSlot;
  }

  /** The least number of them in a slot; what was found out is forgotten with another one. */
  setMinimum(minimum: number): void {
    if (minimum === this.#minimum) return;
    this.#minimum = minimum;
    this.#perSlot = minimum;
    this.#before = null;
    this.#restWindows = 0;
    this.#startWindow();
  }

  /** One came through. `running`: how many were under way, of `limit` that may be. */
  onFinished(sizeBytes: number, running: number, limit: number): void {
    // Where there was room for more, their number was not what held them up. (A place is taken again a moment later.)
    if (running < limit * 0.75) {
      this.#startWindow();
      return;
    }
    this.#startedAt ??= this.#now();
    this.#bytes += sizeBytes + REQUEST_BYTES;
    this.#count += 1;
    const elapsedMs = this.#now() - this.#startedAt;
    if (elapsedMs < WINDOW_MS || this.#count < 2 * limit) return;
    this.#evaluate(this.#bytes / elapsedMs);
    this.#startWindow();
  }

  /** One broke for a reason that passes. */
  onFailed(): void {
    this.#perSlot = Math.max(this.#minimum, Math.floor(this.#perSlot / 2));
    this.#before = null;
    this.#restWindows = REST_WINDOWS;
    this.#startWindow();
  }

  #evaluate(rate: number): void {
    if (this.#before !== null && rate < this.#before.rate * GAIN) {
      this.#perSlot = this.#before.perSlot;
      this.#before = null;
      this.#restWindows = REST_WINDOWS;
    } else if (this.#restWindows > 0) {
      this.#restWindows -= 1;
    } else {
      const perSlot = Math.min(MAX_TIMES_MINIMUM * this.#minimum, 2 * this.#perSlot);
      this.#before = perSlot === this.#perSlot ? null : { perSlot: this.#perSlot, rate };
      this.#perSlot = perSlot;
    }
  }

  #startWindow(): void {
    this.#startedAt = null;
    this.#bytes = 0;
    this.#count = 0;
  }
}
