import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Failure, toFailure } from '../failure.ts';
import { onFile } from '../local-files/file-failure.ts';
import { LocalNames } from '../local-files/local-names.ts';
import { walk } from '../local-files/walk.ts';
import type { Connection } from '../oss/connection.ts';
import { listObjects } from '../oss/listing.ts';
import type { DownloadRequest, UploadRequest } from './requests.ts';
import type { Work } from './task.ts';

/** One transfer that a request means. `failure`: it could not even begin. */
export interface Expanded {
  readonly work: Work;
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly failure: Failure | null;
}

/** The uploads that files and folders mean, found while the first of them are already on their way. */
export async function* expandUploads(request: UploadRequest): AsyncGenerator<Expanded> {
  const { accountId, bucket, prefix, paths } = request;
  for (const path of paths) {
    for await (const found of walk(path)) {
      const key = prefix + found.relativePath + (found.kind === 'empty-folder' ? '/' : '');
      const what = found.kind === 'unreadable' ? 'unread' : found.kind;
      yield {
        work: { kind: 'upload', what, accountId, bucket, key, path: found.path },
        name: found.relativePath,
        sizeBytes: found.kind === 'file' ? found.sizeBytes : null,
        failure: found.kind === 'unreadable' ? found.failure : null,
      };
    }
  }
}

/** The downloads that keys and prefixes mean, each with a path of its own below the folder. */
export async function* expandDownloads(
  connection: () => Promise<Connection>,
  request: DownloadRequest,
): AsyncGenerator<Expanded> {
  const { accountId, bucket, keys, prefixes, versionId, folder } = request;
  const names = new LocalNames();
  const expand = async (key: string, name: string, sizeBytes: number | null): Promise<Expanded> => {
    const isFolder = name.endsWith('/') && (sizeBytes ?? 0) === 0;
    // An object under a folder's key that has bytes: they need a file.
    const local = names.pathOf(name.endsWith('/') && !isFolder ? `${name}_` : name);
    const path = join(folder, local);
    const failure = isFolder ? await makeFolder(path) : null;
    const what = isFolder ? 'folder' : 'object';
    return {
      work: { kind: 'download', what, accountId, bucket, key, versionId, path },
      name: local,
      sizeBytes,
      failure,
    };
  };
  for (const key of keys) yield await expand(key, nameOf(key), null);
  for (const prefix of prefixes) {
    const parent = prefix.length - nameOf(prefix).length;
    try {
      let pageToken: string | undefined;
      do {
        const page = await listObjects(await connection(), bucket, { prefix, pageToken });
        for (const { key, sizeBytes } of page.objects) yield await expand(key, key.slice(parent), sizeBytes);
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken !== undefined);
    } catch (error) {
      const work = { accountId, bucket, key: prefix, versionId: null, path: folder } as const;
      yield {
        work: { kind: 'download', what: 'unlisted', ...work },
        name: nameOf(prefix) === '' ? basename(folder) : nameOf(prefix),
        sizeBytes: null,
        failure: toFailure(error),
      };
    }
  }
}

/** The last segment, with its slash for a prefix. */
function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}

async function makeFolder(path: string): Promise<Failure | null> {
  try {
    await onFile(path, mkdir(path, { recursive: true }));
    return null;
  } catch (error) {
    return toFailure(error);
  }
}
