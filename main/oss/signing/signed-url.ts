import { WaybillError } from '../../failure.ts';
import type { ParamList } from '../canonical.ts';
import { encodeKeyPath } from '../canonical.ts';
import type { AccessKey, SignVersion } from '../connection.ts';
import type { Endpoint } from '../endpoint.ts';
import { bucketUrl } from '../endpoint.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../limits.ts';
import { checkBucket, checkKey } from '../names.ts';
import { querySignerV1, type V1QuerySignature } from './sign-v1.ts';
import { querySignerV4, type V4QuerySignature } from './sign-v4.ts';
import { isSignatureField } from './signed-url-parts.ts';

/** Input of makeSignedUrl(). `signedAt` is in Unix milliseconds. */
export interface SignedUrlOptions {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly bucket: string;
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly signVersion: SignVersion;
  readonly accessKey: AccessKey;
  readonly signedAt: number;
  /** Lifetime from `signedAt`: 1 to 604,800 (7 days) with V4, unlimited with V1. */
  readonly expiresSeconds: number;
  /** Such as versionId, response-* and x-oss-process. V4 signs them all, V1 only those that are sub-resources. */
  readonly params?: Readonly<Record<string, string | null>>;
  /** Headers that the user of the URL must send: Content-Type, Content-MD5 and x-oss-* are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of other headers to sign (V4 only). `host` ties the link to the host of its URL. */
  readonly additionalHeaders?: readonly string[];
}

type Options = Omit<SignedUrlOptions, 'key'>;

/** Like SignedUrlOptions, for any request: on the service, on a bucket, with repeated parameters. */
export type UncheckedUrlOptions = Omit<SignedUrlOptions, 'method' | 'bucket' | 'key' | 'params'> & {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  /** Default: `oss`. V4 only. */
  readonly product?: string;
};

/** A signed URL with its intermediate texts, which tests compare. `canonicalRequest` only with V4. */
export interface UrlSigning {
  readonly url: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonicalRequest?: string;
}

/**
 * Creates a signed URL, which lets anyone make this one request until it expires.
 * @throws WaybillError `input` for options that OSS would refuse, or that the signature wouldn't cover
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export function makeSignedUrl(options: SignedUrlOptions): string {
  return signedUrlMaker(options)(options.key);
}

/**
 * Like makeSignedUrl(), for many keys with the same options. The returned function throws `input` for an invalid key.
 */
export function signedUrlMaker(options: Omit<SignedUrlOptions, 'key'>): (key: string) => string {
  checkBucket(options.bucket);
  checkExpiry(options);
  checkParams(options);
  const headers = headersToSign(options);
  const unchecked = { ...options, headers, params: Object.entries(options.params ?? {}) };
  const sign = querySigner(unchecked);
  const base = baseUrl(unchecked);
  return (key) => {
    checkKey(key);
    return `${base}${encodeKeyPath(key)}?${sign(key).query}`;
  };
}

/** Signs any URL without checking whether OSS would accept it. */
export function signUrl(options: UncheckedUrlOptions): UrlSigning {
  const { key } = options;
  const { query, ...signed } = querySigner(options)(key);
  return { ...signed, url: `${baseUrl(options)}${key === null ? '' : encodeKeyPath(key)}?${query}` };
}

function baseUrl({ endpoint, bucket }: Pick<UncheckedUrlOptions, 'endpoint' | 'bucket'>): string {
  const { origin, path } = bucketUrl(endpoint, bucket, null);
  return origin + path;
}

function querySigner(
  options: Omit<UncheckedUrlOptions, 'key'>,
): (key: string | null) => V1QuerySignature | V4QuerySignature {
  const { method, bucket, params, headers = {}, additionalHeaders = [], expiresSeconds } = options;
  const request = { method, bucket, params, headers, additionalHeaders };
  return options.signVersion === 'v4'
    ? querySignerV4(request, options, expiresSeconds)
    : querySignerV1(request, options.accessKey, Math.floor(options.signedAt / 1000) + expiresSeconds);
}

/** V4 allows at most 7 days, V1 any whole number of seconds. */
function checkExpiry({ signVersion, expiresSeconds, region }: Options): void {
  const longest = signVersion === 'v4' ? MAX_V4_EXPIRES_SECONDS : Number.MAX_SAFE_INTEGER;
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > longest) {
    const rule = expiresSeconds > longest ? 'expires-too-long' : 'expires-too-short';
    throw new WaybillError({ kind: 'input', field: 'expiresSeconds', rule, limit: String(longest) });
  }
  if (signVersion === 'v4' && region.trim() === '') {
    throw new WaybillError({ kind: 'input', field: 'region', rule: 'region-missing' });
  }
}

/** Refuses a version on PUT, which always creates a new one, and names that the signature itself uses. */
function checkParams({ method, params = {}, headers = {} }: Options): void {
  if (method === 'PUT' && 'versionId' in params) {
    throw new WaybillError({ kind: 'input', field: 'versionId', rule: 'version-on-put' });
  }
  const reserved = Object.keys(params).find(isSignatureField);
  if (reserved !== undefined) {
    throw new WaybillError({ kind: 'input', field: reserved, rule: 'signature-field' });
  }
  // The official SDKs disagree on how an x-oss-date header affects a signed URL.
  if (Object.keys(headers).some((name) => name.trim().toLowerCase() === 'x-oss-date')) {
    throw new WaybillError({ kind: 'input', field: 'x-oss-date', rule: 'signature-field' });
  }
}

/** The headers to sign, with the host if it was asked for. @throws WaybillError `input` for a name without a header */
function headersToSign(options: Options): Readonly<Record<string, string>> {
  const { headers = {}, additionalHeaders = [] } = options;
  if (additionalHeaders.length === 0) return headers;
  if (options.signVersion === 'v1') {
    throw new WaybillError({ kind: 'input', field: 'additionalHeaders', rule: 'v4-only' });
  }
  const given = new Set(Object.keys(headers).map((name) => name.trim().toLowerCase()));
  const wanted = additionalHeaders.map((name) => name.trim().toLowerCase());
  const missing = wanted.find((name) => name !== 'host' && !given.has(name));
  if (missing !== undefined) throw new WaybillError({ kind: 'input', field: missing, rule: 'header-absent' });
  const { host } = bucketUrl(options.endpoint, options.bucket, null);
  return wanted.includes('host') && !given.has('host') ? { ...headers, host } : headers;
}
