import { createHash } from 'node:crypto';
import type { ReceivedBlob } from '../storage/blobs.ts';
import { type Exchange, type Reply, bodyBytes, bucketOf, entityTooLarge, keyOf } from '../exchange.ts';
import { NULL_VERSION, type ObjectVersion } from '../storage/object-version.ts';
import { parseQuery } from '../protocol/query.ts';
import { Refusal, fileAlreadyExists, invalidArgument } from '../protocol/refusal.ts';
import { storageClassOf } from '../storage/storage-class.ts';
import { checkedTags } from '../storage/tags.ts';

/** PutObject and one part take at most 5 GB. */
export const MAX_BODY_BYTES = 5 * 1024 ** 3;

const STORED_HEADERS = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);
const OBJECT_ACLS = new Set(['default', 'private', 'public-read', 'public-read-write']);
const META_LIMIT_BYTES = 8 * 1024;

/** What a request says an object shall be beside its bytes. */
export type ObjectAttributes = Pick<ObjectVersion, 'headers' | 'acl' | 'tags' | 'storageClass'>;

/** What an object is made of. */
export type ObjectContent = Pick<
  ObjectVersion,
  'sizeBytes' | 'etag' | 'crc64' | 'contentMd5' | 'type' | 'pieces' | 'symlinkTarget'
>;

/** Reads the attributes of PutObject, InitiateMultipartUpload, or CopyObject with REPLACE. */
export function attributesOf(x: Exchange): ObjectAttributes {
  const headers: Record<string, string> = {};
  let metaBytes = 0;
  for (const [name, value] of Object.entries(x.headers)) {
    if (name.startsWith('x-oss-meta-')) metaBytes += name.length + (value?.length ?? 0);
    if (value !== undefined && (STORED_HEADERS.has(name) || name.startsWith('x-oss-meta-'))) headers[name] = value;
  }
  if (metaBytes > META_LIMIT_BYTES) throw invalidArgument('Your metadata headers exceed the maximum allowed size.');
  return {
    headers,
    acl: objectAclOf(x.headers['x-oss-object-acl'] ?? 'default'),
    tags: tagsOf(x.headers['x-oss-tagging'] ?? ''),
    storageClass: storageClassOf(x.headers['x-oss-storage-class'] ?? bucketOf(x).settings.storageClass),
  };
}

/** @throws Refusal `InvalidArgument` for an unknown object ACL */
export function objectAclOf(acl: string): string {
  if (OBJECT_ACLS.has(acl)) return acl;
  throw invalidArgument('no such object access control exists', {
    name: 'x-oss-object-acl',
    value: acl,
    ec: '0017-00000105',
  });
}

/** Checks and stores a body whose length is known to be allowed. */
export async function receiveBody(x: Exchange): Promise<ReceivedBlob> {
  const declared = Number(x.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(declared) && x.headers['transfer-encoding'] === undefined) {
    throw new Refusal(411, {
      code: 'MissingContentLength',
      message: 'You must provide the Content-Length HTTP header.',
    });
  }
  if (declared > MAX_BODY_BYTES) throw entityTooLarge();
  const received = await x.store.blobs.receive(limited(x.body()));
  const wanted = x.headers['content-md5'];
  if (wanted === undefined || wanted === received.md5.toString('base64')) return received;
  await x.store.blobs.discard(received);
  throw invalidDigest(wanted, received.md5.toString('base64'));
}

/** 400 `InvalidDigest`: the body is not that of Content-MD5. */
function invalidDigest(wanted: string, actual: string): Refusal {
  return new Refusal(400, {
    code: 'InvalidDigest',
    message: 'The Content-MD5 you specified was invalid.',
    ec: '0016-00000203',
    extra: { ClientComputedContentMD5: wanted, ServerComputedContentMD5: actual },
  });
}

/** A small body that must come with its Content-MD5. */
export async function checkedDocument(x: Exchange): Promise<string> {
  const bytes = await bodyBytes(x);
  const actual = createHash('md5').update(bytes).digest('base64');
  const wanted = x.headers['content-md5'] ?? '';
  if (wanted !== actual) throw invalidDigest(wanted, actual);
  return bytes.toString('utf8');
}

/** PutObject. */
export async function putObject(x: Exchange): Promise<Reply> {
  const attributes = attributesOf(x);
  refuseOverwrite(x);
  const received = await receiveBody(x);
  const contentMd5 = received.md5.toString('base64');
  const version = await storeNewObject(x, attributes, {
    sizeBytes: received.sizeBytes,
    etag: received.md5.toString('hex').toUpperCase(),
    crc64: received.crc64,
    contentMd5,
    type: 'Normal',
    pieces: [await x.store.blobs.keep(received)],
  });
  return { status: 200, headers: { ...writtenHeaders(x, version), 'Content-MD5': contentMd5 } };
}

/** The headers that every reply about a new version has. */
export function writtenHeaders(x: Exchange, version: ObjectVersion): Record<string, string> {
  return {
    ETag: `"${version.etag}"`,
    'x-oss-hash-crc64ecma': version.crc64,
    ...bucketOf(x).versionHeader(version),
  };
}

/** Makes the new version of the request's key; its pieces are removed when that is refused. */
export async function storeNewObject(
  x: Exchange,
  attributes: ObjectAttributes,
  content: ObjectContent,
): Promise<ObjectVersion> {
  try {
    return await storeObject(x, attributes, content);
  } catch (error) {
    await x.store.blobs.remove(content.pieces);
    throw error;
  }
}

/** Makes the new version of the request's key; its pieces stay when that is refused. */
export async function storeObject(
  x: Exchange,
  attributes: ObjectAttributes,
  content: ObjectContent,
): Promise<ObjectVersion> {
  const bucket = bucketOf(x);
  const { version } = await bucket.change(() => {
    refuseOverwrite(x);
    const made: ObjectVersion = {
      ...attributes,
      ...content,
      key: keyOf(x),
      versionId: bucket.newVersionId(),
      deleteMarker: false,
      lastModified: Math.floor(x.nowMs / 1000) * 1000,
    };
    return { record: { op: 'put', version: made }, version: made };
  });
  return version;
}

/**
 * Holds to `x-oss-forbid-overwrite: true`, which OSS ignores once the bucket has versions.
 * @throws Refusal `FileAlreadyExists`
 */
export function refuseOverwrite(x: Exchange): void {
  const bucket = bucketOf(x);
  if (x.headers['x-oss-forbid-overwrite'] !== 'true' || bucket.settings.versioning !== null) return;
  if (bucket.index.version(keyOf(x), NULL_VERSION)) throw fileAlreadyExists();
}

async function* limited(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw entityTooLarge();
    yield chunk;
  }
}

/** `a=1&b=2`, as in `x-oss-tagging`. */
function tagsOf(text: string): Record<string, string> {
  return checkedTags(parseQuery(text).pairs);
}
