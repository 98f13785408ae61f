import type { Difference } from './difference.ts';
import type { SyncEntry, SyncStep } from './step.ts';

/** How many paths, and the bytes of what the source has of them; of deletions, what the target has. */
export interface SyncSum {
  readonly count: number;
  readonly bytes: number;
}

/** The sums of a comparison by action, and the number of paths by difference. */
export interface SyncTotals {
  readonly actions: Readonly<Record<SyncStep['action'], SyncSum>>;
  readonly differences: Readonly<Record<Difference, number>>;
}

const none: SyncSum = { count: 0, bytes: 0 };

/** The totals before anything was compared. */
export const noTotals: SyncTotals = {
  actions: { upload: none, download: none, delete: none, skip: none, fail: none, none },
  differences: { new: 0, newer: 0, older: 0, different: 0, gone: 0, same: 0 },
};

/** Adds an entry to the totals. */
export function addToTotals(totals: SyncTotals, entry: SyncEntry): SyncTotals {
  const { action } = entry.step;
  const { count, bytes } = totals.actions[action];
  const { difference } = entry;
  return {
    actions: { ...totals.actions, [action]: { count: count + 1, bytes: bytes + bytesOf(entry) } },
    differences:
      difference === null
        ? totals.differences
        : { ...totals.differences, [difference]: totals.differences[difference] + 1 },
  };
}

/** The bytes that a step moves or deletes; those of a file that stays as it is. */
export function bytesOf({ step, local, remote }: Pick<SyncEntry, 'step' | 'local' | 'remote'>): number {
  const [first, second] = step.action === 'download' ? [remote, local] : [local, remote];
  return (first ?? second)?.sizeBytes ?? 0;
}
