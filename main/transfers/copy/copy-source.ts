import { type Failure, toFailure } from '../../failure.ts';
import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import { headObject } from '../../oss/operations/objects.ts';
import { getSymlink, type Symlink } from '../../oss/operations/symlinks.ts';
import { objectRefOf, type SourceLocation } from './copy-job.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';

/** What is to be copied: an object, or a symlink, whose `head` is that of what it leads to; null where nobody can read that. */
export type CopySource =
  { readonly head: ObjectHead; readonly link: null } | { readonly head: ObjectHead | null; readonly link: Symlink };

/** The state that a source was in when it was copied. */
export interface SourceState {
  readonly etag: string | null;
  readonly versionId: string | null;
}

/** Looks at what is to be copied. @throws WaybillError what OSS said */
export async function readSource({ connection, ...place }: SourceLocation, signal: AbortSignal): Promise<CopySource> {
  const object = objectRefOf(place);
  const ask = <T>(operation: () => Promise<T>): Promise<T> => retry(operation, REQUEST_RETRY, signal);
  let head: ObjectHead;
  try {
    head = await ask(() => headObject(connection, object, signal));
  } catch (error) {
    if (signal.aborted || !mayBeOfTarget(toFailure(error))) throw error;
    // What it is by itself, if that is anything: the reason is that of HEAD.
    const link = await getSymlink(connection, object, signal).catch(() => null);
    if (link === null) throw error;
    return { head: null, link };
  }
  if (head.objectType !== 'Symlink') return { head, link: null };
  return { head, link: await ask(() => getSymlink(connection, object, signal)) };
}

/** The source's own state: that of a symlink stays as it is whatever becomes of its target. */
export function stateOf({ head, link }: CopySource): SourceState {
  const { etag, versionId } = link ?? head;
  return { etag, versionId };
}

/** HEAD of a symlink fails as one of its target would: because that is gone, archived, or not to be read. */
function mayBeOfTarget(failure: Failure): boolean {
  if (failure.kind === 'credentials') return failure.reason === 'denied';
  return failure.kind === 'oss' && failure.status < 500 && !['NoSuchKey', 'NoSuchBucket'].includes(failure.code);
}
