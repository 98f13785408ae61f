import type { TransferTotals } from './transfer-totals.ts';

/** Default time to wait for the network, in milliseconds. */
const BEFORE_ANYTHING_MS = 10_000;
const AFTER_SOMETHING_MS = 300_000;

/** Decides how long a command waits for the network: a wrong address fails soon, an outage may last. */
export class Patience {
  readonly #given: number | null;
  #furthest = 0;
  #hasMoved = false;
  #since = performance.now();

  /** @param given in milliseconds; null for the default */
  constructor(given: number | null) {
    this.#given = given;
  }

  /** Restarts the wait whenever there is progress or no outage. */
  apply(totals: TransferTotals): void {
    const { doneBytes, doneFiles } = totals.sum();
    const reached = doneBytes + doneFiles;
    if (reached <= this.#furthest && totals.outage !== null) return;
    this.#hasMoved ||= reached > this.#furthest;
    this.#furthest = Math.max(this.#furthest, reached);
    this.#since = performance.now();
  }

  /** Whether the network has been away for too long. */
  isOver(totals: TransferTotals): boolean {
    const patience = this.#given ?? (this.#hasMoved ? AFTER_SOMETHING_MS : BEFORE_ANYTHING_MS);
    return totals.outage !== null && performance.now() - this.#since >= patience;
  }
}
