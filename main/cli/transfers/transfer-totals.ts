import type { Failure } from '../../failure.ts';
import { hasEnded } from '../../transfers/tasks/state.ts';
import type { Transfer, TransferBatch } from '../../transfers/tasks/transfer.ts';
import { isAsking } from './overwrite-question.ts';

/** Where all transfers of a command stand together. */
export interface Totals {
  readonly doneBytes: number;
  /** Null until everything was found. */
  readonly sizeBytes: number | null;
  readonly bytesPerSecond: number;
  /** Whether something waits for the network to come back. */
  readonly isOffline: boolean;
  readonly doneFiles: number;
  readonly files: number;
}

/** Sums up the queue's batches. */
export class TransferTotals {
  readonly #transfers = new Map<string, Transfer>();
  readonly #going = new Set<string>();
  readonly #asking = new Set<string>();

  apply({ changed, removed }: TransferBatch): void {
    for (const transfer of changed) {
      const { id, state } = transfer;
      this.#transfers.set(id, transfer);
      if (hasEnded(state) || state.at === 'blocked') this.#going.delete(id);
      else this.#going.add(id);
      if (isAsking(transfer)) this.#asking.add(id);
      else this.#asking.delete(id);
    }
    for (const id of removed) {
      this.#transfers.delete(id);
      this.#going.delete(id);
      this.#asking.delete(id);
    }
  }

  /** Whether nothing goes on by itself any more. */
  get isOver(): boolean {
    return this.#going.size === 0;
  }

  /** The first that waits for an overwrite choice, itself or with a part of it; null where none does. */
  get firstAsking(): Transfer | null {
    for (const id of this.#asking) return this.#transfers.get(id) ?? null;
    return null;
  }

  /** Why something waits for the network; null where nothing does. */
  get outage(): Failure | null {
    for (const id of this.#going) {
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
