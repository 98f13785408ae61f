import { createHash } from 'node:crypto';
import type { ReceivedBlob } from '../storage/blobs.ts';
import { type Exchange, type Reply, bodyBytes, bucketOf, entityTooLarge, keyOf } from '../exchange.ts';
import { NULL_VERSION, type ObjectVersion } from '../storage/object-version.ts';
import { checkAcl } from './public-access.ts';
import { parseQuery } from '../protocol/query.ts';
import { Refusal, fileAlreadyExists, invalidArgument } from '../protocol/refusal.ts';
import { callBack, withCallback } from './callback.ts';
import { storageClassOf } from '../storage/storage-class.ts';
import { checkedTags } from '../storage/tags.ts';

/** The largest body of PutObject and UploadPart: 5 GB. */
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

/** The attributes that a request sets on an object. */
export type ObjectAttributes = Pick<ObjectVersion, 'headers' | 'acl' | 'tags' | 'storageClass'>;

/** The content of an object and its checksums. */
export type ObjectContent = Pick<
  ObjectVersion,
  'sizeBytes' | 'etag' | 'crc64' | 'contentMd5' | 'type' | 'pieces' | 'symlinkTarget'
>;

/** Reads the attributes in a PutObject, InitiateMultipartUpload or CopyObject (REPLACE) request. */
export function attributesOf(x: Exchange): ObjectAttributes {
  const headers: Record<string, string> = {};
  let metaBytes = 0;
  for (const [name, value] of Object.entries(x.headers)) {
    if (name.startsWith('x-oss-meta-')) metaBytes += name.length + (value?.length ?? 0);
    if (value !== undefined && (STORED_HEADERS.has(name) || name.startsWith('x-oss-meta-'))) headers[name] = value;
  }
  const acl = objectAclOf(x.headers['x-oss-object-acl'] ?? 'default');
  checkAcl(x, acl, 'object acl');
  if (metaBytes > META_LIMIT_BYTES) throw invalidArgument('Your metadata headers exceed the maximum allowed size.');
  return {
    headers,
    acl,
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

/** Stores the request body and verifies its Content-MD5. @throws Refusal if it is too large or doesn't match */
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
  const expected = x.headers['content-md5'];
  if (expected === undefined || expected === received.md5.toString('base64')) return received;
  await x.store.blobs.discard(received);
  throw invalidDigest(expected, received.md5.toString('base64'));
}

/** 400 `InvalidDigest`: the body doesn't match its Content-MD5. */
function invalidDigest(expected: string, actual: string): Refusal {
  return new Refusal(400, {
    code: 'InvalidDigest',
    message: 'The Content-MD5 you specified was invalid.',
    ec: '0016-00000203',
    extra: { ClientComputedContentMD5: expected, ServerComputedContentMD5: actual },
  });
}

/** Reads a small body, whose Content-MD5 is required. @throws Refusal `InvalidDigest` */
export async function readDocument(x: Exchange): Promise<string> {
  const bytes = await bodyBytes(x);
  const actual = createHash('md5').update(bytes).digest('base64');
  const expected = x.headers['content-md5'] ?? '';
  if (expected !== actual) throw invalidDigest(expected, actual);
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
  const headers = { ...writtenHeaders(x, version), 'Content-MD5': contentMd5 };
  const called = await callBack(x, version);
  return called === null ? { status: 200, headers } : withCallback(called, headers);
}

/** Headers of every reply that created a version. */
export function writtenHeaders(x: Exchange, version: ObjectVersion): Record<string, string> {
  return {
    ETag: `"${version.etag}"`,
    'x-oss-hash-crc64ecma': version.crc64,
    ...bucketOf(x).versionHeader(version),
  };
}

/** Stores a new version of the request's key. If it is refused, its pieces are removed. */
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

/** Stores a new version of the request's key. If it is refused, its pieces are kept. */
export async function storeObject(
  x: Exchange,
  attributes: ObjectAttributes,
  content: ObjectContent,
): Promise<ObjectVersion> {
  const bucket = bucketOf(x);
  const { version } = await bucket.change(() => {
    refuseOverwrite(x);
    const version: ObjectVersion = {
      ...attributes,
      ...content,
      key: keyOf(x),
      versionId: bucket.newVersionId(),
      deleteMarker: false,
      lastModified: Math.floor(x.nowMs / 1000) * 1000,
    };
    return { record: { op: 'put', version }, version };
  });
  return version;
}

/**
 * Enforces `x-oss-forbid-overwrite: true`, which OSS ignores in buckets with versioning.
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

/** Parses `a=1&b=2`, the format of `x-oss-tagging`. */
function tagsOf(text: string): Record<string, string> {
  return checkedTags(parseQuery(text).pairs);
}
