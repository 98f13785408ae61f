import type { Failure } from '../../failure.ts';
import type { XmlElement } from './xml.ts';
import { parseXml, textOf } from './xml.ts';

/**
 * The parts of an error reply that Waybill uses. OSS also echoes the string to sign, the signature and the AccessKey
 * ID; those are never copied, because errors are logged and shown.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/error-responses
 */
export interface OssError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly ec?: string;
  readonly endpoint?: string;
  readonly resource?: string;
  /** The RAM action that was denied, if OSS names it. */
  readonly action?: string;
  /** The server's time in Unix milliseconds, from its Date header. */
  readonly serverTime?: number;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs?: number;
  /** When the signed URL expired, in Unix milliseconds. */
  readonly expires?: number;
  /** The requested version, or the current one, is a delete marker. */
  readonly deleteMarker?: true;
}

/** An error reply as received. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as far as it was read; empty for HEAD, which has none. */
  readonly body: string;
}

/** Reads an error reply. For HEAD, OSS sends the XML in the x-oss-err header, in base64. */
export function readOssError({ status, headers, body }: ErrorReply): OssError {
  const encoded = headers['x-oss-err'];
  const xml =
    errorElement(body) ?? (encoded === undefined ? null : errorElement(Buffer.from(encoded, 'base64').toString()));
  const field = (name: string): string => (xml === null ? '' : textOf(xml, name));
  const waitMs = retryAfterMs(headers);
  return {
    status,
    code: field('Code') || codeOfStatus(status),
    message: field('Message') || `HTTP ${status}`,
    ...optional('requestId', field('RequestId') || headers['x-oss-request-id']),
    ...optional('ec', field('EC') || headers['x-oss-ec']),
    ...optional('endpoint', field('Endpoint')),
    ...optional('action', field('AuthAction')),
    ...optional('resource', field('BucketName') || field('Key')),
    ...optionalTime('serverTime', headers['date']),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...optionalTime('expires', field('Expires')),
    ...(headers['x-oss-delete-marker'] === 'true' ? { deleteMarker: true } : {}),
  };
}

/** The longest wait that a Retry-After header is honoured for, in milliseconds. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * The wait that a Retry-After header asks for, in milliseconds, at most five minutes; undefined without a valid header.
 * The header holds seconds or a date; a date is compared with the server's own Date header, so that a wrong local clock
 * doesn't matter.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  const text = headers['retry-after'] ?? '';
  const serverNow = Date.parse(headers['date'] ?? '');
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(serverNow) ? now : serverNow);
  return Number.isNaN(waitMs) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, waitMs));
}

/**
 * The Failure of a refused signed request. `action` is the RAM action that it needs, for errors that don't name one.
 */
export function failureOfRequest(error: OssError, action?: string): Failure {
  const reason = credentialReason(error);
  if (reason === null) return ossFailure(error);
  return {
    kind: 'credentials',
    reason,
    code: error.code,
    // Only these messages add to the reason, such as the missing RAM action.
    ...(reason === 'denied' ? { message: error.message, ...optional('action', error.action ?? action) } : {}),
    ...pick(error, 'ec'),
    ...pick(error, 'requestId'),
    ...(reason === 'clock-skew' ? pick(error, 'serverTime') : {}),
  };
}

/** The Failure of a refused signed URL. Its creator must act: the user's own credentials aren't involved. */
export function failureOfLink(error: OssError): Failure {
  const reason = linkReason(error);
  if (reason === null) return ossFailure(error);
  return {
    kind: 'link',
    reason,
    ...(error.expires === undefined || reason !== 'expired' ? {} : { at: error.expires }),
    code: error.code,
    ...pick(error, 'ec'),
    ...pick(error, 'requestId'),
  };
}

/** Whether the request was rejected because of clock skew. */
export function isClockError(error: OssError): boolean {
  return error.code === 'RequestTimeTooSkewed' || EC_CLOCK.has(error.ec ?? '');
}

