import { hash } from 'node:crypto';
import type { EncodedParam, ParamList } from '../canonical.ts';
import { normalizeHeaders, canonicalQuery, compareAscii, encodeKey, encodeParams, joinQuery } from '../canonical.ts';
import type { AccessKey } from '../connection.ts';
import { HmacKey } from './hmac.ts';

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

/** The instant as V4 writes it: `20231217T141239Z`. Links that are made together share it. */
function v4Date(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastDate.second) {
    lastDate = { second, text: new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '') };
  }
  return lastDate.text;
}

let lastDate = { second: Number.NaN, text: '' };

/** The headers for a request that carries its V4 signature in Authorization: all of `request.headers` and the added ones. */
export function signHeadersV4(
  request: V4Request,
  signer: V4Signer,
): V4Signature & { readonly headers: Record<string, string> } {
  const headers = {
    ...normalizeHeaders(request.headers),
    'x-oss-date': v4Date(signer.signedAt),
    'x-oss-content-sha256': UNSIGNED_PAYLOAD,
    ...tokenEntry(signer.accessKey),
  };
  const additional = additionalNames(headers, request.additionalHeaders);
  const prepared = { request, params: encodeParams(request.params), headers, additional };
  const signed = keySigner(prepared, signer)(request.key);
  const fields = [
    `Credential=${credential(signer)}`,
    ...(additional.length === 0 ? [] : [`AdditionalHeaders=${additional.join(';')}`]),
    `Signature=${signed.signature}`,
  ];
  return { ...signed, headers: { ...headers, authorization: `${ALGORITHM} ${fields.join(',')}` } };
}

/** A V4 signature as it stands in a URL. */
export interface V4QuerySignature extends V4Signature {
  /** All of the request's parameters and the added ones, encoded. */
  readonly query: string;
}

/**
 * Signs URLs that differ in their key alone: all that is the same for each of them is worked out once, which makes links
 * by the thousand several times faster.
 */
export function querySignerV4(
  request: Omit<V4Request, 'key'>,
  signer: V4Signer,
  expiresSeconds: number,
): (key: string | null) => V4QuerySignature {
  const headers = normalizeHeaders(request.headers);
  const additional = additionalNames(headers, request.additionalHeaders);
  const added: (readonly [string, string])[] = [
    ['x-oss-signature-version', ALGORITHM],
    ['x-oss-credential', credential(signer)],
    ['x-oss-date', v4Date(signer.signedAt)],
    ['x-oss-expires', String(expiresSeconds)],
    ...(additional.length === 0 ? [] : [['x-oss-additional-headers', additional.join(';')] as const]),
    ...Object.entries(tokenEntry(signer.accessKey)),
  ];
  const params = encodeParams([...request.params, ...added]);
  const query = `${joinQuery(params)}&x-oss-signature=`;
  const signKey = keySigner({ request, params, headers, additional }, signer);
  return (key) => {
    const { signature, stringToSign, canonicalRequest } = signKey(key);
    return { signature, stringToSign, canonicalRequest, query: query + signature };
  };
}

/** A request with its parts in the form that is signed. */
interface Prepared {
  readonly request: Omit<V4Request, 'key'>;
  readonly params: readonly EncodedParam[];
  readonly headers: Readonly<Record<string, string>>;
  readonly additional: readonly string[];
}

function keySigner(prepared: Prepared, signer: V4Signer): (key: string | null) => V4Signature {
  const { method, bucket } = prepared.request;
  const rest = canonicalRest(prepared);
  const head = `${ALGORITHM}\n${v4Date(signer.signedAt)}\n${scope(signer)}\n`;
  const signWith = signingKey(signer);
  return (key) => {
    const canonical = `${method}\n${resourcePath(bucket, key)}\n${rest}`;
    const stringToSign = head + hash('sha256', canonical, 'hex');
    return { signature: signWith.sign(stringToSign, 'hex'), stringToSign, canonicalRequest: canonical };
  };
}

/** The canonical request from its query on. */
function canonicalRest({ params, headers, additional }: Prepared): string {
  const signed = Object.keys(headers)
    .filter((name) => isAlwaysSigned(name) || additional.includes(name))
    .sort(compareAscii)
    .map((name) => `${name}:${headers[name] ?? ''}\n`)
    .join('');
  const payload = headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD;
  return [canonicalQuery(params), signed, additional.join(';'), payload].join('\n');
}

function resourcePath(bucket: string | null, key: string | null): string {
  return bucket === null ? '/' : `/${bucket}/${encodeKey(key ?? '')}`;
}

function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

/** OSS refuses names that are unsorted (EC 0002-00000210) or absent from the request (EC 0002-00000078). */
function additionalNames(headers: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  return [...wanted].filter((name) => name in headers && !isAlwaysSigned(name)).sort(compareAscii);
}

function credential(signer: V4Signer): string {
  return `${signer.accessKey.accessKeyId.trim()}/${scope(signer)}`;
}

function scope(signer: V4Signer): string {
  return `${v4Date(signer.signedAt).slice(0, 8)}/${regionOf(signer)}/${signer.product ?? 'oss'}/aliyun_v4_request`;
}

function regionOf({ region }: V4Signer): string {
  return region.trim().replace(/^oss-/, '');
}

/**
 * The last signing key of each AccessKey: four of the five HMACs of a signature are the same for a day and a region, which
 * is what counts when links are made by the thousand. Weak, so that a key is gone with its credentials.
 */
const signingKeys = new WeakMap<AccessKey, { readonly scope: string; readonly key: HmacKey }>();

function signingKey(signer: V4Signer): HmacKey {
  const { accessKey } = signer;
  const wanted = scope(signer);
  const known = signingKeys.get(accessKey);
  if (known?.scope === wanted) return known.key;
  const secret: Buffer = Buffer.from(`aliyun_v4${accessKey.accessKeySecret.trim()}`);
  const fields = [v4Date(signer.signedAt).slice(0, 8), regionOf(signer), signer.product ?? 'oss', 'aliyun_v4_request'];
  const key = new HmacKey(
    'sha256',
    fields.reduce((derived, field) => new HmacKey('sha256', derived).derive(field), secret),
  );
  signingKeys.set(accessKey, { scope: wanted, key });
  return key;
}

function tokenEntry({ securityToken }: AccessKey): Record<string, string> {
  const token = securityToken?.trim() ?? '';
  return token === '' ? {} : { 'x-oss-security-token': token };
}
