import { createHmac } from 'node:crypto';
import type { ParamList } from './canonical.ts';
import { canonicalHeaders, compareBytes } from './canonical.ts';
import type { AccessKey } from './connection.ts';

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
  const given = canonicalHeaders(request.headers);
  const token = accessKey.securityToken?.trim() ?? '';
  const headers: Record<string, string> = {
    ...given,
    ...('x-oss-date' in given || 'date' in given ? {} : { date: new Date(signedAt).toUTCString() }),
    ...(token === '' ? {} : { 'x-oss-security-token': token }),
  };
  const signed = sign({ ...request, headers }, accessKey, headers['x-oss-date'] ?? headers['date'] ?? '');
  return {
    ...signed,
    headers: { ...headers, authorization: `OSS ${accessKey.accessKeyId.trim()}:${signed.signature}` },
  };
}

/** The query for a URL that carries its V1 signature; `expires` is in Unix seconds. */
export function signQueryV1(
  request: V1Request,
  accessKey: AccessKey,
  expires: number,
): V1Signature & { readonly params: ParamList } {
  const token = accessKey.securityToken?.trim() ?? '';
  const params: ParamList = [...request.params, ...(token === '' ? [] : [['security-token', token] as const])];
  const signed = sign({ ...request, params }, accessKey, String(expires));
  return {
    ...signed,
    params: [
      ...params,
      ['OSSAccessKeyId', accessKey.accessKeyId.trim()],
      ['Expires', String(expires)],
      ['Signature', signed.signature],
    ],
  };
}

function sign(request: V1Request, accessKey: AccessKey, date: string): V1Signature {
  const headers = canonicalHeaders(request.headers);
  const ossHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  const stringToSign = [
    request.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    date,
    ossHeaders + resource(request),
  ].join('\n');
  const signature = createHmac('sha1', accessKey.accessKeySecret.trim()).update(stringToSign).digest('base64');
  return { signature, stringToSign };
}

/** Raw key and raw values: V1 encodes nothing. */
function resource({ bucket, key, params }: V1Request): string {
  const signed = params
    .filter(([name]) => SIGNED_PARAMS.has(name))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (value === null || value === '' ? name : `${name}=${value}`))
    .join('&');
  const path = bucket === null ? '/' : `/${bucket}/${key ?? ''}`;
  return signed === '' ? path : `${path}?${signed}`;
}
