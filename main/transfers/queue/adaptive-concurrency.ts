import { USUAL_CONNECTIONS } from '../byte-work.ts';

/** Limit of small transfers per slot, as a multiple of the minimum: each one in flight keeps up to 2 MiB of buffers. */
const MAX_TIMES_MINIMUM = 2;

/** Shortest measurement of a level, in milliseconds. It also has to cover two rounds of transfers. */
const WINDOW_MS = 100;

/** Fixed cost of a request in bytes, so that the rates of files of different sizes are comparable. */
const REQUEST_BYTES = 64 * 1024;

/** Least gain in throughput that justifies twice as many requests, with their memory and their load on others. */
const GAIN = 1.25;

/** Windows without another attempt after a step that brought no gain. */
const REST_WINDOWS = 100;

/**
 * Finds by trial how many small transfers share a slot. On a high-latency network each one mostly waits for its
 * response, so more of them raise the throughput; if CPU, disk or bandwidth is the limit, they don't. The number is
 * doubled while that pays off, and halved when OSS or the network fails: multiplicative increase and decrease, as in
 * TCP slow start (RFC 5681).
 */
export class AdaptiveConcurrency {
  readonly #now: () => number;
  /** As many as the concurrent requests of a large transfer. */
  #minimum = USUAL_CONNECTIONS;
  #perSlot = USUAL_CONNECTIONS;
  /** The level before the step being tried, and its rate in bytes per millisecond; null when none is. */
  #before: { readonly perSlot: number; readonly rate: number } | null = null;
  #restWindows = 0;
  #startedAt: number | null = null;
  #bytes = 0;
  #count = 0;

  /** `now` returns milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Small transfers that count as one large transfer. */
  get perSlot(): number {
    return this.#perSlot;
  }

  /** Sets the minimum per slot. A new minimum discards what was measured. */
  setMinimum(minimum: number): void {
    if (minimum === this.#minimum) return;
    this.#minimum = minimum;
    this.#perSlot = minimum;
    this.#before = null;
    this.#restWindows = 0;
    this.#startWindow();
  }

  /** Records a finished transfer. `running`: number in flight, of `limit` allowed. */
  onFinished(sizeBytes: number, running: number, limit: number): void {
    // With free places left, concurrency wasn't the limit, so the window proves nothing. (75 %: a freed place is taken
    // a moment later.)
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

  /** Halves the level after a transient failure. */
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
