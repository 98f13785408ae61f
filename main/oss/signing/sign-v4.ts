import { hash } from 'node:crypto';
import { own } from '../../own.ts';
import type { EncodedParam, ParamList } from '../canonical.ts';
import { normalizeHeaders, canonicalQuery, compareAscii, encodeKey, encodeParams, joinQuery } from '../canonical.ts';
import type { AccessKey } from '../connection.ts';
import { signedBytes } from '../header-text.ts';
import { HmacKey } from './hmac.ts';

/*
 * Signature version 4 (OSS4-HMAC-SHA256), in the words of OSS's documents:
 *
 *   CanonicalRequest = Method \n CanonicalURI \n CanonicalQueryString \n CanonicalHeaders \n
 *                      AdditionalHeaders \n HashedPayload
 *   StringToSign     = "OSS4-HMAC-SHA256" \n Timestamp \n Scope \n Hex(SHA256(CanonicalRequest))
 *   Scope            = Date "/" Region "/" Product "/aliyun_v4_request"
 *   SigningKey       = HMAC(HMAC(HMAC(HMAC("aliyun_v4" + Secret, Date), Region), Product), "aliyun_v4_request")
 *   Signature        = Hex(HMAC(SigningKey, StringToSign))
 *
 * https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4 (header)
 * https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls (query string)
 */

/** The version of the signature, as requests name it. */
export const ALGORITHM = 'OSS4-HMAC-SHA256';
/** The payload hash that OSS expects: bodies are not part of the signature. */
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** A request to sign. Bucket, key and parameters are raw, not percent-encoded. */
export interface V4Request {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers to sign in addition to Content-Type, Content-MD5 and x-oss-*, which are always signed. */
  readonly additionalHeaders: readonly string[];
}

/** Identity, time and scope of a signature. `signedAt` is in Unix milliseconds. */
export interface V4Signer {
  readonly accessKey: AccessKey;
  readonly signedAt: number;
  /** Such as `cn-hangzhou`; a leading `oss-` is ignored. A CloudBox uses its ID instead. */
  readonly region: string;
  /** Default: `oss`. */
  readonly product?: string;
}

/**
 * A signature with its intermediate texts, which tests compare. Never show or log them: they contain signed header
 * values.
 */
export interface V4Signature {
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonicalRequest: string;
}

/** The time as V4 writes it: `20231217T141239Z`. The last one is cached, because links signed in a batch share it. */
export function timestamp(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastTimestamp.second) {
    lastTimestamp = { second, text: new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '') };
  }
  return lastTimestamp.text;
}

let lastTimestamp = { second: Number.NaN, text: '' };

/**
 * Signs a request in its Authorization header. Returns all headers to send: those of `request`, the date, the payload
 * hash, the security token and the authorization.
 */
export function signHeadersV4(
  request: V4Request,
  signer: V4Signer,
): V4Signature & { readonly headers: Record<string, string> } {
  const headers = {
    ...normalizeHeaders(request.headers),
    'x-oss-date': timestamp(signer.signedAt),
    'x-oss-content-sha256': UNSIGNED_PAYLOAD,
    ...securityTokenEntry(signer.accessKey),
  };
  const additionalHeaders = additionalHeaderNames(headers, request.additionalHeaders);
  const parts = { ...request, params: encodeParams(request.params), headers, additionalHeaders };
  const signed = objectSigner(parts, signer)(request.key);
  const fields = [
    `Credential=${credential(signer)}`,
    ...(additionalHeaders.length === 0 ? [] : [`AdditionalHeaders=${additionalHeaders.join(';')}`]),
    `Signature=${signed.signature}`,
  ];
  return { ...signed, headers: { ...headers, authorization: `${ALGORITHM} ${fields.join(',')}` } };
}

/** A V4 signature in a query string. */
export interface V4QuerySignature extends V4Signature {
  /** All parameters of the request and the signature, percent-encoded. */
  readonly query: string;
}

/**
 * Signs URLs that differ only in their key, valid for `expiresSeconds` from `signer.signedAt`. Everything that they
 * share is computed once, which makes signing thousands of links several times faster.
 */
