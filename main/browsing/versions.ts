import type { Connection } from '../oss/connection.ts';
import { MAX_PAGE_KEYS } from '../oss/limits.ts';
import { listVersions, type ObjectVersion } from '../oss/operations/versions.ts';

/** Where a page of versions ended: the next one begins behind it. */
export interface VersionCursor {
  readonly keyMarker: string;
  readonly versionIdMarker: string | null;
  /** How many pages ended at this key. */
  readonly pagesOfKey: number;
}

/** A page of the versions in one folder; `after` is null on the last one. */
export interface VersionsPage {
  readonly versions: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  readonly after: VersionCursor | null;
}

/** The delete marker that hides an object. `deletedAt` is in Unix milliseconds. */
export interface DeleteMarker {
  readonly key: string;
  readonly versionId: string;
  readonly deletedAt: number;
}

/** A page of delete markers; `after` is null on the last one. */
export interface DeleteMarkersPage {
  readonly markers: readonly DeleteMarker[];
  readonly after: VersionCursor | null;
}

/** Lists the versions and delete markers in one folder, behind `after` if given. */
export async function listFolderVersions(
  connection: Connection,
  bucket: string,
  prefix: string,
  after: VersionCursor | null,
): Promise<VersionsPage> {
  const page = await listVersions(connection, bucket, {
    prefix,
    delimiter: '/',
    maxKeys: MAX_PAGE_KEYS,
    keyMarker: after?.keyMarker,
    versionIdMarker: after?.versionIdMarker ?? undefined,
    pagesOfKey: after?.pagesOfKey ?? 0,
  });
  const { versions, prefixes, nextKeyMarker: keyMarker, nextVersionIdMarker: versionIdMarker, pagesOfKey } = page;
  return { versions, prefixes, after: keyMarker === null ? null : { keyMarker, versionIdMarker, pagesOfKey } };
}

/** Lists the objects in one folder that only a delete marker stands for. A page may be empty and still have a next. */
export async function listDeleteMarkers(
  connection: Connection,
  bucket: string,
  prefix: string,
  after: VersionCursor | null,
): Promise<DeleteMarkersPage> {
  const page = await listFolderVersions(connection, bucket, prefix, after);
  const markers = page.versions
    .filter(({ deleteMarker, isLatest }) => deleteMarker && isLatest)
    .map(({ key, versionId, lastModified }) => ({ key, versionId, deletedAt: lastModified }));
  return { markers, after: page.after };
}

/** Lists all versions and delete markers of exactly this key, newest first. */
export async function listObjectVersions(
  connection: Connection,
  bucket: string,
  key: string,
): Promise<readonly ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  let keyMarker: string | undefined;
  let versionIdMarker: string | undefined;
  let pagesOfKey = 0;
  do {
    const marks = { keyMarker, versionIdMarker, pagesOfKey };
    const page = await listVersions(connection, bucket, { prefix: key, maxKeys: MAX_PAGE_KEYS, ...marks });
    const own = page.versions.filter((version) => version.key === key);
    for (const version of own) versions.push(version);
    // Keys are sorted: another key means that there are no more versions of this one.
    const more = own.length === page.versions.length ? page : null;
    keyMarker = more?.nextKeyMarker ?? undefined;
    versionIdMarker = more?.nextVersionIdMarker ?? undefined;
    pagesOfKey = page.pagesOfKey;
  } while (keyMarker !== undefined);
  return versions;
}
