import type { Failure } from '../failure.ts';
import type { Difference, LocalState, RemoteState } from './difference.ts';
import type { SyncRule } from './rule.ts';

/**
 * Why a path is left as it is. `name`: it can't exist at the target. `taken`: at the target its name belongs to something
 * else, such as a folder, or a name that differs in case alone. `linked`: a symlink, here or in OSS. `special`: neither
 * file nor folder. `archived`: it must be restored before it can be read. `changed`: it changed while it was read.
 * `newer`: the target's is newer, and the rule keeps that.
 */
export type SkipReason = 'name' | 'taken' | 'linked' | 'special' | 'archived' | 'changed' | 'newer';

/** What a sync does about a path. */
export type SyncStep =
  | { readonly action: 'upload' | 'download' | 'delete' }
  /** Equal, or at the target alone and not to be deleted. */
  | { readonly action: 'none' }
  | { readonly action: 'skip'; readonly because: SkipReason }
  /** What it holds couldn't be read. */
  | { readonly action: 'fail'; readonly because: Failure };

/** One path of both sides, its difference and what follows from it. */
export interface SyncEntry {
  /** Relative to folder and prefix, separated by `/`. With a `/` at its end: everything below. */
  readonly path: string;
  /** Null where one side couldn't be looked at. */
  readonly difference: Difference | null;
  readonly step: SyncStep;
  readonly local: LocalState | null;
  readonly remote: RemoteState | null;
  /** The key that OSS listed before an object that is deleted: a later listing finds the object again from there. */
  readonly after?: string;
}

/** What a difference calls for. */
export function stepOf(difference: Difference, { direction, keepsNewer, deletes }: SyncRule): SyncStep {
  if (difference === 'same') return { action: 'none' };
  if (difference === 'gone') return { action: deletes ? 'delete' : 'none' };
  if (difference === 'older' && keepsNewer) return { action: 'skip', because: 'newer' };
  return { action: direction === 'up' ? 'upload' : 'download' };
}
