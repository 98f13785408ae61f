import { own } from '../../own.ts';
import type { ParamList } from '../canonical.ts';
import { normalizeHeaders, compareAscii, encodeQuery, percentEncode } from '../canonical.ts';
import type { AccessKey } from '../connection.ts';
import { signedBytes } from '../header-text.ts';
import { HmacKey } from './hmac.ts';

/*
 * Signature version 1 (HMAC-SHA1), for accounts and links from before V4. In the words of OSS's documents:
 *
 *   StringToSign = VERB \n Content-MD5 \n Content-Type \n Date \n CanonicalizedOSSHeaders CanonicalizedResource
 *   Signature    = Base64(HMAC-SHA1(Secret, StringToSign))
 *
 * In a URL, Date is the expiry in Unix seconds. Nothing is percent-encoded before signing.
 *
 * https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header
 * https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls-v1
 */

/** Query parameters that are part of CanonicalizedResource; all others are unsigned. Names are case-sensitive. */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
  ...['acl', 'uploads', 'location', 'cors', 'logging', 'website', 'referer', 'lifecycle', 'delete', 'append'],
  ...['tagging', 'objectMeta', 'uploadId', 'partNumber', 'security-token', 'position', 'img', 'style', 'styleName'],
  ...['replication', 'replicationProgress', 'replicationLocation', 'cname', 'bucketInfo', 'comp', 'qos', 'live'],
  ...['status', 'vod', 'startTime', 'endTime', 'symlink', 'restore', 'stat', 'udf', 'udfName', 'udfImage', 'udfId'],
  ...['udfImageDesc', 'udfApplication', 'udfApplicationLog', 'inventory', 'inventoryId', 'encryption', 'versions'],
  ...['versioning', 'versionId', 'policy', 'policyStatus', 'requestPayment', 'qosInfo', 'asyncFetch', 'resourceGroup'],
  ...[
    'worm',
    'wormId',
    'wormExtend',
    'callback',
    'callback-var',
    'continuation-token',
    'sequential',
    'transferAcceleration',
  ],
  ...[
    'regionList',
    'cloudboxes',
    'accessmonitor',
    'metaQuery',
    'accessPoint',
    'accessPointPolicy',
    'publicAccessBlock',
  ],
  ...['x-oss-process', 'x-oss-async-process', 'x-oss-traffic-limit', 'x-oss-request-payer', 'x-oss-ac-source-ip'],
  ...[
    'x-oss-ac-subnet-mask',
    'x-oss-ac-vpc-id',
    'x-oss-ac-forward-allow',
    'x-oss-enable-meta',
    'x-oss-write-get-object-response',
  ],
  ...['response-content-type', 'response-content-language', 'response-cache-control', 'response-content-encoding'],
  ...['response-content-disposition', 'response-expires'],
]);

/** A request to sign. Bucket, key and parameters are raw, not percent-encoded. */
export interface V1Request {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  readonly headers: Readonly<Record<string, string>>;
}

/** A signature with the text that was signed, which tests compare. */
export interface V1Signature {
  readonly signature: string;
  readonly stringToSign: string;
}

/**
 * Signs a request in its Authorization header. Returns all headers to send. The signed date is x-oss-date if the caller
 * set it, else Date; without either, Date is set to `signedAt` (Unix milliseconds).
 */
export function signHeadersV1(
  request: V1Request,
  accessKey: AccessKey,
  signedAt: number,
): V1Signature & { readonly headers: Record<string, string> } {
  const given = normalizeHeaders(request.headers);
  const token = accessKey.securityToken?.trim() ?? '';
  const headers: Record<string, string> = {
    ...given,
    ...('x-oss-date' in given || 'date' in given ? {} : { date: new Date(signedAt).toUTCString() }),
    ...(token === '' ? {} : { 'x-oss-security-token': token }),
  };
  const date = headers['x-oss-date'] ?? headers['date'] ?? '';
  const signed = objectSigner({ ...request, headers }, accessKey, date)(request.key);
  return {
    ...signed,
    headers: { ...headers, authorization: `OSS ${accessKey.accessKeyId.trim()}:${signed.signature}` },
  };
}

/** A V1 signature in a query string. */
export interface V1QuerySignature extends V1Signature {
  /** All parameters of the request and the signature, percent-encoded. */
  readonly query: string;
}

/** Signs URLs that differ only in their key, valid until `expires` (Unix seconds). */
export function querySignerV1(
  request: Omit<V1Request, 'key'>,
  accessKey: AccessKey,
  expires: number,
): (key: string | null) => V1QuerySignature {
  const token = accessKey.securityToken?.trim() ?? '';
  const params: ParamList = token === '' ? request.params : [...request.params, ['security-token', token]];
  const signatureParams: ParamList = [
    ['OSSAccessKeyId', accessKey.accessKeyId.trim()],
    ['Expires', String(expires)],
  ];
  const query = `${encodeQuery([...params, ...signatureParams])}&Signature=`;
  const sign = objectSigner({ ...request, params }, accessKey, String(expires));
  return (key) => {
    const { signature, stringToSign } = sign(key);
    return { signature, stringToSign, query: query + percentEncode(signature) };
  };
}

/** Signs any text. Returns Base64. */
export function signTextV1(text: string, accessKey: AccessKey): string {
  return signingKey(accessKey).sign(text, 'base64');
}

/** Signs requests that differ only in their key. */
function objectSigner(
  { method, bucket, params, ...request }: Omit<V1Request, 'key'>,
  accessKey: AccessKey,
  date: string,
): (key: string | null) => V1Signature {
  const headers = normalizeHeaders(request.headers);
  const canonicalizedOssHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort(compareAscii)
    .map((name) => `${name}:${own(headers, name) ?? ''}\n`)
    .join('');
  const head = [
    ...[method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date],
    canonicalizedOssHeaders,
  ].join('\n');
  const headBytes = signedBytes(head);
  const subResources = canonicalizedSubResources(params);
  const key = signingKey(accessKey);
  return (objectKey) => {
    const resource = (bucket === null ? '/' : `/${bucket}/${objectKey ?? ''}`) + subResources;
    // The resource is text, header values are bytes.
    const bytes = typeof headBytes === 'string' ? head + resource : Buffer.concat([headBytes, Buffer.from(resource)]);
    return { signature: key.sign(bytes, 'base64'), stringToSign: head + resource };
  };
}

/** The signed part of the query, sorted by name, with its `?`; values as they are. */
function canonicalizedSubResources(params: ParamList): string {
  const signed = params
    .filter(([name]) => SUB_RESOURCES.has(name))
    .sort(([a], [b]) => compareAscii(a, b))
    .map(([name, value]) => (value === null || value === '' ? name : `${name}=${value}`))
    .join('&');
  return signed === '' ? '' : `?${signed}`;
}

/** The HMAC key of each AccessKey. Weak, so that keys are collected with their credentials. */
const signingKeys = new WeakMap<AccessKey, HmacKey>();

function signingKey(accessKey: AccessKey): HmacKey {
  const cached = signingKeys.get(accessKey);
  if (cached !== undefined) return cached;
  const key = new HmacKey('sha1', Buffer.from(accessKey.accessKeySecret.trim()));
  signingKeys.set(accessKey, key);
  return key;
}
