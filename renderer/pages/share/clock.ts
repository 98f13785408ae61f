// The time by the server's clock, as far as an answer showed it: links expire by that, not by the clock of the device.

/** Less than an answer takes isn't worth a correction, in milliseconds. */
const MIN_OFFSET_MS = 5000;

/** A device's clock, corrected by answers. */
export class Clock {
  readonly #local: () => number;
  #offsetMs = 0;
  /** Whether an answer has shown the time, and not the device alone. */
  isKnown = false;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Unix milliseconds. */
  now(): number {
    return this.#local() + this.#offsetMs;
  }

  /** Takes the time of an answer; null where the bucket's CORS rules don't show it. */
  learn(date: string | null): void {
    const moment = Date.parse(date ?? '');
    if (Number.isNaN(moment)) return;
    const offsetMs = moment - this.#local();
    this.isKnown = true;
    this.#offsetMs = Math.abs(offsetMs) < MIN_OFFSET_MS ? 0 : offsetMs;
  }

  /** A link worked a moment ago, so it can't be `moment` yet. */
  isBefore(moment: number): void {
    const marginMs = 60_000;
    if (this.now() > moment - marginMs) this.#offsetMs = moment - marginMs - this.#local();
  }
}
