import type { Transfer, TransferBatch } from '../../../main/contract/contract.ts';
import type { TransferList } from './transfers.svelte.ts';

const ended: readonly Transfer['state']['at'][] = ['done', 'skipped', 'failed', 'cancelled'];

/** Waits for transfers to end. */
export class TransferEndings {
  readonly #transfers: Pick<TransferList, 'get'>;
  readonly #waiting = new Map<string, (transfer: Transfer | null) => void>();

  constructor(transfers: Pick<TransferList, 'get'>) {
    this.#transfers = transfers;
  }

  /** The transfers as they ended, in this order; null for one that was removed from the queue before. */
  all(ids: readonly string[]): Promise<readonly (Transfer | null)[]> {
    return Promise.all(ids.map((id) => this.#endOf(id)));
  }

  /** Called for each batch, after the list of transfers has taken it. */
  apply({ changed, removed }: TransferBatch): void {
    if (this.#waiting.size === 0) return;
    for (const transfer of changed) if (hasEnded(transfer)) this.#settle(transfer.id, transfer);
    for (const id of removed) this.#settle(id, null);
  }

  #endOf(id: string): Promise<Transfer | null> {
    // A small one may have ended before main's answer named it.
    const known = this.#transfers.get(id);
    if (known !== undefined && hasEnded(known)) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #settle(id: string, transfer: Transfer | null): void {
    this.#waiting.get(id)?.(transfer);
    this.#waiting.delete(id);
  }
}

function hasEnded({ state }: Transfer): boolean {
  return ended.includes(state.at);
}
