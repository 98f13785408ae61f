import { WaybillError } from '../failure.ts';
import type { Connection } from './connection.ts';

/** One bucket. `createdAt` is in Unix milliseconds, `region` the plain id. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: number;
  readonly storageClass: string;
  readonly extranetEndpoint: string;
  readonly intranetEndpoint: string;
}

/** One page of buckets; `nextMarker` is null on the last one. */
export interface BucketPage {
  readonly buckets: readonly Bucket[];
  readonly nextMarker: string | null;
}

/** Whether a bucket keeps versions; `never` means that it never did. */
export type Versioning = 'enabled' | 'suspended' | 'never';

/** Options of listBuckets. */
export interface ListBucketsOptions {
  readonly prefix?: string;
  readonly marker?: string;
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One page of the buckets of an account. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listbuckets */
export function listBuckets(connection: Connection, options: ListBucketsOptions = {}): Promise<BucketPage> {
  return notYet(connection, options);
}

/** A bucket's region, endpoints and versioning. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo */
export function getBucketInfo(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<Bucket & { readonly versioning: Versioning }> {
  return notYet(connection, bucket, signal);
}

/** Whether the bucket keeps versions. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketversioning */
export function getBucketVersioning(connection: Connection, bucket: string, signal?: AbortSignal): Promise<Versioning> {
  return notYet(connection, bucket, signal);
}

function notYet(...args: unknown[]): Promise<never> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: String(args.length) }));
}
