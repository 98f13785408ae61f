import type { SyncRule } from './rule.ts';

/** A file of the folder. Times in Unix milliseconds. */
export interface LocalState {
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** An object below the prefix. `lastModified`, in Unix milliseconds, is when it was stored: OSS keeps whole seconds. */
export interface RemoteState {
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly etag: string;
}

/**
 * How the two sides of a path differ. `new`: only the source has it. `gone`: only the target has it. `newer`, `older`:
 * the source's is, and they aren't equal. `different`: not equal, and times don't tell more.
 */
export type Difference = 'new' | 'newer' | 'older' | 'different' | 'gone' | 'same';

/** Times closer than this, in milliseconds, don't tell which came first: OSS keeps whole seconds, FAT every second one. */
const CLOSE_MS = 2000;

/**
 * Compares a file with its object by what a walk and a listing know. `ask`: only a HEAD of the object tells, and for
 * `checksum` the file's bytes.
 *
 * OSS has no modification time of its own, only the time of the upload. An upload is needed if the file changed after it.
 * A download gives the file the object's time, so that any other time means a change. Whoever is in doubt asks for the
 * time that the uploader stored with the object.
 * @param clockOffsetMs the server's time minus this computer's, in milliseconds
 */
export function differenceOf(
  local: LocalState,
  remote: RemoteState,
  { direction, compare }: Pick<SyncRule, 'direction' | 'compare'>,
  clockOffsetMs: number,
): Difference | 'ask' {
  const isSameSize = local.sizeBytes === remote.sizeBytes;
  if (isSameSize && local.sizeBytes === 0) return 'same';
  if (compare === 'checksum') return isSameSize ? 'ask' : 'different';
  if (!isSameSize) return orderOf(local, remote, direction);
  if (direction === 'up') {
    return local.modifiedAt + clockOffsetMs < remote.lastModified - CLOSE_MS ? 'same' : 'ask';
  }
  return hasObjectsTime(local, remote) ? 'same' : 'ask';
}

/**
 * Compares a file with its object of the same size by the modification time that the uploader stored, in Unix
 * milliseconds; null if there is none.
 */
export function differenceByStoredTime(
  local: LocalState,
  remote: RemoteState,
  { direction }: Pick<SyncRule, 'direction'>,
  storedAt: number | null,
): Difference {
  if (storedAt !== null && Math.abs(storedAt - local.modifiedAt) <= 1) return 'same';
  return direction === 'up' ? 'newer' : orderOf(local, remote, direction);
}

/** Whether a download gave the file its time, which FAT rounds to two seconds. */
function hasObjectsTime({ modifiedAt }: LocalState, { lastModified }: RemoteState): boolean {
  const apart = Math.abs(modifiedAt - lastModified);
  return apart === 0 || (apart <= CLOSE_MS && modifiedAt % CLOSE_MS === 0);
}

function orderOf(local: LocalState, remote: RemoteState, direction: SyncRule['direction']): Difference {
  const ahead = local.modifiedAt - remote.lastModified;
  if (Math.abs(ahead) < CLOSE_MS) return 'different';
  return ahead > 0 === (direction === 'up') ? 'newer' : 'older';
}
