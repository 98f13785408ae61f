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

/** What a signed URL is made of. `signedAt` is in Unix milliseconds. */
export interface SignedUrlOptions {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly bucket: string;
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly signVersion: SignVersion;
  readonly accessKey: AccessKey;
  readonly signedAt: number;
  /** From `signedAt`: 1 to 604,800 with V4, any length with V1. */
  readonly expiresSeconds: number;
  /** versionId, response-*, x-oss-process …: bound by the signature. */
  readonly params?: Readonly<Record<string, string | null>>;
  /** What the user of the URL must send too: Content-Type, Content-MD5 and x-oss-* are bound. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of other headers to bind (V4 only). `host` binds the host of the URL. */
  readonly additionalHeaders?: readonly string[];
}

type Options = Omit<SignedUrlOptions, 'key'>;

/** As SignedUrlOptions, for anything that can be signed: a service, a bucket, a repeated parameter. */
export type UncheckedUrlOptions = Omit<SignedUrlOptions, 'method' | 'bucket' | 'key' | 'params'> & {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  /** `oss` unless said. */
  readonly product?: string;
};

/** A signed URL with the texts that were signed, which tests compare. */
export interface UrlSigning {
  readonly url: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonicalRequest?: string;
}

/**
 * Makes a signed URL.
 * @throws WaybillError `input` for what OSS would refuse, or would sign without binding it
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export function makeSignedUrl(options: SignedUrlOptions): string {
  return signedUrlMaker(options)(options.key);
}

/**
 * As makeSignedUrl(), for many keys with the same options. The function that it gives throws for a key that OSS would
 * refuse.
 */
export function signedUrlMaker(options: Omit<SignedUrlOptions, 'key'>): (key: string) => string {
  checkBucket(options.bucket);
  checkExpiry(options);
  checkParams(options);
  const headers = boundHeaders(options);
  const unchecked = { ...options, headers, params: Object.entries(options.params ?? {}) };
  const sign = querySigner(unchecked);
  const base = baseUrl(unchecked);
  return (key) => {
    checkKey(key);
    return `${base}${encodeKeyPath(key)}?${sign(key).query}`;
  };
}

/** Signs a URL without asking whether OSS would take it. */
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

function checkParams({ method, params = {}, headers = {} }: Options): void {
  if (method === 'PUT' && 'versionId' in params) {
    throw new WaybillError({ kind: 'input', field: 'versionId', rule: 'version-on-put' });
  }
  const taken = Object.keys(params).find(isSignatureField);
  if (taken !== undefined) {
    throw new WaybillError({ kind: 'input', field: taken, rule: 'signature-field' });
  }
  // The SDKs disagree about what an x-oss-date header does to a signed URL.
  if (Object.keys(headers).some((name) => name.trim().toLowerCase() === 'x-oss-date')) {
    throw new WaybillError({ kind: 'input', field: 'x-oss-date', rule: 'signature-field' });
  }
}

function boundHeaders(options: Options): Readonly<Record<string, string>> {
  const { headers = {}, additionalHeaders = [] } = options;
  if (additionalHeaders.length === 0) return headers;
  if (options.signVersion === 'v1') {
    throw new WaybillError({ kind: 'input', field: 'additionalHeaders', rule: 'v4-only' });
  }
  const given = new Set(Object.keys(headers).map((name) => name.trim().toLowerCase()));
  const wanted = additionalHeaders.map((name) => name.trim().toLowerCase());
  const absent = wanted.find((name) => name !== 'host' && !given.has(name));
  if (absent !== undefined) throw new WaybillError({ kind: 'input', field: absent, rule: 'header-absent' });
  const { host } = bucketUrl(options.endpoint, options.bucket, null);
  return wanted.includes('host') && !given.has('host') ? { ...headers, host } : headers;
}
