import { percentDecode } from '../canonical.ts';
import type { SignVersion } from '../connection.ts';
import { isPathHost, regionOfHost } from '../endpoint.ts';
import { bucketOfHost, readOssHost } from '../oss-host.ts';
import { readAuthority } from '../../http/authority.ts';
import { type ForeignService, serviceOf } from './foreign-services.ts';

/** What the URL of an object says of it, signed or not. */
export type ObjectUrlParts = Pick<SignedUrlParts, 'bucket' | 'key' | 'host' | 'versionId' | 'params'>;

/** The content of a signed URL, as far as the URL itself reveals it. Times are in Unix milliseconds. */
export interface SignedUrlParts {
  readonly signVersion: SignVersion;
  /** Null for a custom domain, which hides the bucket. */
  readonly bucket: string | null;
  readonly key: string;
  readonly host: string;
  readonly region: string | null;
  readonly accessKeyId: string;
  /** Signed with a security token, which may expire before `validUntil`. */
  readonly temporary: boolean;
  readonly versionId: string | null;
  /** Null for V1, which doesn't record it. */
  readonly signedAt: number | null;
  readonly validUntil: number;
  /** All parameters but the signature fields, decoded. */
  readonly params: readonly (readonly [string, string])[];
  readonly additionalHeaders: readonly string[];
}

/**
 * Why a link to OSS can't work.
 * - `no-signature`, `no-expiry`, `no-id`, `no-key`: that part is missing.
 * - `cut-off`: the signature or the credential is shorter than it must be.
 * - `cut-token`: an ID of temporary credentials without its token, or with part of one.
 * - `duplicate-fields`: two values for one field of the signature, so no one can say which is meant.
 * - `bad-encoding`, `bad-host`: characters that can't be there.
 */
type LinkDamage =
  | 'no-signature'
  | 'cut-off'
  | 'cut-token'
  | 'no-expiry'
  | 'no-id'
  | 'no-key'
  | 'duplicate-fields'
  | 'bad-encoding'
  | 'bad-host';

/** What a URL turns out to be. */
export type UrlReading =
  | {
      readonly kind: 'link';
      /** Without its fragment. */
      readonly url: string;
      readonly fragment: string;
      readonly parts: SignedUrlParts;
    }
  /** A signed URL of OSS with a part missing or damaged. */
  | { readonly kind: 'damaged'; readonly reason: LinkDamage }
  /** Signed for OSS with Signature V2, which Waybill doesn't read. */
  | { readonly kind: 'unsupported'; readonly host: string; readonly url: string }
  /** Not a signed URL of OSS. The URL has its fragment, which means something to the page there. */
  | { readonly kind: 'foreign'; readonly host: string; readonly service: ForeignService; readonly url: string }
  /** OSS without a signature: works for public objects only. */
  | {
      readonly kind: 'unsigned';
      readonly host: string;
      /** Without its fragment. */
      readonly url: string;
      /** Null where the path names no object. */
      readonly parts: ObjectUrlParts | null;
    };

/**
 * A URL split into its parts, still percent-encoded. `new URL()` would resolve `.` and `..` segments, which keys may
 * have.
 */
export interface SplitUrl {
  readonly protocol: string;
  readonly authority: string;
  readonly path: string;
  /** Without `?`; empty when there is none. */
  readonly query: string;
  /** Without `#`; never sent to a server. */
  readonly fragment: string;
}

/** Query parameters of the signature itself, V4's and V1's. */
const SIGNATURE_FIELDS: ReadonlySet<string> = new Set([
  ...['x-oss-signature-version', 'x-oss-credential', 'x-oss-date', 'x-oss-expires', 'x-oss-additional-headers'],
  ...['x-oss-security-token', 'x-oss-signature', 'OSSAccessKeyId', 'Expires', 'Signature', 'security-token'],
]);

/** Whether a query parameter is part of the signature rather than covered by it. Callers may not set those. */
export function isSignatureField(name: string): boolean {
  return SIGNATURE_FIELDS.has(name);
}

