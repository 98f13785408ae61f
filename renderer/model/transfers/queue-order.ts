import type { Priority, Transfer, TransferState } from '../../../main/contract/contract.ts';

/** Which transfers are shown. */
export type QueueFilter = 'all' | TransferGroup;

type TransferGroup = 'attention' | 'going' | 'finished';

const groups: Record<TransferState['at'], TransferGroup> = {
  failed: 'attention',
  blocked: 'attention',
  running: 'going',
  verifying: 'going',
  waiting: 'going',
  queued: 'going',
  paused: 'going',
  done: 'finished',
  skipped: 'finished',
  cancelled: 'finished',
};

/** True if a transfer, or one in its folder, can't continue without the user. */
export function needsPerson(transfer: Transfer): boolean {
  return groupOf(transfer) === 'attention';
}

function groupOf({ state, folder }: Transfer): TransferGroup {
  return folder !== null && folder.asking > 0 && state.at !== 'cancelled' ? 'attention' : groups[state.at];
}

const precedence: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/** The order of transfers on the screen. A move is cheap regardless of the queue's length. */
export class QueueOrder {
  readonly #attention = new Set<string>();
  /** In the order in which main starts them. */
  readonly #going: Transfer[] = [];
  readonly #finished = new Set<string>();

  /** True if the transfer's position changed. */
  put(before: Transfer | undefined, after: Transfer): boolean {
    const group = groupOf(after);
    if (before !== undefined) {
      if (groupOf(before) === group && (group !== 'going' || compare(before, after) === 0)) return false;
      this.drop(before);
    }
    if (group === 'attention') this.#attention.add(after.id);
    else if (group === 'finished') this.#finished.add(after.id);
    else this.#going.splice(this.#placeOf(after), 0, after);
    return true;
  }

  drop(transfer: Transfer): void {
    this.#attention.delete(transfer.id);
    this.#finished.delete(transfer.id);
    const place = this.#placeOf(transfer);
    if (this.#going[place]?.id === transfer.id) this.#going.splice(place, 1);
  }

  /** First those that need the user, then running and waiting ones, then finished ones, newest first. */
  ids(filter: QueueFilter): string[] {
    const shows = (group: TransferGroup): boolean => filter === 'all' || filter === group;
    return [
      ...(shows('attention') ? this.#attention : []),
      ...(shows('going') ? this.#going.map(({ id }) => id) : []),
      ...(shows('finished') ? [...this.#finished].reverse() : []),
    ];
  }

  #placeOf(transfer: Transfer): number {
    let low = 0;
    let high = this.#going.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#going[middle];
      if (other !== undefined && compare(other, transfer) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(a: Transfer, b: Transfer): number {
  const byTurn = precedence[a.priority] - precedence[b.priority] || a.rank - b.rank;
  // Two transfers that swap places briefly have the same rank.
  return byTurn || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);
}
