import type { Difference } from './difference.ts';
import type { SkipReason, SyncEntry, SyncStep } from './step.ts';

/** How many paths, and the bytes of what the source has of them; of deletions, what the target has. */
interface SyncSum {
  readonly count: number;
  readonly bytes: number;
}

/** The sums of a comparison by action, the number of paths by difference, and of those left as they are by reason. */
export interface SyncTotals {
  readonly actions: Readonly<Record<SyncStep['action'], SyncSum>>;
  readonly differences: Readonly<Record<Difference, number>>;
  readonly skips: Readonly<Record<SkipReason, number>>;
}

/**
 * Why nothing is deleted. `partial`: a side couldn't be read in part, or changed meanwhile, so that what seems gone may
 * be there. `taken`: names collide at the target, so that a file may be the one that is to stay under another name.
 */
export type DeletionStop = 'partial' | 'taken';

const none: SyncSum = { count: 0, bytes: 0 };

/** The totals before anything was compared. */
export const noTotals: SyncTotals = {
  actions: { upload: none, download: none, delete: none, skip: none, fail: none, none },
  differences: { new: 0, newer: 0, older: 0, different: 0, gone: 0, same: 0 },
  skips: { name: 0, taken: 0, linked: 0, special: 0, archived: 0, changed: 0, newer: 0 },
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
    skips: entry.step.action === 'skip' ? addSkip(totals.skips, entry.step.because) : totals.skips,
  };
}

/** Why the deletions of a plan must not be carried out; null if they may. */
export function deletionStopOf({ actions, skips }: SyncTotals): DeletionStop | null {
  if (actions.fail.count > 0 || skips.changed > 0) return 'partial';
  return skips.taken > 0 ? 'taken' : null;
}

/**
 * Whether the source has no file that the patterns cover; what is left as it is, such as a link, is none. Deletions would
 * then empty the target: more likely, somebody mistyped a prefix or forgot to mount a disk.
 */
export function isSourceEmpty({ differences }: SyncTotals): boolean {
  return (['new', 'newer', 'older', 'different', 'same'] as const).every((kind) => differences[kind] === 0);
}

function addSkip(skips: SyncTotals['skips'], because: SkipReason): SyncTotals['skips'] {
  return { ...skips, [because]: skips[because] + 1 };
}

/** The bytes that a step moves or deletes; those of a file that stays as it is. */
function bytesOf({ step, local, remote }: Pick<SyncEntry, 'step' | 'local' | 'remote'>): number {
  const [first, second] = step.action === 'download' ? [remote, local] : [local, remote];
  return (first ?? second)?.sizeBytes ?? 0;
}
