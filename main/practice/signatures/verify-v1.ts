import { createHmac } from 'node:crypto';
import type { Identity, Key } from './identity.ts';
import { compareBytes } from '../protocol/percent.ts';
import { accessDenied } from '../protocol/refusal.ts';
import {
  MAX_SKEW_MS,
  type SignedRequest,
  type VerifyContext,
  hexBytes,
  isSame,
  requestHasExpired,
  requestTimeTooSkewed,
  signatureDoesNotMatch,
  printed,
} from './signed-request.ts';

/**
 * The query parameters that V1 signs; all others are ignored.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header
 */
const SUB_RESOURCES = new Set(
  [
    'acl append asyncFetch bucketInfo callback callback-var cname comp continuation-token cors delete encryption endTime group',
    'img inventory inventoryId lifecycle link live location logging metaQuery objectInfo objectMeta partNumber policy position',
    'processConfiguration qos qosInfo referer regionList replication replicationLocation replicationProgress requestPayment',
    'resourceGroup response-cache-control response-content-disposition response-content-encoding response-content-language',
    'response-content-type response-expires restore security-token sequential startTime stat status style styleName symlink',
    'tagging transferAcceleration uploadId uploads versionId versioning versions vod website worm wormExtend wormId',
    'x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-async-process x-oss-process',
    'x-oss-request-payer x-oss-traffic-limit x-oss-write-get-object-response',
  ].flatMap((line) => line.split(' ')),
);

/** Verifies `Authorization: OSS <AccessKeyId>:<Signature>`. */
export function verifyV1Header(request: SignedRequest, authorization: string, context: VerifyContext): Identity {
  const found = /^OSS ([^:\s]+):(\S+)$/.exec(authorization);
  if (!found) throw accessDenied('The authorization header is malformed.', '0002-00000061');
  const [, accessKeyId = '', signature = ''] = found;
  const { headers } = request;
  const key = context.keys.find(accessKeyId, headers['x-oss-security-token'] ?? null);
  const date = headers['x-oss-date'] ?? headers['date'] ?? '';
  const requestMs = Date.parse(date);
  if (Number.isNaN(requestMs)) throw accessDenied('OSS authentication requires a valid Date.', '0002-00000001');
  if (Math.abs(requestMs - context.nowMs) > MAX_SKEW_MS) throw requestTimeTooSkewed(requestMs, context.nowMs);
  check(request, { accessKeyId, signature, key, dateLine: date });
  return key.identity;
}

/** Verifies a URL with `OSSAccessKeyId`, `Expires` and `Signature`. */
export function verifyV1Url(request: SignedRequest, context: VerifyContext): Identity {
  const { query } = request.target;
  const accessKeyId = query.get('OSSAccessKeyId') ?? '';
  const signature = query.get('Signature') ?? '';
  const expires = query.get('Expires') ?? '';
  if (accessKeyId === '' || signature === '' || expires === '') {
    throw accessDenied(
      'Query string authentication requires the Signature, Expires and OSSAccessKeyId parameters.',
      '0002-00000068',
    );
  }
  if (!/^\d{1,15}$/.test(expires)) {
    throw accessDenied('Invalid date (should be seconds since epoch).', '0002-00000070');
  }
  const key = context.keys.find(accessKeyId, query.get('security-token') ?? null);
  const expiresMs = Number(expires) * 1000;
  if (context.nowMs > expiresMs) throw requestHasExpired(expiresMs, context.nowMs, '0002-00000069');
  check(request, { accessKeyId, signature, key, dateLine: expires });
  return key.identity;
}

interface V1Claim {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly key: Key;
  readonly dateLine: string;
}

function check(request: SignedRequest, claim: V1Claim): void {
  const text = stringToSign(request, claim.dateLine);
  const expected = createHmac('sha1', claim.key.accessKeySecret).update(text, 'latin1').digest('base64');
  if (isSame(expected, claim.signature)) return;
  throw signatureDoesNotMatch({
    OSSAccessKeyId: claim.accessKeyId,
    SignatureProvided: claim.signature,
    StringToSign: printed(text),
    StringToSignBytes: hexBytes(printed(text)),
  });
}

/** One character for each byte. */
function stringToSign(request: SignedRequest, dateLine: string): string {
  const { headers, method } = request;
  const ossHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${name}:${(value ?? '').trim()}\n`)
    .join('');
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', dateLine];
  const resource = Buffer.from(canonicalResource(request), 'utf8').toString('latin1');
  return `${lines.join('\n')}\n${ossHeaders}${resource}`;
}

function canonicalResource({ target }: SignedRequest): string {
  const path = target.bucket === null ? '/' : `/${target.bucket}/${target.key ?? ''}`;
  const signed = target.query.pairs
    .filter(([name]) => SUB_RESOURCES.has(name))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
}