/** A V4 URL signed in the future. @see https://www.alibabacloud.com/help/en/oss/support/0002-00000235 */
export const EC_NOT_YET_VALID = '0002-00000235';
/** An expired signed URL: 0002-00000069 with V1, 0002-00000236 with V4. */
export const EC_EXPIRED: ReadonlySet<string> = new Set(['0002-00000069', '0002-00000236']);
/** x-oss-date more than 15 minutes off the server's time. */
const EC_CLOCK: ReadonlySet<string> = new Set(['0002-00000504']);

type CredentialReason = Extract<Failure, { kind: 'credentials' }>['reason'];
type LinkReason = Extract<Failure, { kind: 'link' }>['reason'];

/** Why the credentials were refused; null if they aren't the cause. */
function credentialReason(error: OssError): CredentialReason | null {
  if (isClockError(error)) return 'clock-skew';
  switch (error.code) {
    case 'InvalidAccessKeyId':
      // Expired temporary credentials are reported with this code too.
      return /expired/i.test(error.message) ? 'expired-token' : 'invalid-key';
    case 'SignatureDoesNotMatch':
      return 'wrong-secret';
    case 'SecurityTokenExpired':
    case 'InvalidSecurityToken':
    case 'AccessKeyIdAndSecurityTokenNotMatch':
      return 'expired-token';
    case 'AccessDenied':
      // A request to the wrong region gets the same code, with the right endpoint.
      return error.endpoint === undefined ? 'denied' : null;
    case 'UserDisable':
    case 'Forbidden':
      return 'denied';
    default:
      return null;
  }
}

/** Codes for a well-formed signed URL that OSS refuses, and what they mean for the link. */
const linkCodes: Readonly<Record<string, LinkReason>> = {
  SecurityTokenExpired: 'expired',
  InvalidSecurityToken: 'expired',
  AccessDenied: 'refused',
  SignatureDoesNotMatch: 'refused',
  InvalidAccessKeyId: 'refused',
  AccessKeyIdAndSecurityTokenNotMatch: 'refused',
  RequestTimeTooSkewed: 'refused',
  UserDisable: 'refused',
  Forbidden: 'refused',
};

function linkReason(error: OssError): LinkReason | null {
  const ec = error.ec ?? '';
  if (EC_EXPIRED.has(ec) || /has expired/i.test(error.message)) return 'expired';
  if (ec === EC_NOT_YET_VALID) return 'not-yet-valid';
  // ECs of signature checks start with 0002.
  if (error.code === 'InvalidArgument') return ec.startsWith('0002-') ? 'malformed' : null;
  return linkCodes[error.code] ?? null;
}

function ossFailure(error: OssError): Failure {
  return {
    kind: 'oss',
    status: error.status,
    code: error.code,
    message: error.message,
    ...pick(error, 'ec'),
    ...pick(error, 'requestId'),
    ...pick(error, 'resource'),
    ...pick(error, 'endpoint'),
    ...pick(error, 'retryAfterMs'),
  };
}

function errorElement(text: string): XmlElement | null {
  try {
    const root = parseXml(text);
    return root.name === 'Error' ? root : null;
  } catch {
    return null;
  }
}

/** A code for replies that have only a status: HEAD without x-oss-err, and replies from proxies. */
function codeOfStatus(status: number): string {
  switch (status) {
    case 304:
      return 'NotModified';
    case 403:
      return 'Forbidden';
    case 404:
      return 'NotFound';
    case 412:
      return 'PreconditionFailed';
    case 416:
      return 'InvalidRange';
    default:
      return `Http${status}`;
  }
}

function pick<K extends keyof OssError>(error: OssError, name: K): Partial<Pick<OssError, K>> {
  return error[name] === undefined ? {} : ({ [name]: error[name] } as Pick<OssError, K>);
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<K, string>);
}

function optionalTime<K extends string>(name: K, text: string | undefined): Partial<Record<K, number>> {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? {} : ({ [name]: time } as Record<K, number>);
}
