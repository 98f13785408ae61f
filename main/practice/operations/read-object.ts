import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { own } from '../../own.ts';
import { parseRange } from './byte-range.ts';
import { isNotModified } from './conditions.ts';
import { type Exchange, type Reply, bucketOf, httpDate, keyOf } from '../exchange.ts';
import { refusePackage } from '../faults/app-packages.ts';
import type { ObjectVersion } from '../storage/object-version.ts';
import {
  Refusal,
  accessDenied,
  invalidArgument,
  noSuchKey,
  noSuchVersion,
  notImplemented,
} from '../protocol/refusal.ts';
import { checkReadable, restoreInfo } from '../storage/storage-class.ts';

const OVERRIDES: Readonly<Record<string, string>> = {
  'response-content-type': 'Content-Type',
  'response-content-language': 'Content-Language',
  'response-expires': 'Expires',
  'response-cache-control': 'Cache-Control',
  'response-content-disposition': 'Content-Disposition',
  'response-content-encoding': 'Content-Encoding',
};

const HEADER_NAMES: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  'content-language': 'Content-Language',
  expires: 'Expires',
  'cache-control': 'Cache-Control',
  'content-disposition': 'Content-Disposition',
  'content-encoding': 'Content-Encoding',
};

/** Types that OSS compresses in transit if the client accepts gzip and the object has at least 1 KB. */
const COMPRESSIBLE = new Set([
  'application/javascript',
  'application/json',
  'application/rss+xml',
  'application/x-javascript',
  'text/cache-manifest',
  'text/css',
  'text/html',
  'text/json',
  'text/plain',
  'text/xml',
]);

/**
 * The requested version: the one in `versionId`, or the newest.
 * @throws Refusal `NoSuchKey`, `NoSuchVersion`, or `MethodNotAllowed` for a delete marker requested by ID
 */
export function findVersion(x: Exchange): ObjectVersion {
  const bucket = bucketOf(x);
  const key = keyOf(x);
  const versionId = x.target.query.get('versionId');
  if (versionId === undefined) {
    const latest = bucket.index.latest(key);
    if (latest && !latest.deleteMarker) return latest;
    throw noSuchKey(key, latest ? { 'x-oss-delete-marker': 'true', ...bucket.versionHeader(latest) } : {});
  }
  const version = bucket.index.version(key, versionId);
  if (!version) throw noSuchVersion(key, versionId);
  if (!version.deleteMarker) return version;
  throw new Refusal(405, {
    code: 'MethodNotAllowed',
    message: 'The specified method is not allowed against this resource.',
    extra: { Method: x.method, ResourceType: 'DeleteMarker' },
    headers: { Allow: 'DELETE', 'x-oss-delete-marker': 'true', 'x-oss-version-id': versionId },
  });
}

/**
 * The object as a reader sees it: a symlink combines the bytes of its target with its own metadata.
 * @throws Refusal if the target is missing or is a symlink itself
 */
function resolveSymlink(x: Exchange, version: ObjectVersion): ObjectVersion {
  const { symlinkTarget } = version;
  if (symlinkTarget === undefined) return version;
  const target = bucketOf(x).index.latest(symlinkTarget);
  if (!target || target.deleteMarker) {
    throw new Refusal(404, { code: 'SymlinkTargetNotExist', message: 'The symlink target object does not exist' });
  }
  if (target.type === 'Symlink') {
    throw new Refusal(400, { code: 'InvalidTargetType', message: 'The symlink target object must not be a symlink' });
  }
  x.authorise('oss:GetObject', bucketOf(x).settings.name, symlinkTarget);
  checkReadable(target, x.nowMs, readsDirectly(x));
  const { sizeBytes, etag, crc64, contentMd5, pieces } = target;
  const lastModified = Math.max(version.lastModified, target.lastModified);
  return { ...version, sizeBytes, etag, crc64, contentMd5, pieces, lastModified };
}

function readsDirectly(x: Exchange): boolean {
  return bucketOf(x).settings.archiveDirectRead === true;
}

