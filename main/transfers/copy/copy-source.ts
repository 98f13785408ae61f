import { type Failure, isDenied, toFailure } from '../../failure.ts';
import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import { headObject } from '../../oss/operations/objects.ts';
import { getSymlink, type Symlink } from '../../oss/operations/symlinks.ts';
import { objectRefOf, type SourceLocation } from './copy-job.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';

/**
 * The source of a copy: an object, or a symlink, whose `head` is that of its target; null if the target can't be read.
 */
export type CopySource =
  { readonly head: ObjectHead; readonly link: null } | { readonly head: ObjectHead | null; readonly link: Symlink };

/** State of a source when it was copied. */
export interface SourceState {
  readonly etag: string | null;
  readonly versionId: string | null;
}

/** Reads the state of a source. @throws WaybillError with the error of OSS */
export async function readSource(
  { connection, ...location }: SourceLocation,
  signal: AbortSignal,
): Promise<CopySource> {
  const object = objectRefOf(location);
  const ask = <T>(operation: () => Promise<T>): Promise<T> => retry(operation, REQUEST_RETRY, signal);
  let head: ObjectHead;
  try {
    head = await ask(() => headObject(connection, object, signal));
  } catch (error) {
    if (signal.aborted || !mayBeOfTarget(toFailure(error))) throw error;
    // Try the symlink itself. If it isn't one, HEAD's error is the one to report.
    const link = await getSymlink(connection, object, signal).catch(() => null);
    if (link === null) throw error;
    return { head: null, link };
  }
  if (head.objectType !== 'Symlink') return { head, link: null };
  return { head, link: await ask(() => getSymlink(connection, object, signal)) };
}

/** Returns the source's own state: for a symlink that of the link, which doesn't depend on its target. */
export function stateOf({ head, link }: CopySource): SourceState {
  const { etag, versionId } = link ?? head;
  return { etag, versionId };
}

/** Whether the failure may come from a symlink's target, which HEAD follows: deleted, archived, or not readable. */
function mayBeOfTarget(failure: Failure): boolean {
  if (failure.kind === 'credentials') return isDenied(failure);
  return failure.kind === 'oss' && failure.status < 500 && !['NoSuchKey', 'NoSuchBucket'].includes(failure.code);
}
