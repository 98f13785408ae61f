import { own } from '../../own.ts';
import { parseRange } from './byte-range.ts';
import { isNotModified, preconditionFailed } from './conditions.ts';
import { type Exchange, type Reply, entityTooLarge, isoDate, xmlReply } from '../exchange.ts';
import type { ObjectVersion, Piece } from '../storage/object-version.ts';
import { decodePercent } from '../protocol/percent.ts';
import { parseQuery } from '../protocol/query.ts';
import { invalidArgument, noSuchKey, noSuchVersion } from '../protocol/refusal.ts';
import { checkReadable } from '../storage/storage-class.ts';
import { MAX_BODY_BYTES, attributesOf, refuseOverwrite, storeNewObject, writtenHeaders } from './write-object.ts';
import { toXml } from '../protocol/xml.ts';

/** The source of a copy. */
export interface CopySource {
  readonly version: ObjectVersion;
  readonly bucketName: string;
  readonly key: string;
  /** Undefined for the current version. */
  readonly versionId: string | undefined;
  /** Whether source and target are the same object. */
  readonly isTarget: boolean;
  /** `x-oss-copy-source-version-id`, if the source bucket has versioning. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Finds the object in `x-oss-copy-source: /bucket/key?versionId=…` and checks the read permission and the conditions.
 * @throws Refusal
 */
export function findCopySource(x: Exchange): CopySource {
  const { bucketName, key, versionId } = parseCopySource(x.headers['x-oss-copy-source'] ?? '');
  x.authorise(versionId === undefined ? 'oss:GetObject' : 'oss:GetObjectVersion', bucketName, key);
  const bucket = x.store.get(bucketName);
  const version = versionId === undefined ? bucket.index.latest(key) : bucket.index.version(key, versionId);
  if (!version && versionId !== undefined) throw noSuchVersion(key, versionId);
  if (!version || version.deleteMarker) throw noSuchKey(key);
  checkConditions(x, version);
  checkReadable(version, x.nowMs);
  const sourceVersion = bucket.versionHeader(version)['x-oss-version-id'];
  const headers = sourceVersion === undefined ? {} : { 'x-oss-copy-source-version-id': sourceVersion };
  const isTarget = versionId === undefined && bucketName === x.target.bucket && key === x.target.key;
  return { version, bucketName, key, versionId, isTarget, headers };
}

function parseCopySource(header: string): { bucketName: string; key: string; versionId: string | undefined } {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(header) ?? [];
  const [, bucketName = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decodePercent(path) ?? '') ?? [];
  if (bucketName !== '') return { bucketName, key, versionId: parseQuery(query).get('versionId') };
  throw invalidArgument('Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.', {
    name: 'x-oss-copy-source',
    value: header,
  });
}

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/copy-objects-by-calling-an-api-operation */
function authoriseTags(x: Exchange, { bucketName, key, versionId }: CopySource): void {
  const action = versionId === undefined ? 'oss:GetObjectTagging' : 'oss:GetObjectVersionTagging';
  x.authorise(action, bucketName, key);
  x.authorise('oss:PutObjectTagging', x.target.bucket ?? '', x.target.key);
}

/** CopyObject: copies no bytes; the new object gets a hard link to the same file. */
export async function copyObject(x: Exchange): Promise<Reply> {
  const source = findCopySource(x);
  const asked = attributesOf(x);
  const isLight = source.bucketName === x.target.bucket && source.version.storageClass === asked.storageClass;
  if (source.version.sizeBytes > MAX_BODY_BYTES && !isLight) throw entityTooLarge();
  // A copy onto itself always takes its attributes from the request.
  const replaces = isReplace(x, 'x-oss-metadata-directive') || source.isTarget;
  refuseOverwrite(x);
  const { version } = source;
  const takesTags = !isReplace(x, 'x-oss-tagging-directive') && Object.keys(version.tags).length > 0;
  if (takesTags) authoriseTags(x, source);
  const pieces: Piece[] = [];
  for (const piece of version.pieces) pieces.push(await x.store.blobs.duplicate(piece));
  const copy = await storeNewObject(
    x,
    {
      headers: replaces ? asked.headers : version.headers,
      tags: isReplace(x, 'x-oss-tagging-directive') ? asked.tags : version.tags,
      acl: asked.acl,
      storageClass: asked.storageClass,
    },
    {
      sizeBytes: version.sizeBytes,
      etag: version.etag,
      crc64: version.crc64,
      contentMd5: version.contentMd5,
      type: version.type,
      pieces,
      ...(version.symlinkTarget === undefined ? {} : { symlinkTarget: version.symlinkTarget }),
    },
  );
  const body = toXml('CopyObjectResult', { ETag: `"${copy.etag}"`, LastModified: isoDate(copy.lastModified) });
  return xmlReply(body, { ...writtenHeaders(x, copy), ...source.headers });
}

/** The source bytes of UploadPartCopy: all, or those in `x-oss-copy-source-range`. */
export function readCopySource(x: Exchange, source: CopySource): AsyncIterable<Uint8Array> {
  const { version } = source;
  const range = parseRange(x.headers['x-oss-copy-source-range'], version.sizeBytes, false);
  const { start, end } = range ?? { start: 0, end: version.sizeBytes };
  if (end - start > MAX_BODY_BYTES) throw entityTooLarge();
  return x.store.blobs.read(version.pieces, start, end);
}

function checkConditions({ headers }: Exchange, version: ObjectVersion): void {
  const notModified = isNotModified(version, {
    ifMatch: headers['x-oss-copy-source-if-match'],
    ifNoneMatch: headers['x-oss-copy-source-if-none-match'],
    ifModifiedSince: headers['x-oss-copy-source-if-modified-since'],
    ifUnmodifiedSince: headers['x-oss-copy-source-if-unmodified-since'],
  });
  if (notModified) throw preconditionFailed('x-oss-copy-source-if-none-match');
}

function isReplace(x: Exchange, name: string): boolean {
  const directive = (own(x.headers, name) ?? 'COPY').toUpperCase();
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'REPLACE';
  throw invalidArgument('The directive must be COPY or REPLACE.', { name, value: directive });
}
