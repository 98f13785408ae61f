import type { BucketAcl } from './acl.ts';
import type { Versioning } from './buckets.ts';
import type { Connection } from '../connection.ts';
import { sendForHeaders } from '../exchange/request.ts';
import { writeXml } from '../exchange/xml.ts';

/** Storage classes of buckets and objects, from the most to the least frequently read. */
export const storageClasses = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'] as const;

/** A storage class. */
export type StorageClass = (typeof storageClasses)[number];

/**
 * PutBucket: creates a bucket in the region of the connection. Names are unique across all of OSS.
 * @throws WaybillError `oss` BucketAlreadyExists for a name that is taken
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucket
 */
export async function createBucket(
  connection: Connection,
  bucket: string,
  settings: { readonly storageClass: StorageClass; readonly acl: BucketAcl },
): Promise<void> {
  const body = Buffer.from(writeXml('CreateBucketConfiguration', [['StorageClass', settings.storageClass]]));
  const headers = { 'content-type': 'application/xml', 'x-oss-acl': settings.acl };
  await sendForHeaders(connection, { method: 'PUT', bucket, headers, body });
}

/**
 * DeleteBucket: deletes an empty bucket.
 * @throws WaybillError `oss` BucketNotEmpty while it holds objects, versions or unfinished uploads
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletebucket
 */
export async function deleteBucket(connection: Connection, bucket: string): Promise<void> {
  await sendForHeaders(connection, { method: 'DELETE', bucket });
}

/**
 * PutBucketVersioning: enables or suspends versioning. Once enabled it can't be removed, only suspended.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketversioning
 */
export async function putBucketVersioning(
  connection: Connection,
  bucket: string,
  versioning: Exclude<Versioning, 'never'>,
): Promise<void> {
  const status = versioning === 'enabled' ? 'Enabled' : 'Suspended';
  const body = Buffer.from(writeXml('VersioningConfiguration', [['Status', status]]));
  const headers = { 'content-type': 'application/xml' };
  await sendForHeaders(connection, { method: 'PUT', bucket, params: { versioning: null }, headers, body });
}
