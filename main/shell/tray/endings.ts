import { hasEnded } from '../../transfers/tasks/state.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { Transfer, TransferBatch } from '../../transfers/tasks/transfer.ts';

/** Waits for transfers of the queue to end. */
export class Endings {
  readonly #queue: Pick<TransferQueue, 'list'>;
  readonly #waiting = new Map<string, (transfer: Transfer | null) => void>();

  constructor(queue: Pick<TransferQueue, 'list'>) {
    this.#queue = queue;
  }

  /** The transfers as they ended, in this order; null for one that was removed from the queue before. */
  all(ids: readonly string[]): Promise<readonly (Transfer | null)[]> {
    // A small one may have ended before it is waited for.
    const known = new Map(this.#queue.list().map((transfer) => [transfer.id, transfer]));
    return Promise.all(ids.map((id) => this.#endOf(id, known.get(id) ?? null)));
  }

  /** Takes each batch of the queue. */
  follow({ changed, removed }: TransferBatch): void {
    if (this.#waiting.size === 0) return;
    for (const transfer of changed) if (hasEnded(transfer.state)) this.#settle(transfer.id, transfer);
    for (const id of removed) this.#settle(id, null);
  }

  #endOf(id: string, transfer: Transfer | null): Promise<Transfer | null> {
    if (transfer === null || hasEnded(transfer.state)) return Promise.resolve(transfer);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #settle(id: string, transfer: Transfer | null): void {
    this.#waiting.get(id)?.(transfer);
    this.#waiting.delete(id);
  }
}
