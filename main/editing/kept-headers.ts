import type { Connection } from '../oss/connection.ts';
import { getObjectAcl } from '../oss/operations/acl.ts';
import type { ObjectRef } from '../oss/names.ts';
import { attributeHeaders, type ObjectHead } from '../oss/operations/object-headers.ts';
import { getObjectTags, taggingHeader } from '../oss/operations/tags.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';

/**
 * Returns the headers that give the next state of an object what this one has besides its bytes: HTTP headers, user
 * metadata, storage class, encryption, tags and ACL. A PutObject without them would drop them.
 * @throws WaybillError `credentials` if the account may not read the ACL or the tags: without the ACL, a private object in
 *   a public bucket would become public
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export async function keptHeaders(
  connection: Connection,
  object: ObjectRef,
  head: ObjectHead,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const acl = await retry(() => getObjectAcl(connection, object, signal), REQUEST_RETRY, signal);
  const tags =
    head.tagCount === 0 ? [] : await retry(() => getObjectTags(connection, object, signal), REQUEST_RETRY, signal);
  return {
    ...attributeHeaders(head),
    ...head.encryption,
    ...(acl === 'default' ? {} : { 'x-oss-object-acl': acl }),
    ...(tags.length === 0 ? {} : { 'x-oss-tagging': taggingHeader(tags) }),
  };
}
