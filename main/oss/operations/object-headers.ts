import { malformedReply } from '../../failure.ts';
import type { OssHeaders } from '../exchange/request.ts';
import { type RestoreState, restoreStateOf } from './restore.ts';

/** What the headers say of an object. `lastModified` is in Unix milliseconds. */
export interface ObjectHead {
  /** Size of the whole object, in bytes; null where OSS doesn't tell (gzip, processed images). */
  readonly sizeBytes: number | null;
  readonly etag: string | null;
  readonly crc64: string | null;
  readonly lastModified: number;
  readonly contentType: string;
  readonly storageClass: string;
  readonly objectType: string;
  readonly versionId: string | null;
  /** x-oss-meta-*, without that prefix. */
  readonly meta: Readonly<Record<string, string>>;
  /** Those of `settableHeaders` that it has, names in lower case. */
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly tagCount: number;
  /** The `x-oss-server-side-encryption…` headers, which a copy gets only if it asks for them. */
  readonly encryption: Readonly<Record<string, string>>;
  /** How far an archived object is from being readable; null where nobody asked for that. */
  readonly restore: RestoreState | null;
}

/** What OSS says of a stored object. `crc64` is what OSS computed of what it received. */
export interface StoredObject {
  readonly etag: string | null;
  readonly crc64: string | null;
  readonly versionId: string | null;
}

/** A range in bytes, inclusive on both sides, of an object of `sizeBytes`. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly sizeBytes: number;
}

/** What names of user metadata begin with. */
export const META_PREFIX = 'x-oss-meta-';

/** The headers that an object keeps and answers with. @see https://www.alibabacloud.com/help/en/oss/user-guide/manage-object-metadata-10 */
export const settableHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;

/** Reads the headers of a HEAD or GET. For a range `sizeBytes` is that of the body: see contentRangeOf(). */
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
      Object.entries(headers).filter(([name]) => name.startsWith('x-oss-server-side-encryption')),
    ),
    restore: restoreStateOf(headers['x-oss-restore']),
    tagCount: Number(headers['x-oss-tagging-count'] ?? 0) || 0,
  };
}

/** The headers that give a new object the metadata of this one. */
export function attributeHeaders({ httpHeaders, meta, storageClass }: ObjectHead): Record<string, string> {
  return {
    ...httpHeaders,
    ...Object.fromEntries(Object.entries(meta).map(([name, value]) => [META_PREFIX + name, value])),
    ...(storageClass === '' ? {} : { 'x-oss-storage-class': storageClass }),
  };
}

/** Reads what a PUT, a copy or a completed upload answers. */
export function storedObjectOf(headers: OssHeaders): StoredObject {
  return {
    etag: headers['etag'] ?? null,
    crc64: headers['x-oss-hash-crc64ecma'] ?? null,
    versionId: headers['x-oss-version-id'] ?? null,
  };
}

/** The range of a 206 answer. @throws WaybillError `oss` where it does not say which */
export function contentRangeOf(headers: OssHeaders): ContentRange {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
  if (match === null) throw malformedReply(206, 'a partial answer without Content-Range');
  return { start: Number(match[1]), end: Number(match[2]), sizeBytes: Number(match[3]) };
}
