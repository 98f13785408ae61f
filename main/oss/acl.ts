import type { Connection } from './connection.ts';
import { malformedReply } from './errors.ts';
import type { ObjectRef } from './names.ts';
import { expectRoot, givenParams, requiredText } from './reply-fields.ts';
import { sendForXml } from './request.ts';
import { child } from './xml.ts';

/** Who may do what without a signature. */
export const bucketAcls = ['private', 'public-read', 'public-read-write'] as const;
/** The same for one object; `default` is what its bucket says. */
const objectAcls = ['default', ...bucketAcls] as const;

/** An ACL of a bucket. */
export type BucketAcl = (typeof bucketAcls)[number];
/** An ACL of an object. */
export type ObjectAcl = (typeof objectAcls)[number];

/** An object's ACL. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobjectacl */
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
