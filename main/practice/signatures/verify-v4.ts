import { createHash, createHmac } from 'node:crypto';
import { own } from '../../own.ts';
import type { Identity, Key } from './identity.ts';
import { compareBytes, encodePercent } from '../protocol/percent.ts';
import { accessDenied, invalidArgument } from '../protocol/refusal.ts';
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

const ALGORITHM = 'OSS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 604_800;

interface V4Claim {
  readonly accessKeyId: string;
  readonly scope: { readonly date: string; readonly region: string; readonly product: string };
  readonly dateTime: string;
  readonly additionalHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Verifies `Authorization: OSS4-HMAC-SHA256 Credential=…,AdditionalHeaders=…,Signature=…`, fields in any order.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4
 */
export function verifyV4Header(request: SignedRequest, authorization: string, context: VerifyContext): Identity {
  const fields = new Map(
    authorization
      .slice(ALGORITHM.length)
      .split(',')
      .map((field) => field.trim().split(/=(.*)/s, 2))
      .map(([name = '', value = '']) => [name, value]),
  );
  const credential = fields.get('Credential');
  const signature = fields.get('Signature');
  if (credential === undefined || signature === undefined) {
    throw invalidArgument('The authorization header is malformed.', {
      name: 'Authorization',
      value: [...fields.keys()].join(','),
      ec: '0002-00000202',
    });
  }
  const { headers } = request;
  if (headers['x-oss-content-sha256'] === undefined) {
    throw invalidArgument('Missing required header for this request: x-oss-content-sha256.');
  }
  const dateTime = headers['x-oss-date'] ?? toBasicIso(headers['date'] ?? '');
  const scope = parseCredential(credential, context, IN_HEADER);
  const claim = { ...scope, dateTime, signature, additionalHeaders: parseNames(fields.get('AdditionalHeaders')) };
  const key = context.keys.find(claim.accessKeyId, headers['x-oss-security-token'] ?? null);
  const requestMs = parseBasicIso(dateTime);
  if (Math.abs(requestMs - context.nowMs) > MAX_SKEW_MS) throw requestTimeTooSkewed(requestMs, context.nowMs);
  check(request, claim, key);
  return key.identity;
}

/**
 * Verifies a URL with `x-oss-signature…` parameters, valid from 15 minutes before `x-oss-date` until `x-oss-expires`
 * seconds after it.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export function verifyV4Url(request: SignedRequest, context: VerifyContext): Identity {
  const { query } = request.target;
  const version = query.get('x-oss-signature-version') ?? '';
  if (version !== ALGORITHM) {
    throw invalidArgument('Invalid signature version.', { name: 'x-oss-signature-version', value: version });
  }
  const scope = parseCredential(query.get('x-oss-credential') ?? '', context, IN_URL);
  const claim: V4Claim = {
    ...scope,
    dateTime: query.get('x-oss-date') ?? '',
    signature: query.get('x-oss-signature') ?? '',
    additionalHeaders: parseNames(query.get('x-oss-additional-headers')),
  };
  const startMs = parseBasicIso(claim.dateTime);
  const expiresMs = startMs + parseExpires(query.get('x-oss-expires')) * 1000;
  const key = context.keys.find(claim.accessKeyId, query.get('x-oss-security-token') ?? null);
  if (context.nowMs < startMs - MAX_SKEW_MS) {
    throw accessDenied('The request is not yet valid.', '0002-00000235', {
      RequestTime: new Date(startMs).toISOString(),
      ServerTime: new Date(context.nowMs).toISOString(),
    });
  }
  if (context.nowMs > expiresMs) throw requestHasExpired(expiresMs, context.nowMs, '0002-00000236');
  check(request, claim, key);
  return key.identity;
}

function parseExpires(text: string | undefined): number {
  if (text === undefined) throw invalidArgument('Missing x-oss-expires.', argument('', '0002-00000215'));
  if (text === '') throw invalidArgument('x-oss-expires is empty.', argument('', '0002-00000216'));
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS) return seconds;
  throw invalidArgument(
    `x-oss-expires must be an integer between 1 and ${MAX_EXPIRES_SECONDS}.`,
    argument(text, '0002-00000232'),
  );
}

function argument(value: string, ec: string): { name: string; value: string; ec: string } {
  return { name: 'x-oss-expires', value, ec };
}

interface CredentialRefusals {
  readonly formatEc: string;
  /** OSS doesn't name the right region. */
  readonly region: string;
  readonly regionEc: string;
}

