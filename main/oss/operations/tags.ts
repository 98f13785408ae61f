import type { Connection } from '../connection.ts';
import { percentEncode } from '../canonical.ts';
import { malformedReply, WaybillError } from '../../failure.ts';
import { MAX_TAGS } from '../limits.ts';
import type { ObjectRef } from '../names.ts';
import { expectRoot, givenParams, requiredText } from '../exchange/reply-fields.ts';
import { sendForHeaders, sendForXml } from '../exchange/request.ts';
import { child, childrenOf, textOf, writeXml } from '../exchange/xml.ts';

/** Tags of an object as name and value, in OSS's order. */
export type Tags = readonly (readonly [name: string, value: string])[];

/**
 * GetObjectTagging: the tags of an object, or of one version.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobjecttagging
 */
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

/**
 * The value of the x-oss-tagging header, which sets tags while an object is written.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8
 */
export function taggingHeader(tags: Tags): string {
  return tags.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

/**
 * PutObjectTagging: replaces all tags of an object, or of one version. Without tags: DeleteObjectTagging.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobjecttagging
 */
export async function putObjectTags(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  tags: Tags,
  signal?: AbortSignal,
): Promise<void> {
  const params = { tagging: null, ...givenParams({ versionId }) };
  const request = { bucket, key, params, signal };
  if (tags.length === 0) {
    await sendForHeaders(connection, { ...request, method: 'DELETE' });
    return;
  }
  const set = tags.map(
    ([name, value]) =>
      [
        'Tag',
        [
          ['Key', name],
          ['Value', value],
        ],
      ] as const,
  );
  const body = Buffer.from(writeXml('Tagging', [['TagSet', set]]));
  const headers = { 'content-type': 'application/xml' };
  await sendForHeaders(connection, { ...request, method: 'PUT', headers, body });
}

/**
 * Throws for tags that OSS would refuse: more than 10, duplicate names, names over 128 or values over 256 characters,
 * or characters outside `A-Z a-z 0-9 + - = . _ : /` and space.
 * @throws WaybillError `input` with field `tags`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8
 */
export function checkTags(tags: Tags): void {
  const fail = (rule: string, limit: string): never => {
    throw new WaybillError({ kind: 'input', field: 'tags', rule, limit });
  };
  if (tags.length > MAX_TAGS.count) fail('too-many-tags', String(MAX_TAGS.count));
  const names = new Set(tags.map(([name]) => name));
  if (names.size < tags.length) fail('tag-twice', '1');
  for (const [name, value] of tags) {
    if (name === '' || name.length > MAX_TAGS.nameLength) fail('tag-name', `1…${MAX_TAGS.nameLength}`);
    if (value.length > MAX_TAGS.valueLength) fail('tag-value', `0…${MAX_TAGS.valueLength}`);
    if (!/^[A-Za-z0-9 +\-=._:/]*$/.test(name + value)) fail('tag-character', 'a-z 0-9 + - = . _ : /');
  }
}