/**
 * Classifies a URL by its host and query, and reads the parts of a signed one. Sends nothing.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export function parseSignedUrl(raw: SplitUrl): UrlReading {
  const host = raw.authority.toLowerCase();
  const params = decodeParams(raw.query);
  const path = percentDecode(raw.path);
  if (params === null || path === null) return { kind: 'damaged', reason: 'bad-encoding' };
  const fields = new Map(params);
  if (isV2(fields)) return { kind: 'unsupported', host, url: urlOf(raw) };
  const { bucket, key } = splitPath(host, path);
  const object = { bucket, key, host, versionId: fields.get('versionId') ?? null };
  if (!isSigned(fields, host)) return unsigned(fields, raw, { ...object, params });
  if (readAuthority(host) === null) return { kind: 'damaged', reason: 'bad-host' };
  if (params.filter(([name]) => isSignatureField(name)).length > signatureFieldsIn(fields)) {
    return { kind: 'damaged', reason: 'duplicate-fields' };
  }
  const signature = isV4(fields) ? readV4(fields) : readV1(fields);
  if (typeof signature === 'string') return { kind: 'damaged', reason: signature };
  if (key === '') return { kind: 'damaged', reason: 'no-key' };
  const parts: SignedUrlParts = {
    ...signature,
    ...object,
    region: signature.region ?? regionOfHost(host),
    params: params.filter(([name]) => !isSignatureField(name)),
  };
  return {
    kind: 'link',
    url: urlOf(raw),
    fragment: raw.fragment,
    parts,
  };
}

const V4_ALGORITHM = 'OSS4-HMAC-SHA256';

type SignatureParts = Pick<
  SignedUrlParts,
  'signVersion' | 'region' | 'accessKeyId' | 'temporary' | 'signedAt' | 'validUntil' | 'additionalHeaders'
>;

function isV4(fields: ReadonlyMap<string, string>): boolean {
  return ['x-oss-signature-version', 'x-oss-credential', 'x-oss-signature'].some((name) => fields.has(name));
}

/** @see https://www.alibabacloud.com/help/en/oss/support/0002-00000066 */
function isV2(fields: ReadonlyMap<string, string>): boolean {
  return fields.get('x-oss-signature-version') === 'OSS2' || fields.has('x-oss-access-key-id');
}

function signatureFieldsIn(fields: ReadonlyMap<string, string>): number {
  return [...fields.keys()].filter(isSignatureField).length;
}

/** On a custom domain only OSS's own names count: other services use `Expires` and `Signature` too. */
function isSigned(fields: ReadonlyMap<string, string>, host: string): boolean {
  if (isV2(fields)) return false;
  if (isV4(fields) || fields.has('OSSAccessKeyId')) return true;
  return isOssHost(host) && !fields.has('AWSAccessKeyId') && [...fields.keys()].some(isSignatureField);
}

function unsigned(fields: ReadonlyMap<string, string>, raw: SplitUrl, parts: ObjectUrlParts): UrlReading {
  const { host } = parts;
  const isUnsigned = isOssHost(host) && signatureFieldsIn(fields) === 0;
  if (!isUnsigned || fields.has('AWSAccessKeyId')) {
    const url = raw.fragment === '' ? urlOf(raw) : `${urlOf(raw)}#${raw.fragment}`;
    return { kind: 'foreign', host, service: serviceOf(host, fields), url };
  }
  const isObject = parts.key !== '' && readAuthority(host) !== null;
  return { kind: 'unsigned', host, url: urlOf(raw), parts: isObject ? parts : null };
}

function urlOf({ protocol, authority, path, query }: SplitUrl): string {
  return `${protocol}://${authority}${path}${query === '' ? '' : `?${query}`}`;
}

