import { malformedReply } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import type { ObjectRef } from '../names.ts';
import { expectRoot, givenParams, requiredText } from '../exchange/reply-fields.ts';
import { sendForHeaders, sendForXml } from '../exchange/request.ts';
import { child } from '../exchange/xml.ts';

/** ACLs of a bucket: who may read or write without a signature. */
export const bucketAcls = ['private', 'public-read', 'public-read-write'] as const;
/** ACLs of an object; `default` inherits the bucket's. */
export const objectAcls = ['default', ...bucketAcls] as const;

/** A bucket ACL. */
export type BucketAcl = (typeof bucketAcls)[number];
/** An object ACL. */
export type ObjectAcl = (typeof objectAcls)[number];

/**
 * GetObjectAcl: the ACL of an object, or of one version.
 * @throws WaybillError `oss` MalformedReply for an ACL that OSS doesn't document
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobjectacl
 */
export async function getObjectAcl(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  signal?: AbortSignal,
): Promise<ObjectAcl> {
  const params = { acl: null, ...givenParams({ versionId }) };
  const { root } = await sendForXml(connection, { method: 'GET', bucket, key, params, signal });
  expectRoot(root, 'AccessControlPolicy');
  const list = child(root, 'AccessControlList');
  const grant = list === null ? '' : requiredText(list, 'Grant');
  const acl = objectAcls.find((known) => known === grant);
  if (acl === undefined) throw malformedReply(200, 'AccessControlPolicy with an unknown Grant');
  return acl;
}

/**
 * PutObjectAcl: sets the ACL of an object, or of one version.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobjectacl
 */
export async function putObjectAcl(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  acl: ObjectAcl,
  signal?: AbortSignal,
): Promise<void> {
  const params = { acl: null, ...givenParams({ versionId }) };
  const headers = { 'x-oss-object-acl': acl };
  await sendForHeaders(connection, { method: 'PUT', bucket, key, params, headers, signal });
}