/** GetObject. */
export async function getObject(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  if (query.has('x-oss-process')) throw notImplemented('image processing');
  const version = resolveSymlink(x, findVersion(x));
  const overrides = overridesOf(x);
  checkReadable(version, x.nowMs, readsDirectly(x));
  refusePackage(x, version.headers['content-type'] ?? '');
  if (isNotModified(version, conditionsOf(x))) return { status: 304, headers: describe(x, version) };
  const isStandard = x.headers['x-oss-range-behavior'] === 'standard';
  const range = parseRange(x.headers['range'], version.sizeBytes, isStandard);
  const headers = { ...describe(x, version), ...overrides };
  if (range === null && isCompressed(x, version, headers)) return compressed(x, version, headers);
  const { start, end } = range ?? { start: 0, end: version.sizeBytes };
  const rangeHeader = range && { 'Content-Range': `bytes ${start}-${end - 1}/${version.sizeBytes}` };
  return Promise.resolve({
    status: range ? 206 : 200,
    headers: { ...headers, 'Accept-Ranges': 'bytes', ...rangeHeader },
    body: { sizeBytes: end - start, read: () => x.store.blobs.read(version.pieces, start, end) },
  });
}

/** HeadObject. */
export async function headObject(x: Exchange): Promise<Reply> {
  const version = resolveSymlink(x, findVersion(x));
  if (isNotModified(version, conditionsOf(x))) return { status: 304, headers: describe(x, version) };
  const headers = { ...describe(x, version), 'Accept-Ranges': 'bytes', 'Content-Length': String(version.sizeBytes) };
  return Promise.resolve({ status: 200, headers });
}

/** GetObjectMeta: only size, time, ETag and version. */
export async function getObjectMeta(x: Exchange): Promise<Reply> {
  const version = findVersion(x);
  const headers = {
    ETag: `"${version.etag}"`,
    'Last-Modified': httpDate(version.lastModified),
    'Content-Length': String(version.sizeBytes),
    'x-oss-hash-crc64ecma': version.crc64,
    ...bucketOf(x).versionHeader(version),
  };
  return Promise.resolve({ status: 200, headers });
}

function describe(x: Exchange, version: ObjectVersion): Record<string, string> {
  const stored = Object.entries(version.headers).map(([name, value]) => [own(HEADER_NAMES, name) ?? name, value]);
  const restored = restoreInfo(version, x.nowMs);
  const tagCount = Object.keys(version.tags).length;
  return {
    'Content-Type': 'application/octet-stream',
    ETag: `"${version.etag}"`,
    'Last-Modified': httpDate(version.lastModified),
    'x-oss-object-type': version.type,
    'x-oss-hash-crc64ecma': version.crc64,
    'x-oss-storage-class': version.storageClass,
    ...(version.contentMd5 === null ? {} : { 'Content-MD5': version.contentMd5 }),
    ...(restored === null ? {} : { 'x-oss-restore': restored }),
    ...(tagCount === 0 ? {} : { 'x-oss-tagging-count': String(tagCount) }),
    ...bucketOf(x).versionHeader(version),
    ...(Object.fromEntries(stored) as Record<string, string>),
  };
}

function overridesOf(x: Exchange): Record<string, string> {
  const found = x.target.query.pairs.filter(([name]) => Object.hasOwn(OVERRIDES, name));
  if (found.length > 0 && x.identity.type === 'anonymous') {
    throw accessDenied('Anonymous access is forbidden for this operation.');
  }
  return Object.fromEntries(
    found.map(([name, value]) => {
      // oxlint-disable-next-line no-control-regex -- control characters would break the reply's head
      if (/[\u0000-\u001f\u007f]/.test(value)) throw invalidArgument('Invalid override value.', { name, value: '' });
      return [own(OVERRIDES, name) ?? name, Buffer.from(value, 'utf8').toString('latin1')];
    }),
  );
}

function conditionsOf({ headers }: Exchange): Parameters<typeof isNotModified>[1] {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}

function isCompressed(x: Exchange, version: ObjectVersion, headers: Readonly<Record<string, string>>): boolean {
  const takesGzip = /\bgzip\b/.test(x.headers['accept-encoding'] ?? '');
  const type = headers['Content-Type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return takesGzip && version.sizeBytes >= 1024 && COMPRESSIBLE.has(type) && headers['Content-Encoding'] === undefined;
}

/** A gzip reply. Omits ETag, Content-Length, Accept-Ranges, MD5 and CRC-64, which describe the stored bytes. */
function compressed(x: Exchange, version: ObjectVersion, headers: Readonly<Record<string, string>>): Reply {
  const untrue = new Set(['ETag', 'Content-MD5', 'x-oss-hash-crc64ecma']);
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !untrue.has(name)));
  return {
    status: 200,
    headers: { ...kept, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    body: {
      sizeBytes: null,
      read: () => {
        const gzip = createGzip();
        // A failing source destroys the gzip stream, so its reader gets the error.
        pipeline(Readable.from(x.store.blobs.read(version.pieces, 0, version.sizeBytes)), gzip, () => undefined);
        return gzip;
      },
    },
  };
}
