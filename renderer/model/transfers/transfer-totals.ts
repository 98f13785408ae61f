import type { Transfer, TransferState } from '../../../main/contract/contract.ts';
import { needsPerson } from './queue-order.ts';

/** Sums over the queue. Bytes count what has arrived or still will. */
export interface TransferTotals {
  readonly counts: Readonly<Record<TransferState['at'], number>>;
  /** How many can't continue without the user. */
  readonly attention: number;
  readonly bytesPerSecond: number;
  readonly sizeBytes: number;
  readonly doneBytes: number;
}

export const noTransfers: TransferTotals = {
  counts: {
    queued: 0,
    running: 0,
    waiting: 0,
    blocked: 0,
    paused: 0,
    verifying: 0,
    done: 0,
    skipped: 0,
    failed: 0,
    cancelled: 0,
  },
  attention: 0,
  bytesPerSecond: 0,
  sizeBytes: 0,
  doneBytes: 0,
};

/** States whose missing bytes will not arrive without the user. */
const givenUp = new Set<TransferState['at']>(['failed', 'cancelled', 'skipped']);

/** Totals updated with each change, so that the queue is never traversed for them. */
export class RunningSums {
  readonly #counts: Record<TransferState['at'], number>;
  #attention: number;
  #bytesPerSecond: number;
  #sizeBytes: number;
  #doneBytes: number;

  constructor(from: TransferTotals) {
    this.#counts = { ...from.counts };
    this.#attention = from.attention;
    this.#bytesPerSecond = from.bytesPerSecond;
    this.#sizeBytes = from.sizeBytes;
    this.#doneBytes = from.doneBytes;
  }

  add(transfer: Transfer): void {
    this.#count(transfer, 1);
  }

  subtract(transfer: Transfer): void {
    this.#count(transfer, -1);
  }

  totals(): TransferTotals {
    return {
      counts: this.#counts,
      attention: this.#attention,
      // Speeds are fractions: the rounding error left when nothing runs must not show.
      bytesPerSecond: this.#counts.running === 0 ? 0 : this.#bytesPerSecond,
      sizeBytes: this.#sizeBytes,
      doneBytes: this.#doneBytes,
    };
  }

  #count(transfer: Transfer, sign: 1 | -1): void {
    const { at } = transfer.state;
    this.#counts[at] += sign;
    if (needsPerson(transfer)) this.#attention += sign;
    this.#bytesPerSecond += sign * transfer.bytesPerSecond;
    if (transfer.sizeBytes === null || givenUp.has(at)) return;
    this.#sizeBytes += sign * transfer.sizeBytes;
    this.#doneBytes += sign * (at === 'done' ? transfer.sizeBytes : transfer.doneBytes);
  }
}
