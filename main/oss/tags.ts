import type { Connection } from './connection.ts';
import { percentEncode } from './canonical.ts';
import { malformedReply } from './errors.ts';
import type { ObjectRef } from './names.ts';
import { expectRoot, givenParams, requiredText } from './reply-fields.ts';
import { sendForXml } from './request.ts';
import { child, childrenOf, textOf } from './xml.ts';

/** Names and values of an object's tags, in OSS's order. */
export type Tags = readonly (readonly [name: string, value: string])[];

/** An object's tags. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobjecttagging */
export async function getObjectTags(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  signal?: AbortSignal,
): Promise<Tags> {
  const params = { tagging: null, ...givenParams({ versionId }) };
  const { root } = await sendForXml(connection, { method: 'GET', bucket, key, params, signal });
  expectRoot(root, 'Tagging');
  const set = child(root, 'TagSet');
  if (set === null) throw malformedReply(200, 'Tagging without TagSet');
  return childrenOf(set, 'Tag').map((tag) => [requiredText(tag, 'Key'), textOf(tag, 'Value')]);
}

/** Tags as the `x-oss-tagging` header has them. @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8 */
export function taggingHeader(tags: Tags): string {
  return tags.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}
