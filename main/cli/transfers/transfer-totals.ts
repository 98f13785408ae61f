import type { Failure } from '../../failure.ts';
import { hasEnded } from '../../transfers/tasks/state.ts';
import type { Transfer, TransferBatch } from '../../transfers/tasks/transfer.ts';
import { isAsking } from './overwrite-question.ts';

/** Progress of all transfers of a command together. */
export interface Totals {
  readonly doneBytes: number;
  /** Null until every file has been found. */
  readonly sizeBytes: number | null;
  readonly bytesPerSecond: number;
  /** Whether a transfer waits for the network. */
  readonly isOffline: boolean;
  readonly doneFiles: number;
  readonly files: number;
}

/** Totals over the queue's batches. */
export class TransferTotals {
  readonly #transfers = new Map<string, Transfer>();
  readonly #active = new Set<string>();
  readonly #asking = new Set<string>();

  apply({ changed, removed }: TransferBatch): void {
    for (const transfer of changed) {
      const { id, state } = transfer;
      this.#transfers.set(id, transfer);
      if (hasEnded(state) || state.at === 'blocked') this.#active.delete(id);
      else this.#active.add(id);
      if (isAsking(transfer)) this.#asking.add(id);
      else this.#asking.delete(id);
    }
    for (const id of removed) {
      this.#transfers.delete(id);
      this.#active.delete(id);
      this.#asking.delete(id);
    }
  }

  /** Whether no transfer can make progress without help. */
  get isOver(): boolean {
    return this.#active.size === 0;
  }

  /** The first transfer that waits for an overwrite choice, itself or for a file in it; null if none does. */
  get firstAsking(): Transfer | null {
    for (const id of this.#asking) return this.#transfers.get(id) ?? null;
    return null;
  }

  /** Why a transfer waits for the network; null if none does. */
  get outage(): Failure | null {
    for (const id of this.#active) {
      const state = this.#transfers.get(id)?.state;
      if (state?.at === 'waiting' && state.because.kind === 'network') return state.because;
    }
    return null;
  }

  sum(): Totals {
    const sum = { doneBytes: 0, sizeBytes: 0, bytesPerSecond: 0, doneFiles: 0, files: 0 };
    let isKnown = true;
    for (const { doneBytes, sizeBytes, bytesPerSecond, folder, state } of this.#transfers.values()) {
      sum.doneBytes += doneBytes;
      sum.sizeBytes += sizeBytes ?? 0;
      sum.bytesPerSecond += bytesPerSecond;
      sum.files += folder?.total ?? 1;
      sum.doneFiles += folder === null ? Number(hasEnded(state)) : folder.done + folder.skipped;
      isKnown &&= folder?.isCounted ?? (sizeBytes !== null || hasEnded(state));
    }
    return { ...sum, sizeBytes: isKnown ? sum.sizeBytes : null, isOffline: this.outage !== null };
  }
}
