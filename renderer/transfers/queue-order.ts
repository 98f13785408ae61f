import type { Transfer, TransferState } from '../../preload/contract.ts';

type TransferGroup = 'attention' | 'active' | 'queued' | 'finished';

const groupOf: Record<TransferState['at'], TransferGroup> = {
  failed: 'attention',
  blocked: 'attention',
  running: 'active',
  verifying: 'active',
  waiting: 'active',
  queued: 'queued',
  paused: 'queued',
  done: 'finished',
  skipped: 'finished',
  cancelled: 'finished',
};

/** Which transfer stands where on the screen. A move costs the same whatever the length of the queue. */
export class QueueOrder {
  readonly #members: Record<TransferGroup, Set<string>> = {
    attention: new Set(),
    active: new Set(),
    queued: new Set(),
    finished: new Set(),
  };

  /** True if the transfer has a new place. */
  put(before: Transfer | undefined, after: Transfer): boolean {
    const group = groupOf[after.state.at];
    if (before !== undefined) {
      if (groupOf[before.state.at] === group) return false;
      this.drop(before);
    }
    this.#members[group].add(after.id);
    return true;
  }

  drop(transfer: Transfer): void {
    this.#members[groupOf[transfer.state.at]].delete(transfer.id);
  }

  /** What needs a person first, then what runs, what waits its turn, and what is finished with the newest first. */
  ids(): string[] {
    const { attention, active, queued, finished } = this.#members;
    return [...attention, ...active, ...queued, ...[...finished].reverse()];
  }
}
