import { MAX_PAGES_IN_FLIGHT } from '../../limits.ts';

/** Least requests of one listing in flight. */
const MIN_IN_FLIGHT = 2;

/** Least gain in pages per second that justifies twice as many requests, with their load on others. */
const GAIN = 1.2;

/** Pages that each request in flight answers before a level is judged. */
const PAGES_EACH = 2;

/** Windows without another attempt after a step that brought no gain. */
const REST_WINDOWS = 5;

/**
 * Finds by trial how many pages of a listing are worth requesting at once. Over a long way most of the time is waiting, so
 * more of them list faster; where the server or this computer is busy, they don't. The number is doubled while that pays,
 * and halved when the server refuses requests as too many, or gets slower.
 */
export class PageRate {
  readonly #now: () => number;
  #limit = MIN_IN_FLIGHT;
  /** The level before the step being tried, and its rate; null when none is. */
  #before: { readonly limit: number; readonly rate: number } | null = null;
  #best = 0;
  #restWindows = 0;
  #startedAt: number | null = null;
  #pages = 0;
  #steppedDownAt = -Infinity;

  /** `now` returns milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many requests may be in flight. */
  get limit(): number {
    return this.#limit;
  }

  /** Records a page. `inFlight`: requests at that moment, this one included. */
  onPage(inFlight: number): void {
    // With free places left, their number wasn't the limit, so the window proves nothing.
    if (inFlight < this.#limit * 0.75) {
      this.#startWindow();
      return;
    }
    this.#startedAt ??= this.#now();
    this.#pages += 1;
    if (this.#pages <= PAGES_EACH * this.#limit) return;
    const elapsedMs = Math.max(1, this.#now() - this.#startedAt);
    this.#evaluate((this.#pages - 1) / elapsedMs);
    this.#startWindow();
  }

  /** The server refused a request as one too many. `sentAt`: those sent before the last step down say nothing new. */
  onRefused(sentAt: number): void {
    if (sentAt >= this.#steppedDownAt) this.#stepDown();
  }

  #stepDown(): void {
    this.#steppedDownAt = this.#now();
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#before = null;
    this.#best = 0;
    this.#restWindows = REST_WINDOWS;
    this.#startWindow();
  }

  #evaluate(rate: number): void {
    if (this.#before !== null && rate < this.#before.rate * GAIN) {
      this.#limit = this.#before.limit;
      this.#before = null;
      this.#restWindows = REST_WINDOWS;
      return;
    }
    if (rate < this.#best / 2) {
      this.#stepDown();
      return;
    }
    this.#best = Math.max(this.#best, rate);
    if (this.#restWindows > 0) {
      this.#restWindows -= 1;
      return;
    }
    const limit = Math.min(MAX_PAGES_IN_FLIGHT, 2 * this.#limit);
    this.#before = limit === this.#limit ? null : { limit: this.#limit, rate };
    this.#limit = limit;
  }

  #startWindow(): void {
    this.#startedAt = null;
    this.#pages = 0;
  }
}
