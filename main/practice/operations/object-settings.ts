import { type Exchange, OWNER, type Reply, bodyBytes, bucketOf, keyOf, xmlReply } from '../exchange.ts';
import type { ObjectVersion } from '../storage/object-version.ts';
import { findVersion } from './read-object.ts';
import { checkAcl } from './public-access.ts';
import { malformedXml } from '../protocol/refusal.ts';
import { checkedTags } from '../storage/tags.ts';
import { objectAclOf } from './write-object.ts';
import { childText, parseXml, toXml } from '../protocol/xml.ts';

/** GetObjectAcl. */
export async function getObjectAcl(x: Exchange): Promise<Reply> {
  const version = findVersion(x);
  const acl = { Owner: OWNER, AccessControlList: { Grant: version.acl } };
  return Promise.resolve(xmlReply(toXml('AccessControlPolicy', acl), bucketOf(x).versionHeader(version)));
}

/** PutObjectAcl. */
export async function putObjectAcl(x: Exchange): Promise<Reply> {
  const acl = objectAclOf(x.headers['x-oss-object-acl'] ?? '');
  checkAcl(x, acl, 'object acl');
  return updateInPlace(x, { acl }, 200);
}

/** GetObjectTagging. */
export async function getObjectTagging(x: Exchange): Promise<Reply> {
  const version = findVersion(x);
  const tags = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return Promise.resolve(xmlReply(toXml('Tagging', { TagSet: { Tag: tags } }), bucketOf(x).versionHeader(version)));
}

/** PutObjectTagging: at most 10 tags. */
export async function putObjectTagging(x: Exchange): Promise<Reply> {
  const document = parseXml((await bodyBytes(x)).toString('utf8'));
  const set = document.children.find(({ name }) => name === 'TagSet');
  if (!set) throw malformedXml();
  const tags = set.children.map((tag): [string, string] => [
    childText(tag, 'Key') ?? '',
    childText(tag, 'Value') ?? '',
  ]);
  return updateInPlace(x, { tags: checkedTags(tags) }, 200);
}

/** DeleteObjectTagging. */
export async function deleteObjectTagging(x: Exchange): Promise<Reply> {
  return updateInPlace(x, { tags: {} }, 204);
}

/** Changes the metadata of the requested version in place, without creating a new one. */
export async function updateInPlace(x: Exchange, change: Partial<ObjectVersion>, status: number): Promise<Reply> {
  const bucket = bucketOf(x);
  const { versionId } = findVersion(x);
  await bucket.change(() => {
    const version = bucket.index.version(keyOf(x), versionId);
    return { record: version ? { op: 'put', version: { ...version, ...change } } : null };
  });
  return { status, headers: bucket.versionHeader({ versionId }) };
}
