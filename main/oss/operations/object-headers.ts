import { malformedReply } from '../../failure.ts';
import type { OssHeaders } from '../exchange/reply-headers.ts';
import { type RestoreState, restoreStateOf } from './restore.ts';

/** The headers of an object, parsed. `lastModified` is in Unix milliseconds, 0 if missing. */
export interface ObjectHead {
  /** Size of the whole object in bytes; null if OSS doesn't report it (gzip, processed images). */
  readonly sizeBytes: number | null;
  readonly etag: string | null;
  /** Unsigned decimal; null for objects from before OSS stored it. */
  readonly crc64: string | null;
  readonly lastModified: number;
  readonly contentType: string;
  readonly storageClass: string;
  readonly objectType: string;
  readonly versionId: string | null;
  /** User metadata: x-oss-meta-* without the prefix. */
  readonly meta: Readonly<Record<string, string>>;
  /** Its `settableHeaders`, names in lower case. */
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly tagCount: number;
  /** The x-oss-server-side-encryption* and x-oss-server-side-data-encryption (SM4) headers. A copy doesn't inherit them; it must send them itself. */
  readonly encryption: Readonly<Record<string, string>>;
  /** Progress of restoring an archived object; null if no restore was requested. */
  readonly restore: RestoreState | null;
}

/** A stored object, as the reply to a write describes it. `crc64` is computed by OSS over the bytes it received. */
export interface StoredObject {
  readonly etag: string | null;
  readonly crc64: string | null;
  readonly versionId: string | null;
}

/** A byte range of an object of `sizeBytes`; `start` and `end` are both inclusive. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly sizeBytes: number;
}

/** The prefix of user metadata headers. */
export const META_PREFIX = 'x-oss-meta-';

/**
 * HTTP headers that OSS stores with an object and returns with it.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/manage-object-metadata-10
 */
export const settableHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;

/**
 * Parses the headers of a HEAD or GET reply. For a range, `sizeBytes` is the length of the body: use contentRangeOf().
 */
export function objectHeadOf(headers: OssHeaders): ObjectHead {
  const length = headers['content-length'];
  return {
    ...storedObjectOf(headers),
    sizeBytes: length === undefined || !/^\d+$/.test(length) ? null : Number(length),
    lastModified: Date.parse(headers['last-modified'] ?? '') || 0,
    contentType: headers['content-type'] ?? '',
    storageClass: headers['x-oss-storage-class'] ?? '',
    objectType: headers['x-oss-object-type'] ?? '',
    meta: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith(META_PREFIX))
        .map(([name, value]) => [name.slice(META_PREFIX.length), value]),
    ),
    httpHeaders: Object.fromEntries(
      settableHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    ),
    encryption: Object.fromEntries(
      Object.entries(headers).filter(([name]) => /^x-oss-server-side-(data-)?encryption/.test(name)),
    ),
    restore: restoreStateOf(headers['x-oss-restore']),
    tagCount: Number(headers['x-oss-tagging-count'] ?? 0) || 0,
  };
}

/** Request headers that give a new object the metadata and storage class of this one. */
export function attributeHeaders({ httpHeaders, meta, storageClass }: ObjectHead): Record<string, string> {
  return {
    ...httpHeaders,
    ...Object.fromEntries(Object.entries(meta).map(([name, value]) => [META_PREFIX + name, value])),
    ...(storageClass === '' ? {} : { 'x-oss-storage-class': storageClass }),
  };
}

/** Parses the headers of the reply to a PUT, a copy or a completed upload. */
export function storedObjectOf(headers: OssHeaders): StoredObject {
  return {
    etag: headers['etag'] ?? null,
    crc64: headers['x-oss-hash-crc64ecma'] ?? null,
    versionId: headers['x-oss-version-id'] ?? null,
  };
}

/** The range of a 206 reply. @throws WaybillError `oss` MalformedReply without a valid Content-Range */
export function contentRangeOf(headers: OssHeaders): ContentRange {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
  const [start, end, sizeBytes] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  // NaN without a match.
  if (!(start <= end && end < sizeBytes)) throw malformedReply(206, 'a partial reply without a valid Content-Range');
  return { start, end, sizeBytes };
}
