import type { ParamList } from '../canonical.ts';
import { normalizeHeaders, compareAscii, encodeQuery, percentEncode } from '../canonical.ts';
import type { AccessKey } from '../connection.ts';
import { HmacKey } from './hmac.ts';

/*
 * Signature version 1 (HMAC-SHA1), for buckets and links that were made before V4.
 * https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header
 * https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls-v1
 */

/** The parameters that V1 signs; all others are not bound. Names are case-sensitive. */
const SIGNED_PARAMS: ReadonlySet<string> = new Set([
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

/** One request, as V1 signs it. Bucket, key and parameters are raw, not encoded. */
export interface V1Request {
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly params: ParamList;
  readonly headers: Readonly<Record<string, string>>;
}

/** A signature with the text it was made of, which tests compare. */
export interface V1Signature {
  readonly signature: string;
  readonly stringToSign: string;
}

/**
 * The headers for a request that carries its V1 signature in Authorization: all of `request.headers` and the added ones.
 * The date is x-oss-date where the caller set it, else Date; `signedAt` (Unix milliseconds) when neither is set.
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
  const signed = keySigner({ ...request, headers }, accessKey, date)(request.key);
  return {
    ...signed,
    headers: { ...headers, authorization: `OSS ${accessKey.accessKeyId.trim()}:${signed.signature}` },
  };
}

/** A V1 signature as it stands in a URL. */
export interface V1QuerySignature extends V1Signature {
  /** All of the request's parameters and the added ones, encoded. */
  readonly query: string;
}

/** Signs URLs that differ in their key alone, until `expires` (Unix seconds). */
export function querySignerV1(
  request: Omit<V1Request, 'key'>,
  accessKey: AccessKey,
  expires: number,
): (key: string | null) => V1QuerySignature {
  const token = accessKey.securityToken?.trim() ?? '';
  const params: ParamList = token === '' ? request.params : [...request.params, ['security-token', token]];
  const added: ParamList = [
    ['OSSAccessKeyId', accessKey.accessKeyId.trim()],
    ['Expires', String(expires)],
  ];
  const query = `${encodeQuery([...params, ...added])}&Signature=`;
  const signKey = keySigner({ ...request, params }, accessKey, String(expires));
  return (key) => {
    const { signature, stringToSign } = signKey(key);
    return { signature, stringToSign, query: query + percentEncode(signature) };
  };
}

function keySigner(
  { method, bucket, params, ...request }: Omit<V1Request, 'key'>,
  accessKey: AccessKey,
  date: string,
): (key: string | null) => V1Signature {
  const headers = normalizeHeaders(request.headers);
  const ossHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort(compareAscii)
    .map((name) => `${name}:${headers[name] ?? ''}\n`)
    .join('');
  const head = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date, ossHeaders].join('\n');
  const signed = signedParams(params);
  const signWith = signingKey(accessKey);
  return (key) => {
    // Raw key and raw values: V1 encodes nothing.
    const stringToSign = `${head}${bucket === null ? '/' : `/${bucket}/${key ?? ''}`}${signed}`;
    return { signature: signWith.sign(stringToSign, 'base64'), stringToSign };
  };
}

function signedParams(params: ParamList): string {
  const signed = params
    .filter(([name]) => SIGNED_PARAMS.has(name))
    .sort(([a], [b]) => compareAscii(a, b))
    .map(([name, value]) => (value === null || value === '' ? name : `${name}=${value}`))
    .join('&');
  return signed === '' ? '' : `?${signed}`;
}

/** Weak, so that a key is gone with its credentials. */
const signingKeys = new WeakMap<AccessKey, HmacKey>();

function signingKey(accessKey: AccessKey): HmacKey {
  const known = signingKeys.get(accessKey);
  if (known !== undefined) return known;
  const key = new HmacKey('sha1', Buffer.from(accessKey.accessKeySecret.trim()));
  signingKeys.set(accessKey, key);
  return key;
}
