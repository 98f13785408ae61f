import { basename, join } from 'node:path';
import { LocalNames } from '../../local-files/local-names.ts';
import { type WalkEntry, isFolderOrLink, walk } from '../../local-files/walk.ts';
import type { Connection } from '../../oss/connection.ts';
import { folderPrefix } from '../../oss/key-path.ts';
import { keyPages } from '../matching-keys.ts';
import type { NewDownloads, NewUploads } from '../tasks/requests.ts';
import { plannedItems } from './planned-items.ts';
import type { FolderWork, PlannedTransfer } from './planned-transfer.ts';

/** Plans one transfer per file and folder. */
export async function* expandUploads(request: NewUploads): AsyncGenerator<PlannedTransfer> {
  const { accountId, bucket, prefix, paths } = request;
  for (const path of paths) {
    const name = basename(path);
    if (await isFolderOrLink(path)) {
      const work = { kind: 'upload-folder', accountId, bucket, key: `${prefix}${name}/`, path } as const;
      yield { work, name, sizeBytes: null, failure: null };
    } else {
      for await (const found of walk(path)) yield uploadOf({ accountId, bucket, key: prefix + name }, found);
    }
  }
}

/** Plans one transfer per key and prefix, each with a unique path below the folder. */
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
    const local = names.pathOf(folderOf(nameOf(key)), false);
    const work = { kind: 'download-folder', accountId, bucket, key, path: join(folder, local), root: folder } as const;
    yield { work, name: local === '' ? basename(folder) : local, sizeBytes: null, failure: null };
  }
}

/**
 * Yields everything in a folder or below a prefix. `names`: the names a download has used so far. Paths that can't be
 * read are yielded with their failure.
 * @throws WaybillError if a prefix can't be listed
 */
export async function* filesOf(
  connection: () => Promise<Connection>,
  work: FolderWork,
  names = new LocalNames(),
): AsyncGenerator<PlannedTransfer> {
  if (work.plan !== undefined) {
    yield* plannedItems(work, work.plan);
    return;
  }
  if (work.kind === 'upload-folder') {
    const rootLength = basename(work.path).length + 1;
    for await (const found of walk(work.path)) {
      const isMarker = found.kind === 'empty-folder' && found.relativePath.length > rootLength;
      const key = work.key + found.relativePath.slice(rootLength) + (isMarker ? '/' : '');
      // A bucket needs no object to represent it.
      if (key !== '') yield uploadOf({ ...work, key }, found);
    }
    return;
  }
  const base = baseOf(work);
  for await (const { objects } of keyPages(connection, work)) {
    for (const { key, sizeBytes } of objects) {
      yield downloadOf({ root: work.path, ...work, versionId: null }, names, { key, rest: key.slice(base), sizeBytes });
    }
  }
}

/** Returns the path, relative to the folder, that a key would have if every name were valid and free. */
export function plainPathOf(work: FolderWork, key: string): string {
  return key.slice(baseOf(work)).replace(/\/$/, '');
}

/** Restores the names of an earlier run. `paths`: paths used, relative to the folder, separated by `/`. */
export function namesBefore(work: FolderWork, paths: Iterable<readonly [key: string, path: string]>): LocalNames {
  const names = new LocalNames();
  for (const [key, path] of paths) {
    const rest = key.slice(baseOf(work));
    if (path !== '') names.reserve(rest, path);
  }
  return names;
}

/** Length of the part of a key that lies above the folder. */
function baseOf(work: FolderWork): number {
  return folderPrefix(work.key).length;
}

function uploadOf(place: { accountId: string; bucket: string; key: string }, found: WalkEntry): PlannedTransfer {
  const { accountId, bucket, key } = place;
  const what = found.kind === 'unreadable' ? 'unread' : found.kind;
  return {
    work: { kind: 'upload', what, accountId, bucket, key, path: found.path },
    name: found.relativePath,
    ...(found.kind === 'file'
      ? { sizeBytes: found.sizeBytes, stamp: `${found.sizeBytes} ${found.changedAt}` }
      : { sizeBytes: null }),
    failure: found.kind === 'unreadable' ? found.failure : null,
  };
}

/** `rest`: the part of the key that becomes the path below the folder. */
function downloadOf(
  place: { accountId: string; bucket: string; versionId: string | null; path: string; root?: string },
  names: LocalNames,
  { key, rest, sizeBytes }: { key: string; rest: string; sizeBytes: number | null },
): PlannedTransfer {
  const { accountId, bucket, versionId, root } = place;
  const isFolder = rest === '' || (rest.endsWith('/') && (sizeBytes ?? 0) === 0);
  const local = names.pathOf(rest, !isFolder);
  const what = isFolder ? 'folder' : 'object';
  const path = join(place.path, local);
  return {
    work: { kind: 'download', what, accountId, bucket, key, versionId, path, ...(root === undefined ? {} : { root }) },
    name: local === '' ? basename(place.path) : local,
    sizeBytes,
    failure: null,
  };
}

/** Returns the last segment; a prefix keeps its slash. */
function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}

/** A prefix that ends within a name selects by beginning; its files go directly into the folder. */
function folderOf(name: string): string {
  return name.endsWith('/') ? name : '';
}