export function querySignerV4(
  request: Omit<V4Request, 'key'>,
  signer: V4Signer,
  expiresSeconds: number,
): (key: string | null) => V4QuerySignature {
  const headers = normalizeHeaders(request.headers);
  const additionalHeaders = additionalHeaderNames(headers, request.additionalHeaders);
  const signatureParams: (readonly [string, string])[] = [
    ['x-oss-signature-version', ALGORITHM],
    ['x-oss-credential', credential(signer)],
    ['x-oss-date', timestamp(signer.signedAt)],
    ['x-oss-expires', String(expiresSeconds)],
    ...(additionalHeaders.length === 0 ? [] : [['x-oss-additional-headers', additionalHeaders.join(';')] as const]),
    ...Object.entries(securityTokenEntry(signer.accessKey)),
  ];
  const params = encodeParams([...request.params, ...signatureParams]);
  const query = `${joinQuery(params)}&x-oss-signature=`;
  const sign = objectSigner({ ...request, params, headers, additionalHeaders }, signer);
  return (key) => {
    const { signature, stringToSign, canonicalRequest } = sign(key);
    return { signature, stringToSign, canonicalRequest, query: query + signature };
  };
}

/** The parts of a canonical request, normalised and encoded, but for the key. */
interface CanonicalParts extends Pick<V4Request, 'method' | 'bucket'> {
  readonly params: readonly EncodedParam[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** In lower case, sorted. */
  readonly additionalHeaders: readonly string[];
}

/** Signs requests that differ only in their key. */
function objectSigner(parts: CanonicalParts, signer: V4Signer): (key: string | null) => V4Signature {
  const { method, bucket, params, additionalHeaders } = parts;
  const payload = parts.headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD;
  const afterUri = [canonicalQuery(params), canonicalHeaders(parts), additionalHeaders.join(';'), payload].join('\n');
  const beforeHash = `${ALGORITHM}\n${timestamp(signer.signedAt)}\n${scope(signer)}\n`;
  const key = signingKey(signer);
  return (objectKey) => {
    const canonicalRequest = `${method}\n${canonicalUri(bucket, objectKey)}\n${afterUri}`;
    const stringToSign = beforeHash + hash('sha256', signedBytes(canonicalRequest), 'hex');
    return { signature: key.sign(stringToSign, 'hex'), stringToSign, canonicalRequest };
  };
}

function canonicalHeaders({ headers, additionalHeaders }: CanonicalParts): string {
  return Object.keys(headers)
    .filter((name) => isAlwaysSigned(name) || additionalHeaders.includes(name))
    .sort(compareAscii)
    .map((name) => `${name}:${own(headers, name) ?? ''}\n`)
    .join('');
}

/** Always with the bucket, even where the URL has it in the host name or, for a custom domain, not at all. */
function canonicalUri(bucket: string | null, key: string | null): string {
  return bucket === null ? '/' : `/${bucket}/${encodeKey(key ?? '')}`;
}

function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

/** OSS refuses names that are unsorted (EC 0002-00000210) or missing from the request (EC 0002-00000078). */
function additionalHeaderNames(headers: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  return [...wanted].filter((name) => Object.hasOwn(headers, name) && !isAlwaysSigned(name)).sort(compareAscii);
}

/** Signs any text with the key of the signer's day and region. Returns hex digits. */
export function signTextV4(text: string, signer: V4Signer): string {
  return signingKey(signer).sign(text, 'hex');
}

/** Who signed, and for which scope. */
export function credential(signer: V4Signer): string {
  return `${signer.accessKey.accessKeyId.trim()}/${scope(signer)}`;
}

function scope(signer: V4Signer): string {
  return `${timestamp(signer.signedAt).slice(0, 8)}/${regionOf(signer)}/${signer.product ?? 'oss'}/aliyun_v4_request`;
}

function regionOf({ region }: V4Signer): string {
  return region.trim().replace(/^oss-/, '');
}

/**
 * The latest signing key of each AccessKey. Four of the five HMACs of a signature depend only on the day and the
 * region; recomputing them dominates when thousands of links are signed. Weak, so that keys are collected with their
 * credentials.
 */
const signingKeys = new WeakMap<AccessKey, { readonly scope: string; readonly key: HmacKey }>();

function signingKey(signer: V4Signer): HmacKey {
  const { accessKey } = signer;
  const currentScope = scope(signer);
  const cached = signingKeys.get(accessKey);
  if (cached?.scope === currentScope) return cached.key;
  const secret: Buffer = Buffer.from(`aliyun_v4${accessKey.accessKeySecret.trim()}`);
  const fields = [
    timestamp(signer.signedAt).slice(0, 8),
    regionOf(signer),
    signer.product ?? 'oss',
    'aliyun_v4_request',
  ];
  const key = new HmacKey(
    'sha256',
    fields.reduce((derived, field) => new HmacKey('sha256', derived).derive(field), secret),
  );
  signingKeys.set(accessKey, { scope: currentScope, key });
  return key;
}

function securityTokenEntry({ securityToken }: AccessKey): Record<string, string> {
  const token = securityToken?.trim() ?? '';
  return token === '' ? {} : { 'x-oss-security-token': token };
}
