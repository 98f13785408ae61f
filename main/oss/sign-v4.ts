import { createHash, createHmac } from 'node:crypto';
import type { ParamList } from './canonical.ts';
import { canonicalHeaders, canonicalQuery, compareBytes, encodeKey } from './canonical.ts';
import type { AccessKey } from './connection.ts';

/*
 * OSS4-HMAC-SHA256, step by step.
 * https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4
 * https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */

const ALGORITHM = 'OSS4-HMAC-SHA256';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** One request, as V4 signs it. Bucket, key and parameters are raw, not encoded. */
export interface V4Request {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers to sign besides Content-Type, Content-MD5 and x-oss-*. */
  readonly additionalHeaders: readonly string[];
}

/** When, where and as whom. `signedAt` is in Unix milliseconds. */
export interface V4Signer {
  readonly accessKey: AccessKey;
  readonly signedAt: number;
  /** `cn-hangzhou`; a leading `oss-` is taken off. For a CloudBox its ID. */
  readonly region: string;
  /** `oss` unless said. */
  readonly product?: string;
}

/** A signature with the texts it was made of, which tests compare. They must not be shown: they name the signed headers. */
export interface V4Signature {
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonicalRequest: string;
}

/** The instant as V4 writes it: `20231217T141239Z`. */
function v4Date(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The headers for a request that carries its V4 signature in Authorization: all of `request.headers` and the added ones. */
export function signHeadersV4(
  request: V4Request,
  signer: V4Signer,
): V4Signature & { readonly headers: Record<string, string> } {
  const headers = {
    ...canonicalHeaders(request.headers),
    'x-oss-date': v4Date(signer.signedAt),
    'x-oss-content-sha256': UNSIGNED_PAYLOAD,
    ...tokenEntry(signer.accessKey),
  };
  const signed = sign({ ...request, headers }, signer);
  const additional = additionalNames(headers, request.additionalHeaders);
  const fields = [
    `Credential=${credential(signer)}`,
    ...(additional.length === 0 ? [] : [`AdditionalHeaders=${additional.join(';')}`]),
    `Signature=${signed.signature}`,
  ];
  return { ...signed, headers: { ...headers, authorization: `${ALGORITHM} ${fields.join(',')}` } };
}

/** The query for a URL that carries its V4 signature: all of `request.params` and the added ones. */
export function signQueryV4(
  request: V4Request,
  signer: V4Signer,
  expiresSeconds: number,
): V4Signature & { readonly params: ParamList } {
  const additional = additionalNames(canonicalHeaders(request.headers), request.additionalHeaders);
  const params: ParamList = [
    ...request.params,
    ['x-oss-signature-version', ALGORITHM],
    ['x-oss-credential', credential(signer)],
    ['x-oss-date', v4Date(signer.signedAt)],
    ['x-oss-expires', String(expiresSeconds)],
    ...(additional.length === 0 ? [] : [['x-oss-additional-headers', additional.join(';')] as const]),
    ...Object.entries(tokenEntry(signer.accessKey)),
  ];
  const signed = sign({ ...request, params }, signer);
  return { ...signed, params: [...params, ['x-oss-signature', signed.signature]] };
}

function sign(request: V4Request, signer: V4Signer): V4Signature {
  const canonical = canonicalRequest(request);
  const stringToSign = [ALGORITHM, v4Date(signer.signedAt), scope(signer), sha256Hex(canonical)].join('\n');
  return {
    signature: hmac(signingKey(signer), stringToSign).toString('hex'),
    stringToSign,
    canonicalRequest: canonical,
  };
}

function canonicalRequest(request: V4Request): string {
  const headers = canonicalHeaders(request.headers);
  const additional = additionalNames(headers, request.additionalHeaders);
  const signed = Object.entries(headers)
    .filter(([name]) => isAlwaysSigned(name) || additional.includes(name))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  return [
    request.method,
    resourcePath(request.bucket, request.key),
    canonicalQuery(request.params),
    signed,
    additional.join(';'),
    headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD,
  ].join('\n');
}

function resourcePath(bucket: string | null, key: string | null): string {
  return bucket === null ? '/' : `/${bucket}/${encodeKey(key ?? '')}`;
}

function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

/** OSS refuses names that are unsorted (EC 0002-00000210) or absent from the request (EC 0002-00000078). */
function additionalNames(headers: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  return [...wanted].filter((name) => name in headers && !isAlwaysSigned(name)).sort(compareBytes);
}

function credential(signer: V4Signer): string {
  return `${signer.accessKey.accessKeyId.trim()}/${scope(signer)}`;
}

function scope(signer: V4Signer): string {
  return scopeFields(signer).join('/');
}

function scopeFields({ signedAt, region, product = 'oss' }: V4Signer): string[] {
  return [v4Date(signedAt).slice(0, 8), region.trim().replace(/^oss-/, ''), product, 'aliyun_v4_request'];
}

function signingKey(signer: V4Signer): Buffer {
  const start: Buffer = Buffer.from(`aliyun_v4${signer.accessKey.accessKeySecret.trim()}`);
  return scopeFields(signer).reduce(hmac, start);
}

function tokenEntry({ securityToken }: AccessKey): Record<string, string> {
  const token = securityToken?.trim() ?? '';
  return token === '' ? {} : { 'x-oss-security-token': token };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
