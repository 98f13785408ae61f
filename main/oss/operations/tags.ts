import type { Connection } from '../connection.ts';
import { percentDecode, percentEncode } from '../canonical.ts';
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

/** Why OSS would refuse tags, and what it allows. */
export interface TagProblem {
  readonly rule: 'too-many-tags' | 'tag-twice' | 'tag-name' | 'tag-value' | 'tag-character' | 'tag-format';
  readonly limit: string;
}

/**
 * Why OSS would refuse these tags: more than 10, duplicate names, names over 128 or values over 256 characters, or
 * characters outside `A-Z a-z 0-9 + - = . _ : /` and space. Null for tags that it takes.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8
 */
function tagProblem(tags: Tags): TagProblem | null {
  if (tags.length > MAX_TAGS.count) return { rule: 'too-many-tags', limit: String(MAX_TAGS.count) };
  if (new Set(tags.map(([name]) => name)).size < tags.length) return { rule: 'tag-twice', limit: '1' };
  for (const [name, value] of tags) {
    if (name === '' || name.length > MAX_TAGS.nameLength) {
      return { rule: 'tag-name', limit: `1…${MAX_TAGS.nameLength}` };
    }
    if (value.length > MAX_TAGS.valueLength) return { rule: 'tag-value', limit: `0…${MAX_TAGS.valueLength}` };
    if (!/^[A-Za-z0-9 +\-=._:/]*$/.test(name + value)) {
      return { rule: 'tag-character', limit: 'a-z 0-9 + - = . _ : /' };
    }
  }
  return null;
}

/**
 * Reads the value of the x-oss-tagging header: `name` or `name=value`, both encoded like form fields, joined by `&`. A
 * second `=` makes neither of the two.
 * @see https://www.alibabacloud.com/help/en/oss/support/0010-00000219
 */
export function readTaggingHeader(value: string): Tags | TagProblem {
  const tags: [string, string][] = [];
  for (const pair of value.split('&')) {
    const [name, text = '', ...more] = pair.split('=').map(decodeField);
    if (name === undefined || name === null || text === null || more.length > 0) {
      return { rule: 'tag-format', limit: 'a=1&b=2' };
    }
    tags.push([name, text]);
  }
  return tagProblem(tags) ?? tags;
}

function decodeField(text: string): string | null {
  return percentDecode(text.replaceAll('+', ' '));
}

/**
 * Throws for tags that OSS would refuse.
 * @throws WaybillError `input` with field `tags`
 */
export function checkTags(tags: Tags): void {
  const problem = tagProblem(tags);
  if (problem !== null) throw new WaybillError({ kind: 'input', field: 'tags', ...problem });
}

/**
 * Throws for an x-oss-tagging header that OSS would refuse; undefined is none.
 * @throws WaybillError `input` with field `x-oss-tagging`
 */
export function checkTaggingHeader(value: string | undefined): void {
  const read = value === undefined ? [] : readTaggingHeader(value);
  if ('rule' in read) throw new WaybillError({ kind: 'input', field: 'x-oss-tagging', ...read });
}