function readV4(fields: ReadonlyMap<string, string>): SignatureParts | LinkDamage {
  const field = (name: string): string => fields.get(name) ?? '';
  const signature = field('x-oss-signature');
  if (signature === '') return 'no-signature';
  if (!/^[0-9a-f]{64}$/i.test(signature)) return /^[0-9a-f]{1,63}$/i.test(signature) ? 'cut-off' : 'bad-encoding';
  const expires = field('x-oss-expires');
  const signedAt = parseTimestamp(field('x-oss-date'));
  if (Number.isNaN(signedAt) || !/^\d{1,10}$/.test(expires)) return 'no-expiry';
  if (field('x-oss-credential') === '') return 'no-id';
  const credential = /^([^/]+)\/\d{8}\/([^/]+)\/[^/]+\/aliyun_v4_request$/.exec(field('x-oss-credential'));
  const [, accessKeyId, region] = credential ?? [];
  if (accessKeyId === undefined || region === undefined) return 'cut-off';
  if (field('x-oss-signature-version') !== V4_ALGORITHM) return 'cut-off';
  if (isTokenCut(accessKeyId, fields.get('x-oss-security-token'))) return 'cut-token';
  return {
    signVersion: 'v4',
    region,
    accessKeyId,
    temporary: fields.has('x-oss-security-token'),
    signedAt,
    validUntil: signedAt + Number(expires) * 1000,
    additionalHeaders: field('x-oss-additional-headers')
      .split(';')
      .filter((name) => name !== ''),
  };
}

function readV1(fields: ReadonlyMap<string, string>): SignatureParts | LinkDamage {
  const signature = fields.get('Signature') ?? '';
  if (signature === '') return 'no-signature';
  // An HMAC-SHA1 is 20 bytes: 28 characters of base64.
  if (!/^[A-Za-z0-9+/]{27}=$/.test(signature))
    return /^[A-Za-z0-9+/]{1,27}$/.test(signature) ? 'cut-off' : 'bad-encoding';
  const expires = fields.get('Expires') ?? '';
  if (!/^\d{1,12}$/.test(expires)) return 'no-expiry';
  const accessKeyId = fields.get('OSSAccessKeyId') ?? '';
  if (accessKeyId === '') return 'no-id';
  if (isTokenCut(accessKeyId, fields.get('security-token'))) return 'cut-token';
  return {
    signVersion: 'v1',
    region: null,
    accessKeyId,
    temporary: fields.has('security-token'),
    signedAt: null,
    validUntil: Number(expires) * 1000,
    additionalHeaders: [],
  };
}

/**
 * Whether the token that belongs to an ID of STS is missing or incomplete. Tokens of Alibaba Cloud are base64, which is
 * whole in fours only; they begin with `CAI`.
 */
function isTokenCut(accessKeyId: string, token: string | undefined): boolean {
  if (token === undefined) return accessKeyId.startsWith('STS.');
  return token === '' || (/^CAI[A-Za-z0-9+/]*=*$/.test(token) && token.length % 4 !== 0);
}

/** Unix milliseconds of `20231217T141239Z`; NaN for anything else. */
function parseTimestamp(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(
    `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}Z`,
  );
}

/** Decodes a query as OSS does, like a form: `+` is a space. Null for invalid percent-encoding. */
function decodeParams(query: string): (readonly [string, string])[] | null {
  const params: (readonly [string, string])[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [name = '', ...value] = pair.split('=');
    const decoded = [
      percentDecode(name.replaceAll('+', ' ')),
      percentDecode(value.join('=').replaceAll('+', ' ')),
    ] as const;
    if (decoded[0] === null || decoded[1] === null) return null;
    params.push([decoded[0], decoded[1]]);
  }
  return params;
}

/** Whether the host is an endpoint of OSS, with or without a bucket. */
function isOssHost(host: string): boolean {
  return readOssHost(host) !== null;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

/**
 * Bucket and key: the bucket is in a service's host name, or the first segment of the path, or (custom domain) hidden.
 */
function splitPath(host: string, path: string): { bucket: string | null; key: string } {
  const rest = path.replace(/^\//, '');
  const name = withoutPort(host);
  const service = readOssHost(name);
  if (service !== null && service.front !== null) return { bucket: bucketOfHost(service), key: rest };
  if (service === null && !isPathHost(name)) return { bucket: null, key: rest };
  const slash = rest.indexOf('/');
  return slash === -1 ? { bucket: rest, key: '' } : { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) };
}

/** The secrets of a signed URL: its signature and its security token, decoded; null where the URL has none. */
export function secretsOf(url: string): { readonly signature: string | null; readonly securityToken: string | null } {
  const fields = new Map(decodeParams(url.slice(url.indexOf('?') + 1)) ?? []);
  return {
    signature: fields.get('x-oss-signature') ?? fields.get('Signature') ?? null,
    securityToken: fields.get('x-oss-security-token') ?? fields.get('security-token') ?? null,
  };
}
