import type { Transfer } from '../../../main/contract/contract.ts';

/** The progress of transfers that belong together. */
export interface GroupSums {
  readonly done: number;
  readonly failed: number;
  /** Blocked, waiting for an answer. */
  readonly asking: number;
  /** Cancelled, or skipped because the file already exists. */
  readonly dropped: number;
  readonly total: number;
  readonly isOver: boolean;
  /** 0 to 1, by transfers; those under way count by their bytes. */
  readonly fraction: number;
}

/** Counts transfers that belong together. */
export class GroupCounter {
  readonly #ids: readonly string[];
  /** A missing transfer counts as cleared if it was seen before; otherwise main hasn't reported it yet. */
  readonly #seen = new Set<string>();

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  count(get: (id: string) => Transfer | undefined): GroupSums {
    const counts = { done: 0, failed: 0, asking: 0, dropped: 0 };
    let parts = 0;
    for (const id of this.#ids) {
      const transfer = get(id);
      if (transfer !== undefined) this.#seen.add(id);
      const kind = transfer === undefined ? (this.#seen.has(id) ? 'done' : 'waiting') : kindOf(transfer);
      if (kind !== 'waiting') counts[kind] += 1;
      else if (transfer?.sizeBytes) parts += transfer.doneBytes / transfer.sizeBytes;
    }
    const total = this.#ids.length;
    const ended = counts.done + counts.failed + counts.dropped;
    return { ...counts, total, isOver: ended === total, fraction: total === 0 ? 1 : (ended + parts) / total };
  }
}

function kindOf({ state }: Transfer): 'done' | 'failed' | 'asking' | 'dropped' | 'waiting' {
  switch (state.at) {
    case 'done':
    case 'failed':
      return state.at;
    case 'blocked':
      return 'asking';
    case 'skipped':
    case 'cancelled':
      return 'dropped';
    case 'queued':
    case 'running':
    case 'verifying':
    case 'waiting':
    case 'paused':
      return 'waiting';
    default:
      return state satisfies never;
  }
}
