import { createHmac } from 'node:crypto';
import { ANONYMOUS, type Identity } from './identity.ts';
import { type Refusal, invalidArgument } from '../protocol/refusal.ts';
import {
  MAX_SKEW_MS,
  type VerifyContext,
  isSame,
  requestHasExpired,
  requestTimeTooSkewed,
  signatureDoesNotMatch,
} from './signed-request.ts';
import type { SignedBy } from './verify.ts';
import { parseBasicIso, signingKeyOf } from './verify-v4.ts';

/** Values of a form, by names in lower case. */
type Fields = ReadonlyMap<string, string>;

/** How long a V4 form is valid after its `x-oss-date`, in milliseconds. */
const MAX_AGE_MS = 7 * 24 * 3_600_000;

const V4 = 'OSS4-HMAC-SHA256';

/** What a V4 form must have, and its policy name. @see https://help.aliyun.com/zh/oss/user-guide/0006-00000228 */
export const V4_FIELDS = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-date'];

/** How a form is signed; null for one that claims nothing, which only buckets for everyone to write take. */
export function formSignatureOf(fields: Fields): SignedBy | null {
  if (fields.has('x-oss-signature-version')) return { version: 'v4', place: 'form' };
  const claims = ['x-oss-signature', 'x-oss-credential', 'ossaccesskeyid', 'signature', 'policy'];
  return claims.some((name) => fields.has(name)) ? { version: 'v1', place: 'form' } : null;
}

/**
 * Verifies a form's signature, which covers the policy alone, in Base64 as it was sent.
 * @throws Refusal with the code and EC of the first failed check
 * @see https://help.aliyun.com/zh/oss/developer-reference/signature-version-4-recommend (V4), …/signature-version-1
 */
export function verifyForm(fields: Fields, context: VerifyContext): Identity {
  const signedBy = formSignatureOf(fields);
  if (signedBy === null) return ANONYMOUS;
  const policy = required(fields, 'policy', ['0002-00000702', '0002-00000702']);
  return signedBy.version === 'v4' ? verifyV4(fields, policy, context) : verifyV1(fields, policy, context);
}

function verifyV1(fields: Fields, policy: string, { keys }: VerifyContext): Identity {
  const accessKeyId = required(fields, 'OSSAccessKeyId', ['0002-00000706', '0002-00000707']);
  const signature = required(fields, 'Signature', ['0002-00000703', '0002-00000704']);
  const key = keys.find(accessKeyId, fields.get('x-oss-security-token') ?? null);
  const expected = createHmac('sha1', key.accessKeySecret).update(policy, 'utf8').digest('base64');
  if (!isSame(expected, signature)) throw mismatch(accessKeyId, signature, policy);
  return key.identity;
}

function verifyV4(fields: Fields, policy: string, { keys, nowMs, region, product }: VerifyContext): Identity {
  const version = fields.get('x-oss-signature-version') ?? '';
  if (version !== V4) throw wrong('x-oss-signature-version', version, '0002-00000701');
  const { accessKeyId, scope, startMs } = v4Claim(fields, product);
  if (region !== null && scope.region !== region) {
    throw wrong('x-oss-credential', fields.get('x-oss-credential') ?? '', '0002-00000228');
  }
  const signature = required(fields, 'x-oss-signature', ['0002-00000703', '0002-00000704']);
  const key = keys.find(accessKeyId, fields.get('x-oss-security-token') ?? null);
  if (startMs > nowMs + MAX_SKEW_MS) throw requestTimeTooSkewed(startMs, nowMs);
  if (nowMs > startMs + MAX_AGE_MS) throw requestHasExpired(startMs + MAX_AGE_MS, nowMs, '0002-00000069');
  const signingKey = signingKeyOf(key.accessKeySecret, scope);
  const expected = createHmac('sha256', signingKey).update(policy, 'utf8').digest('hex');
  if (!isSame(expected, signature)) throw mismatch(accessKeyId, signature, policy);
  return key.identity;
}

interface V4FormClaim {
  readonly accessKeyId: string;
  readonly scope: { readonly date: string; readonly region: string; readonly product: string };
  /** `x-oss-date` in Unix milliseconds. */
  readonly startMs: number;
}

/** `<AccessKeyId>/<date>/<region>/oss/aliyun_v4_request`, of the day of `x-oss-date`. */
function v4Claim(fields: Fields, product: string): V4FormClaim {
  const credential = required(fields, 'x-oss-credential', ['0002-00000710', '0002-00000710']);
  const [accessKeyId = '', date = '', ...rest] = credential.split('/');
  const region = rest[0] ?? '';
  const isWhole = rest.join('/') === `${region}/${product}/aliyun_v4_request`;
  if (!isWhole) throw wrong('x-oss-credential', credential, '0002-00000710');
  if (!/^[\w.-]+$/.test(accessKeyId)) throw wrong('x-oss-credential', credential, '0002-00000708');
  const dateTime = required(fields, 'x-oss-date', ['0002-00000709', '0002-00000709']);
  if (dateTime.slice(0, 8) !== date) throw wrong('x-oss-credential', credential, '0002-00000709');
  return { accessKeyId, scope: { date, region, product }, startMs: parseBasicIso(dateTime) };
}

/** A field of a signature. `ecs`: if it is missing, if it is empty. */
function required(fields: Fields, name: string, [missing, empty]: readonly [string, string]): string {
  const value = fields.get(name.toLowerCase());
  if (value === undefined) throw wrong(name, '', missing);
  if (value === '') throw wrong(name, '', empty);
  return value;
}

function wrong(name: string, value: string, ec: string): Refusal {
  return invalidArgument(`The form field ${name} is missing or not valid.`, { name, value, ec });
}

/** @see https://help.aliyun.com/zh/oss/user-guide/0002-00000705 */
function mismatch(accessKeyId: string, signature: string, policy: string): Refusal {
  const echo = { OSSAccessKeyId: accessKeyId, SignatureProvided: signature, StringToSign: policy };
  return signatureDoesNotMatch(echo, '0002-00000705');
}
