import type { TransferTotals } from './transfer-totals.ts';

/** Until a network that is away is given up, where nobody said how long, in milliseconds. */
const BEFORE_ANYTHING_MS = 10_000;
const AFTER_SOMETHING_MS = 300_000;

/** How long a command waits for a network that is away: a wrong address is told apart from a pause in a long work. */
export class Patience {
  readonly #given: number | null;
  #furthest = 0;
  #hasMoved = false;
  #since = performance.now();

  /** @param given in milliseconds; null where nobody said */
  constructor(given: number | null) {
    this.#given = given;
  }

  /** Takes notice of how far all is. */
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
