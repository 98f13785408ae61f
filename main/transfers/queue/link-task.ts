import { basename, dirname, join } from 'node:path';
import { safeName } from '../../local-files/safe-name.ts';
import type { NewLinkDownload, NewLinkUpload } from '../tasks/requests.ts';
import type { LiveLink, Task, Work } from '../tasks/task.ts';

/** A transfer through a signed URL, in either direction. */
export type LinkRequest =
  (NewLinkDownload & { readonly kind: 'download' }) | (NewLinkUpload & { readonly kind: 'upload' });

type LinkWork = Extract<Work, { kind: 'link-download' | 'link-upload' }>;

/**
 * Splits a request into its work, which is written down, and its secret link. `isSame`: whether a task that waits
 * for a link waits for this one.
 */
export function planLinkTask(request: LinkRequest): {
  readonly work: Work;
  readonly name: string;
  readonly link: LiveLink;
  readonly isSame: (task: Task) => boolean;
} {
  const { url, parts } = request;
  const work = workOf(request);
  const name = basename(work.path);
  const link = {
    ...{ url, params: parts.params },
    headers: request.kind === 'upload' ? request.headers : {},
    expected: request.kind === 'download' ? request.expected : undefined,
  };
  return { work, name, link, isSame: (other) => isSameWork(work, other.record.work) };
}

function workOf(request: LinkRequest): LinkWork {
  const { host, bucket, key, versionId } = request.parts;
  if (request.kind === 'upload') return { kind: 'link-upload', host, bucket, key, path: request.path };
  const work = { kind: 'link-download', host, bucket, key, versionId } as const;
  if ('path' in request) return { ...work, path: request.path };
  const { folder, root, fileName } = request;
  return { ...work, path: join(folder, safeName(fileName)), ...(root === undefined ? {} : { root }) };
}

function isSameWork(incoming: LinkWork, existing: Work): boolean {
  if (incoming.kind !== existing.kind || incoming.bucket !== existing.bucket || incoming.key !== existing.key)
    return false;
  if (incoming.kind === 'link-upload') return incoming.path === existing.path;
  if (existing.kind !== 'link-download') return false;
  // Its name may have been numbered; what counts is that it goes into the same folder.
  return incoming.versionId === existing.versionId && dirname(incoming.path) === dirname(existing.path);
}
