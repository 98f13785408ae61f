import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { safeName } from '../../local-files/safe-name.ts';
import type { ObjectUrlParts } from '../../oss/signing/signed-url-parts.ts';
import type { NewLinkDownload, NewLinkUpload, NewTicketUpload } from '../tasks/requests.ts';
import type { LiveLink, Task, Work } from '../tasks/task.ts';

/** A transfer through a signed URL, in either direction, or through an upload ticket. */
export type LinkRequest =
  | (NewLinkDownload & { readonly kind: 'download' })
  | (NewLinkUpload & { readonly kind: 'upload' })
  | (NewTicketUpload & { readonly kind: 'ticket' });

type LinkWork = Extract<Work, { readonly host: string }>;

/**
 * Splits a request into its work, which is written down, and its secret link. `isSame`: whether a task that waits
 * for a link waits for this one.
 */
export function planLinkTask(request: LinkRequest): {
  readonly work: LinkWork;
  readonly name: string;
  readonly link: LiveLink;
  readonly isSame: (task: Task) => boolean;
} {
  const work = workOf(request);
  const name = basename(work.path);
  return { work, name, link: liveLinkOf(request), isSame: (other) => isSameWork(work, other.record.work) };
}

function liveLinkOf(request: LinkRequest): LiveLink {
  if (request.kind === 'ticket') return request.ticket;
  return {
    ...{ url: request.url, params: request.parts.params },
    headers: request.kind === 'upload' ? request.headers : {},
    expected: request.kind === 'download' ? request.expected : undefined,
  };
}

function workOf(request: LinkRequest): LinkWork {
  if (request.kind === 'ticket') {
    const { host, bucket, key, uploadId } = request.ticket;
    return { kind: 'ticket-upload', host, bucket, key, uploadId, path: request.path };
  }
  const { host, bucket, key, versionId } = request.parts;
  if (request.kind === 'upload') return { kind: 'link-upload', host, bucket, key, path: request.path };
  const [processing] = processingOf(request.parts);
  const object = { kind: 'link-download', host, bucket, key, versionId } as const;
  const work = processing === undefined ? object : { ...object, processing };
  if ('path' in request) return { ...work, path: request.path };
  const { folder, root, fileName } = request;
  return { ...work, path: join(folder, safeName(fileName)), ...(root === undefined ? {} : { root }) };
}

function isSameWork(incoming: LinkWork, existing: Work): boolean {
  if (incoming.kind === 'link-download') return downloadName(incoming) === downloadName(existing);
  if (incoming.kind === 'ticket-upload') {
    // Another ticket for the same upload may lead to another host of the bucket.
    return (
      existing.kind === incoming.kind && existing.uploadId === incoming.uploadId && existing.path === incoming.path
    );
  }
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
  return JSON.stringify([objectOf(work), work.versionId, work.processing, dirname(work.path)]);
}

/**
 * Tells apart what OSS makes of one object, such as a picture in two sizes: a hash of the link's x-oss-process, which may
 * be long; empty for the object as it is.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/img-implementation-modes
 */
export function processingOf({ params }: Pick<ObjectUrlParts, 'params'>): readonly string[] {
  return params.flatMap(([name, value]) =>
    name === 'x-oss-process' ? [createHash('sha256').update(value).digest('hex').slice(0, 16)] : [],
  );
}

/** A bucket is the same on each of its hosts. A custom domain hides it, so there only the host tells. */
function objectOf({ host, bucket, key }: LinkWork): string {
  return JSON.stringify([bucket === null ? host : null, bucket, key]);
}
