import { basename, join } from 'node:path';
import type { Failure } from '../../failure.ts';
import { LocalNames } from '../../local-files/local-names.ts';
import { type WalkEntry, leadsToFolder, walk } from '../../local-files/walk.ts';
import type { Connection } from '../../oss/connection.ts';
import { folderPrefix } from '../../oss/key-path.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import type { NewDownloads, NewUploads } from '../tasks/requests.ts';
import type { Work } from '../tasks/task.ts';

/** A folder, in either direction. */
export type FolderWork = Extract<Work, { kind: 'upload-folder' | 'download-folder' }>;

/** One transfer that a request means. `failure`: it could not even begin. */
export interface PlannedTransfer {
  readonly work: Work;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** When a file to upload last changed, in Unix milliseconds. */
  readonly changedAt?: number;
  readonly failure: Failure | null;
}

/** One transfer for each file and each folder. */
export async function* expandUploads(request: NewUploads): AsyncGenerator<PlannedTransfer> {
  const { accountId, bucket, prefix, paths } = request;
  for (const path of paths) {
    const name = basename(path);
    if (await leadsToFolder(path)) {
      const work = { kind: 'upload-folder', accountId, bucket, key: `${prefix}${name}/`, path } as const;
      yield { work, name, sizeBytes: null, failure: null };
    } else {
      for await (const found of walk(path)) yield uploadOf({ accountId, bucket, key: prefix + name }, found);
    }
  }
}

/** One transfer for each key and each prefix, each with a path of its own below the folder. */
export function* expandDownloads(request: NewDownloads): Generator<PlannedTransfer> {
  const { accountId, bucket, keys, prefixes, versionId, folder } = request;
  const names = new LocalNames();
  for (const key of keys) {
    yield downloadOf({ accountId, bucket, versionId, path: folder }, names, {
      key,
      rest: nameOf(key),
      sizeBytes: null,
    });
  }
  for (const key of prefixes) {
    const local = names.pathOf(folderOf(nameOf(key)));
    const work = { kind: 'download-folder', accountId, bucket, key, path: join(folder, local) } as const;
    yield { work, name: local === '' ? basename(folder) : local, sizeBytes: null, failure: null };
  }
}

/**
 * All that is in a folder or below a prefix, step by step. `names`: those that a download's parts have already.
 * @throws WaybillError where a prefix cannot be listed; a path that cannot be read is one of what it gives
 */
export async function* filesOf(
  connection: () => Promise<Connection>,
  work: FolderWork,
  names = new LocalNames(),
): AsyncGenerator<PlannedTransfer> {
  if (work.kind === 'upload-folder') {
    const rootLength = basename(work.path).length + 1;
    for await (const found of walk(work.path)) {
      const isMarker = found.kind === 'empty-folder' && found.relativePath.length > rootLength;
      const key = work.key + found.relativePath.slice(rootLength) + (isMarker ? '/' : '');
      // A bucket itself needs no object that stands for it.
      if (key !== '') yield uploadOf({ ...work, key }, found);
    }
    return;
  }
  const base = baseOf(work);
  let pageToken: string | undefined;
  do {
    const page = await listObjects(await connection(), work.bucket, { prefix: work.key, pageToken });
    for (const { key, sizeBytes } of page.objects) {
      yield downloadOf({ ...work, versionId: null }, names, { key, rest: key.slice(base), sizeBytes });
    }
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
}

/** The path below the folder that a key has by itself, with no regard to what a system takes as a name. */
export function plainPathOf(work: FolderWork, key: string): string {
  return key.slice(baseOf(work)).replace(/\/$/, '');
}

/** The names of a download that was begun before. `paths`: of its parts, below the folder, separator `/`. */
export function namesBefore(work: FolderWork, paths: Iterable<readonly [key: string, path: string]>): LocalNames {
  const names = new LocalNames();
  for (const [key, path] of paths) {
    const rest = key.slice(baseOf(work));
    if (path !== '') names.keep(rest, path);
  }
  return names;
}

/** How much of a key lies above the folder. */
function baseOf(work: FolderWork): number {
  return folderPrefix(work.key).length;
}

function uploadOf(place: { accountId: string; bucket: string; key: string }, found: WalkEntry): PlannedTransfer {
  const { accountId, bucket, key } = place;
  const what = found.kind === 'unreadable' ? 'unread' : found.kind;
  return {
    work: { kind: 'upload', what, accountId, bucket, key, path: found.path },
    name: found.relativePath,
    ...(found.kind === 'file' ? { sizeBytes: found.sizeBytes, changedAt: found.changedAt } : { sizeBytes: null }),
    failure: found.kind === 'unreadable' ? found.failure : null,
  };
}

/** `rest`: the part of the key that makes the path below the folder. */
function downloadOf(
  place: { accountId: string; bucket: string; versionId: string | null; path: string },
  names: LocalNames,
  { key, rest, sizeBytes }: { key: string; rest: string; sizeBytes: number | null },
): PlannedTransfer {
  const { accountId, bucket, versionId } = place;
  const isFolder = rest === '' || (rest.endsWith('/') && (sizeBytes ?? 0) === 0);
  const local = names.pathOf(rest, !isFolder);
  const what = isFolder ? 'folder' : 'object';
  const path = join(place.path, local);
  return {
    work: { kind: 'download', what, accountId, bucket, key, versionId, path },
    name: local === '' ? basename(place.path) : local,
    sizeBytes,
    failure: null,
  };
}

/** The last segment, with its slash for a prefix. */
function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}

/** A prefix that ends within a name means what begins with it, and goes into the folder itself. */
function folderOf(name: string): string {
  return name.endsWith('/') ? name : '';
}
