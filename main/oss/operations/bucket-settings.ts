import type { BucketAcl } from './acl.ts';
import type { Versioning } from './buckets.ts';
import type { Connection } from '../connection.ts';
import { sendForHeaders } from '../exchange/request.ts';
import { writeXml } from '../exchange/xml.ts';

/** Classes that a bucket or an object may be stored in, from the one read most to the one read least. */
export const storageClasses = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'] as const;

/** A storage class. */
export type StorageClass = (typeof storageClasses)[number];

/** Makes a bucket in the region of the connection. @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucket */
export async function createBucket(
  connection: Connection,
  bucket: string,
  settings: { readonly storageClass: StorageClass; readonly acl: BucketAcl },
): Promise<void> {
  const body = Buffer.from(writeXml('CreateBucketConfiguration', [['StorageClass', settings.storageClass]]));
  const headers = { 'content-type': 'application/xml', 'x-oss-acl': settings.acl };
  await sendForHeaders(connection, { method: 'PUT', bucket, headers, body });
}

/** Deletes a bucket that is empty. @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletebucket */
export async function deleteBucket(connection: Connection, bucket: string): Promise<void> {
  await sendForHeaders(connection, { method: 'DELETE', bucket });
}

/** Begins or suspends keeping versions. @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketversioning */
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