/** @see https://github.com/aliyun/aliyun-oss-python-sdk/blob/master/tests/test_exception_ec.py */
const IN_HEADER: CredentialRefusals = {
  formatEc: '0002-00000213',
  region: 'Invalid signing region in Authorization header.',
  regionEc: '0002-00000226',
};

/** @see https://github.com/aliyun/aliyun-oss-python-sdk/blob/master/tests/test_sign.py */
const IN_URL: CredentialRefusals = {
  formatEc: '0002-00000225',
  region: 'The signing region in credential is invalid.',
  regionEc: '0002-00000228',
};

function parseCredential(
  credential: string,
  context: VerifyContext,
  refusals: CredentialRefusals,
): Pick<V4Claim, 'accessKeyId' | 'scope'> {
  const parts = credential.split('/');
  const [date = '', region = '', product = '', terminator = ''] = parts.slice(-4);
  const named = { name: 'x-oss-credential', value: parts.slice(-4).join('/') };
  if (parts.length < 5 || !/^\d{8}$/.test(date) || product !== context.product || terminator !== 'aliyun_v4_request') {
    throw invalidArgument('Invalid credential in the signature.', { ...named, ec: refusals.formatEc });
  }
  if (context.region !== null && region !== context.region) {
    throw invalidArgument(refusals.region, { ...named, ec: refusals.regionEc });
  }
  return { accessKeyId: parts.slice(0, -4).join('/'), scope: { date, region, product } };
}

function parseNames(text: string | undefined): readonly string[] {
  const names = text === undefined || text === '' ? [] : text.split(';');
  const sorted = [...names].sort(compareBytes);
  if (names.some((name, at) => name !== sorted[at] || name !== name.toLowerCase())) {
    throw invalidArgument('Additional headers must be in lower case and sorted.', {
      name: 'AdditionalHeaders',
      value: text ?? '',
      ec: '0002-00000210',
    });
  }
  return names;
}

function check(request: SignedRequest, claim: V4Claim, key: Key): void {
  if (!claim.dateTime.startsWith(claim.scope.date)) {
    throw invalidArgument('The date of the credential is not that of x-oss-date.', {
      name: 'x-oss-date',
      value: claim.dateTime,
    });
  }
  const canonical = canonicalRequest(request, claim.additionalHeaders);
  const { date, region, product } = claim.scope;
  const scope = `${date}/${region}/${product}/aliyun_v4_request`;
  const text = [ALGORITHM, claim.dateTime, scope, sha256(canonical)].join('\n');
  const signingKey = signingKeyOf(key.accessKeySecret, claim.scope);
  if (isSame(hmac(signingKey, text).toString('hex'), claim.signature)) return;
  throw signatureDoesNotMatch({
    OSSAccessKeyId: claim.accessKeyId,
    SignatureProvided: claim.signature,
    StringToSign: text,
    StringToSignBytes: hexBytes(text),
    CanonicalRequest: printed(canonical),
  });
}

/** The key that signs for one day, region and product. */
export function signingKeyOf(accessKeySecret: string, { date, region, product }: V4Claim['scope']): string | Buffer {
  return [date, region, product, 'aliyun_v4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `aliyun_v4${accessKeySecret}`,
  );
}

/** One character for each byte. */
function canonicalRequest({ method, target, headers }: SignedRequest, additional: readonly string[]): string {
  const path = target.bucket === null ? '/' : `/${target.bucket}/${target.key ?? ''}`;
  const query = target.query.pairs
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encodePercent(name), encodePercent(value)] as const)
    .sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const missing = additional.find((name) => own(headers, name) === undefined);
  if (missing !== undefined) {
    throw invalidArgument('An additional header is missing from the request.', {
      name: 'AdditionalHeaders',
      value: missing,
      ec: '0002-00000078',
    });
  }
  const signed = Object.keys(headers)
    .filter(
      (name) =>
        name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5' || additional.includes(name),
    )
    .sort(compareBytes)
    .map((name) => `${name}:${(own(headers, name) ?? '').trim()}\n`);
  return [
    method,
    encodePercent(path, '/'),
    query.join('&'),
    signed.join(''),
    additional.join(';'),
    headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** Parses `20231203T121212Z` into Unix milliseconds. @throws Refusal `InvalidArgument` */
export function parseBasicIso(text: string): number {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const ms = found ? Date.parse(text.replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z')) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw invalidArgument('x-oss-date must be in the format of yyyyMMddTHHmmssZ.', { name: 'x-oss-date', value: text });
}

function toBasicIso(httpDate: string): string {
  const ms = Date.parse(httpDate);
  return Number.isNaN(ms) ? '' : `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
