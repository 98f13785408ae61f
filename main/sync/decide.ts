import { type Difference, differenceOf, type LocalState, type RemoteState } from './difference.ts';
import type { LocalItem } from './local-side.ts';
import type { Pair } from './pairs.ts';
import type { RemoteItem } from './remote-side.ts';
import type { SyncRule } from './rule.ts';
import { type SkipReason, type SyncEntry, stepOf } from './step.ts';
import { isKeyRefused, type TargetNames } from './target-names.ts';

/** A path whose difference is known or must be asked for, and what else decides about its step. */
export interface Found {
  readonly path: string;
  readonly difference: Difference | 'ask';
  readonly local: LocalState | null;
  readonly remote: RemoteState | null;
  /** The class of an object that can't be read before it is restored; else null. */
  readonly frozenAs: string | null;
  readonly after: string;
}

/** What decide() goes by. `clockOffsetMs`: the server's time minus this computer's. */
export interface Grounds {
  readonly rule: SyncRule;
  readonly names: TargetNames;
  readonly clockOffsetMs: number;
}

/** Decides about a pair, as far as walk and listing tell. Null for what isn't synced by itself, such as a folder. */
export function decide(pair: Pair, grounds: Grounds): SyncEntry | Found | null {
  const { path, local, remote } = pair;
  if (local?.kind === 'unreadable') return entryOf(path, { action: 'fail', because: local.because });
  if (local?.kind === 'skipped') return isTold(pair, grounds) ? skipOf(path, local.because, remote) : null;
  if (path.endsWith('/')) return decideFolder(path, local, remote, grounds.rule);
  const file = local?.kind === 'file' ? local : null;
  const refusal = refusalOf(path, file, remote, grounds);
  if (refusal !== null) return skipOf(path, refusal, remote);
  return foundOf(path, file, remote, differenceIn(file, remote, grounds));
}

/** Whether a local path that is skipped matters: at the target, only if the source has something for it. */
function isTold({ remote, hidden }: Pair, { rule }: Grounds): boolean {
  return rule.direction === 'up' || remote !== null || hidden > 0;
}

/** Whether only a look at the object, its bytes or the place of the file tells more. */
export function needsLook({ difference, frozenAs }: Found, { direction }: SyncRule): boolean {
  if (difference === 'ask') return true;
  return direction === 'down' && (difference === 'new' || (frozenAs !== null && difference !== 'same'));
}

/** The entry of a path whose difference is known. */
export function settledEntry({ path, local, remote, after }: Found, difference: Difference, rule: SyncRule): SyncEntry {
  const step = stepOf(difference, rule);
  const entry = { path, difference, step, local, remote };
  return step.action === 'delete' && remote !== null ? { ...entry, after } : entry;
}

/** The entry of a path that stays as it is. */
export function skipOf(path: string, because: SkipReason, remote: Pick<RemoteItem, 'state'> | null): SyncEntry {
  return { ...entryOf(path, { action: 'skip', because }), remote: remote?.state ?? null };
}

/** Folders come and go with their files: of an empty one nothing is created, and its object goes with it. */
function decideFolder(
  path: string,
  local: LocalItem | null,
  remote: RemoteItem | null,
  { direction }: SyncRule,
): Found | SyncEntry | null {
  if (remote === null) return null;
  if (direction === 'up') return local === null ? foundOf(path, null, remote, 'gone') : null;
  // A file can't have a slash at its end.
  return remote.state.sizeBytes > 0 ? skipOf(path, 'name', remote) : null;
}

function refusalOf(
  path: string,
  local: LocalState | null,
  remote: RemoteItem | null,
  { rule, names }: Grounds,
): SkipReason | null {
  const isUp = rule.direction === 'up';
  const isAtSource = isUp ? local !== null : remote !== null;
  if (!isAtSource) return null;
  if (remote?.kind === 'linked') return 'linked';
  if (isUp) return isKeyRefused(rule.prefix + path) ? 'name' : null;
  return local === null ? names.refusalOf(path) : null;
}

function differenceIn(local: LocalState | null, remote: RemoteItem | null, grounds: Grounds): Difference | 'ask' {
  const { rule, clockOffsetMs } = grounds;
  if (local !== null && remote !== null) return differenceOf(local, remote.state, rule, clockOffsetMs);
  return (local === null) === (rule.direction === 'up') ? 'gone' : 'new';
}

function foundOf(
  path: string,
  local: LocalState | null,
  remote: RemoteItem | null,
  difference: Difference | 'ask',
): Found {
  const { state = null, frozenAs = null, after = '' } = remote ?? {};
  const file = local === null ? null : { sizeBytes: local.sizeBytes, modifiedAt: local.modifiedAt };
  return { path, difference, local: file, remote: state, frozenAs, after };
}

function entryOf(path: string, step: SyncEntry['step']): SyncEntry {
  return { path, difference: null, step, local: null, remote: null };
}
