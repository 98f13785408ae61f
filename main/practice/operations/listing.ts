import type { Bucket } from '../storage/bucket.ts';
import { type Exchange, OWNER, type Reply, bucketOf, isoDate, xmlReply } from '../exchange.ts';
import type { ObjectVersion } from '../storage/object-version.ts';
import { compareBytes, encodePercent } from '../protocol/percent.ts';
import { invalidArgument } from '../protocol/refusal.ts';
import { restoreInfo } from '../storage/storage-class.ts';
import { type XmlValue, toXml } from '../protocol/xml.ts';

/** The keys to list. */
export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Lists only keys after this one, and skips a common prefix equal to it. */
  readonly after: string;
}

/** One row of a listing: a key or a common prefix. */
export type ListRow = { readonly key: string } | { readonly commonPrefix: string };

/** The rows of a listing in byte order; `counts` says which keys are listed. */
export function* listRows(bucket: Bucket, request: ListRequest, counts: (key: string) => boolean): Generator<ListRow> {
  const { prefix, delimiter, after } = request;
  let from = compareBytes(prefix, after) > 0 ? prefix : after;
  let jumped = true;
  while (jumped) {
    jumped = false;
    for (const key of bucket.index.keysFrom(from)) {
      if (!key.startsWith(prefix)) return;
      if (compareBytes(key, after) <= 0 && after !== '') continue;
      const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (cut < 0) {
        if (counts(key)) yield { key };
        continue;
      }
      const commonPrefix = key.slice(0, cut + delimiter.length);
      if (commonPrefix === after) {
        // The previous page ended with this row.
      } else if (counts(key)) yield { commonPrefix };
      else continue;
      from = afterPrefix(commonPrefix);
      jumped = true;
      break;
    }
  }
}

/** ListObjects: V1, or V2 with `list-type=2`. */
export async function listObjects(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  const bucket = bucketOf(x);
  const isV2 = query.get('list-type') === '2';
  const encode = keyEncoder(x);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = query.integer('max-keys', { min: 1, max: 1000, fallback: 100 });
  const after = isV2 ? startOfV2(x) : (query.get('marker') ?? '');
  const page = takePage(bucket, { prefix, delimiter, after }, maxKeys);
  const withOwner = !isV2 || query.get('fetch-owner') === 'true';
  const result = {
    Name: bucket.settings.name,
    Prefix: encode(prefix),
    ...(isV2 ? pagingV2(x, page) : { Marker: encode(after), NextMarker: page.next && encode(page.next) }),
    MaxKeys: maxKeys,
    Delimiter: encode(delimiter),
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.next !== undefined,
    Contents: page.objects.map((version) => contents(version, encode, { withOwner, nowMs: x.nowMs })),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
  return Promise.resolve(xmlReply(toXml('ListBucketResult', result)));
}

/** Encodes keys in a listing: unchanged, or percent-encoded for `encoding-type=url`. */
export function keyEncoder(x: Exchange): (text: string) => string {
  const type = x.target.query.get('encoding-type');
  if (type === undefined || type === '') return (text) => text;
  if (type === 'url') return (text) => encodePercent(text);
  throw invalidArgument('Invalid Encoding Method specified in Request.', { name: 'encoding-type', value: type });
}

interface Page {
  readonly objects: readonly ObjectVersion[];
  readonly commonPrefixes: readonly string[];
  readonly next: string | undefined;
}

function takePage(bucket: Bucket, request: ListRequest, maxKeys: number): Page {
  const objects: ObjectVersion[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  const isThere = (key: string): boolean => bucket.index.latest(key)?.deleteMarker === false;
  for (const row of listRows(bucket, request, isThere)) {
    if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next: last };
    last = 'key' in row ? row.key : row.commonPrefix;
    const version = 'key' in row ? bucket.index.latest(row.key) : undefined;
    if (version) objects.push(version);
    else commonPrefixes.push(last);
  }
  return { objects, commonPrefixes, next: undefined };
}

function startOfV2(x: Exchange): string {
  const token = x.target.query.get('continuation-token');
  if (token === undefined) return x.target.query.get('start-after') ?? '';
  const marker = Buffer.from(token, 'base64').toString('utf8');
  if (token !== '' && Buffer.from(marker).toString('base64') === token) return marker;
  throw invalidArgument('The continuation token provided is incorrect.', { name: 'continuation-token', value: token });
}

function pagingV2(x: Exchange, page: Page): { readonly [name: string]: XmlValue } {
  const startAfter = x.target.query.get('start-after');
  return {
    StartAfter: startAfter && keyEncoder(x)(startAfter),
    ContinuationToken: x.target.query.get('continuation-token'),
    NextContinuationToken: page.next && Buffer.from(page.next).toString('base64'),
    KeyCount: page.objects.length + page.commonPrefixes.length,
  };
}

function contents(
  version: ObjectVersion,
  encode: (text: string) => string,
  { withOwner, nowMs }: { withOwner: boolean; nowMs: number },
): XmlValue {
  return {
    Key: encode(version.key),
    LastModified: isoDate(version.lastModified),
    ETag: `"${version.etag}"`,
    Type: version.type,
    Size: version.sizeBytes,
    StorageClass: version.storageClass,
    RestoreInfo: restoreInfo(version, nowMs) ?? undefined,
    Owner: withOwner ? OWNER : undefined,
  };
}

/** The first string that sorts after all strings with `prefix`. */
function afterPrefix(prefix: string): string {
  const points = Array.from(prefix);
  const last = points.pop()?.codePointAt(0) ?? 0;
  if (last === 0x10ffff) return afterPrefix(points.join(''));
  return `${points.join('')}${String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)}`;
}
