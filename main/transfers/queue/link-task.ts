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
  if (incoming.kind === 'link-download') return downloadName(incoming) === downloadName(existing);
  return (
    existing.kind === incoming.kind && objectOf(incoming) === objectOf(existing) && incoming.path === existing.path
  );
}

/**
 * Tells apart what is downloaded through links, and into which folders; null for other work. Two files of one name have
 * numbers in their folder, so the name of the file doesn't count.
 */
export function downloadName(work: Work): string | null {
  if (work.kind !== 'link-download') return null;
  return JSON.stringify([objectOf(work), work.versionId, dirname(work.path)]);
}

/** A bucket is the same on each of its hosts. A custom domain hides it, so there only the host tells. */
function objectOf({ host, bucket, key }: LinkWork): string {
  return JSON.stringify([bucket === null ? host : null, bucket, key]);
}
