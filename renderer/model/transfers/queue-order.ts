import type { Priority, Transfer, TransferState } from '../../../main/contract/contract.ts';

/** Which transfers are shown. */
export type QueueFilter = 'all' | 'attention' | 'going' | 'finished';

/** `asking`: waits for an answer that can be given here. `stuck`: failed, or its account's credentials have expired. */
type TransferGroup = 'asking' | 'stuck' | 'going' | 'finished';

const groups: Record<Exclude<TransferState['at'], 'blocked'>, TransferGroup> = {
  failed: 'stuck',
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
  const group = groupOf(transfer);
  return group === 'asking' || group === 'stuck';
}

function groupOf({ state, folder }: Transfer): TransferGroup {
  if (folder !== null && folder.asking > 0 && state.at !== 'cancelled') return 'asking';
  if (state.at === 'blocked') return state.need === 'credentials' ? 'stuck' : 'asking';
  return groups[state.at];
}

const precedence: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/** The order of transfers on the screen. A move is cheap regardless of the queue's length. */
export class QueueOrder {
  readonly #asking = new Set<string>();
  readonly #stuck = new Set<string>();
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
    if (group === 'asking') this.#asking.add(after.id);
    else if (group === 'stuck') this.#stuck.add(after.id);
    else if (group === 'finished') this.#finished.add(after.id);
    else this.#going.splice(this.#placeOf(after), 0, after);
    return true;
  }

  drop(transfer: Transfer): void {
    this.#asking.delete(transfer.id);
    this.#stuck.delete(transfer.id);
    this.#finished.delete(transfer.id);
    const place = this.#placeOf(transfer);
    if (this.#going[place]?.id === transfer.id) this.#going.splice(place, 1);
  }

  /** Transfers that wait for an answer, the one that asked first in front. */
  get asking(): ReadonlySet<string> {
    return this.#asking;
  }

  /** First those that ask, then those that failed, then running and waiting ones, then finished ones, newest first. */
  ids(filter: QueueFilter): string[] {
    const shows = (group: QueueFilter): boolean => filter === 'all' || filter === group;
    return [
      ...(shows('attention') ? [...this.#asking, ...this.#stuck] : []),
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
