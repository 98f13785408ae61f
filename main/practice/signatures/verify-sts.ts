import { createHash, createHmac } from 'node:crypto';
import { own } from '../../own.ts';
import type { Identity, KeySource } from './identity.ts';
import { compareBytes, encodePercent } from '../protocol/percent.ts';
import { Query } from '../protocol/query.ts';
import { Refusal } from '../protocol/refusal.ts';
import { isSame } from './signed-request.ts';

const MAX_SKEW_MS = 15 * 60 * 1000;

/** The parts of an STS call that its signature covers. */
export interface StsRequest {
  readonly method: string;
  /** Path as sent, without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Query;
  /** Parameters of an `application/x-www-form-urlencoded` body. */
  readonly form: Query;
  readonly body: Uint8Array;
}

/** An authenticated STS call. */
export interface VerifiedStsCall {
  readonly identity: Identity;
  /** Parameters of query and body combined. */
  readonly parameters: Query;
}

/**
 * Verifies an ACS3-HMAC-SHA256 header or, without one, an RPC signature (HMAC-SHA1) in the parameters.
 * @throws Refusal with STS error codes
 */
export function verifySts(request: StsRequest, keys: KeySource, nowMs: number): VerifiedStsCall {
  const authorization = request.headers['authorization'];
  const identity =
    authorization === undefined ? verifyRpc(request, keys, nowMs) : verifyAcs3(request, authorization, { keys, nowMs });
  return { identity, parameters: allParameters(request) };
}

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
function verifyAcs3(
  request: StsRequest,
  authorization: string,
  { keys, nowMs }: { readonly keys: KeySource; readonly nowMs: number },
): Identity {
  const found = /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(
    authorization,
  );
  if (!found) throw stsError(400, 'IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
  const [, accessKeyId = '', signedHeaders = '', signature = ''] = found;
  const { headers } = request;
  checkTime(headers['x-acs-date'], nowMs);
  const key = findKey(keys, accessKeyId, headers['x-acs-security-token'] ?? null);
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  if (headers['x-acs-content-sha256'] !== bodyHash) throw doesNotMatch('x-acs-content-sha256 is not that of the body');
  const names = signedHeaders.split(';');
  const mustBeSigned = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'host');
  if (mustBeSigned.some((name) => !names.includes(name))) throw doesNotMatch('a header is not signed');
  const canonical = [
    request.method,
    request.path === '' ? '/' : request.path,
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${(own(headers, name) ?? '').trim()}`),
    '',
    signedHeaders,
    bodyHash,
  ].join('\n');
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const expected = createHmac('sha256', key.accessKeySecret).update(text).digest('hex');
  if (!isSame(expected, signature)) throw doesNotMatch(`server string to sign is:${text}`);
  return key.identity;
}

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism */
function verifyRpc(request: StsRequest, keys: KeySource, nowMs: number): Identity {
  const parameters = allParameters(request);
  const get = (name: string): string => {
    const value = parameters.get(name);
    if (value !== undefined && value !== '') return value;
    throw stsError(400, `Missing${name}`, `${name} is mandatory for this action.`);
  };
  const accessKeyId = get('AccessKeyId');
  const signature = get('Signature');
  if (get('SignatureMethod') !== 'HMAC-SHA1' || get('SignatureVersion') !== '1.0') {
    throw stsError(400, 'InvalidParameter.SignatureMethod', 'Specified signature method is not valid.');
  }
  get('SignatureNonce');
  checkTime(get('Timestamp'), nowMs);
  const key = findKey(keys, accessKeyId, parameters.get('SecurityToken') ?? null);
  const signed = canonicalQuery(new Query(parameters.pairs.filter(([name]) => name !== 'Signature')));
  const text = `${request.method}&${encodePercent('/')}&${encodePercent(signed)}`;
  const expected = createHmac('sha1', `${key.accessKeySecret}&`).update(text).digest('base64');
  if (!isSame(expected, signature)) throw doesNotMatch(`server string to sign is:${text}`);
  return key.identity;
}

/** An STS error. */
export function stsError(status: number, code: string, message: string): Refusal {
  return new Refusal(status, { code, message });
}

function findKey(keys: KeySource, accessKeyId: string, token: string | null): ReturnType<KeySource['find']> {
  try {
    return keys.find(accessKeyId, token);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    switch (error.details.code) {
      case 'SecurityTokenExpired':
        throw stsError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
      case 'InvalidAccessKeyId':
        throw stsError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
      default:
        throw stsError(400, 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
    }
  }
}

function doesNotMatch(detail: string): Refusal {
  return stsError(400, 'SignatureDoesNotMatch', `Specified signature is not matched with our calculation. ${detail}`);
}

function checkTime(text: string | undefined, nowMs: number): void {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) throw stsError(400, 'InvalidTimeStamp.Format', 'Specified time stamp is not well formatted.');
  if (Math.abs(ms - nowMs) > MAX_SKEW_MS) {
    throw stsError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

/** Both RPC and ACS3 keep the `=` of an empty value. */
function canonicalQuery(query: Query): string {
  return query.pairs
    .map(([name, value]) => [encodePercent(name), encodePercent(value)] as const)
    .sort((a, b) => compareBytes(a[0], b[0]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function allParameters(request: StsRequest): Query {
  return new Query([...request.query.pairs, ...request.form.pairs]);
}
