import { type Cause, isSignerCause, type RequestCause, type SignerCause } from '../../causes.ts';
import type { Failure } from '../../failure.ts';
import { readAuthority } from '../../http/authority.ts';
import { MAX_KEY_BYTES, MAX_MESSAGE_LENGTH, MAX_RETRY_AFTER_MS } from '../limits.ts';
import { causeOf, type SignedBy, signedByLink } from './cause.ts';
import { type RequestSecrets, withoutSecrets } from './echoes.ts';
import type { OssError } from './oss-error.ts';
import type { XmlElement } from './xml.ts';
import { child, parseXml, textOf } from './xml.ts';

/** An error reply as received. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as far as it was read; empty for HEAD, which has none. */
  readonly body: string;
  /** What the request was authorised with, replaced wherever the reply repeats it. */
  readonly secrets?: RequestSecrets;
}

/** The forms of an error's fields. A server may send anything: what has another form is left out. */
const forms = {
  code: /^[\w.-]{1,64}$/,
  requestId: /^[\w-]{1,64}$/,
  /** @see https://www.alibabacloud.com/help/en/oss/support/ec-codes */
  ec: /^\d{4}-\d{8}$/,
  action: /^[\w.:*-]{1,128}$/,
};

/** Reads an error reply. For HEAD, OSS sends the XML in the x-oss-err header, in base64. */
export function readOssError({ status, headers, body, secrets = [] }: ErrorReply): OssError {
  const encoded = headers['x-oss-err'];
  const xml =
    errorElement(body) ?? (encoded === undefined ? null : errorElement(Buffer.from(encoded, 'base64').toString()));
  const field = (name: string): string => (xml === null ? '' : withoutSecrets(textOf(xml, name), secrets));
  const formed = (form: keyof typeof forms, text: string | undefined): string =>
    text !== undefined && forms[form].test(text) ? text : '';
  const code = formed('code', field('Code'));
  const waitMs = retryAfterMs(headers);
  return {
    status,
    code: code || codeOfStatus(status),
    ...(code === '' ? { isCodeGuessed: true } : {}),
    message: field('Message').slice(0, MAX_MESSAGE_LENGTH),
    ...optional('requestId', formed('requestId', field('RequestId') || headers['x-oss-request-id'])),
    ...optional('ec', formed('ec', field('EC') || headers['x-oss-ec'])),
    ...optional('endpoint', readAuthority(field('Endpoint')) === null ? '' : field('Endpoint')),
    ...optional('action', formed('action', withoutSecrets(lackingAction(xml), secrets))),
    ...optional('resource', (field('BucketName') || field('Key')).slice(0, MAX_KEY_BYTES)),
    ...optionalTime('serverTime', headers['date']),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...optionalTime('expires', field('Expires')),
    ...(headers['x-oss-delete-marker'] === 'true' ? { deleteMarker: true } : {}),
  };
}

/**
 * The RAM action that no policy allows, as AccessDeniedDetail names it; empty where a policy denies it, since another
 * Allow would not help then.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0003-00000201
 */
function lackingAction(error: XmlElement | null): string {
  if (error === null) return '';
  const detail = child(error, 'AccessDeniedDetail') ?? error;
  return textOf(detail, 'NoPermissionType') === 'ExplicitDeny' ? '' : textOf(detail, 'AuthAction');
}

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

type RefusedAs<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }> & { readonly cause: Cause };

/** The Failure of a refused signed request. `needs` is the RAM action that it needs, for errors that don't name one. */
export function failureOfRequest(error: OssError, by: SignedBy, needs?: string): RefusedAs<'credentials' | 'oss'> {
  const cause = causeOf(error, by);
  if (!isSignerCause(cause)) return requestFailure(error, cause);
  const action = cause === 'denied-by-policy' ? actionOf(error, needs) : {};
  return { kind: 'credentials', cause, ...signerFields(error, cause), ...action };
}

/** The Failure of a refused signed URL. Its creator must act: the user's own credentials aren't involved. */
export function failureOfLink(error: OssError, url: string): RefusedAs<'link' | 'oss'> {
  const cause = causeOf(error, signedByLink(url));
  if (!isSignerCause(cause)) return { ...requestFailure(error, cause), through: 'link' };
  return { kind: 'link', cause, ...signerFields(error, cause), ...endOf(error, cause) };
}

/** The Failure of an upload that was stored although its callback failed; sent again, it would be stored twice. */
export function callbackFailure(error: OssError): RefusedAs<'oss'> {
  return { ...requestFailure(error, 'callback-failed'), through: 'link' };
}

function requestFailure(error: OssError, cause: RequestCause): RefusedAs<'oss'> {
  const { status, code, message } = error;
  return {
    ...{ kind: 'oss', cause, status, code, message },
    ...pick(error, 'ec'),
    ...pick(error, 'requestId'),
    ...pick(error, 'resource'),
    ...pick(error, 'endpoint'),
    ...pick(error, 'retryAfterMs'),
  };
}

function signerFields(error: OssError, cause: SignerCause) {
  const { code, message } = error;
  const time = cause === 'clock-skew' ? pick(error, 'serverTime') : {};
  return { code, ...optional('message', message), ...pick(error, 'ec'), ...pick(error, 'requestId'), ...time };
}

function actionOf(
  { action }: OssError,
  needs: string | undefined,
): { readonly action?: string; readonly needs?: string } {
  return action === undefined ? optional('needs', needs) : { action };
}

/** When the link expired. A moment that is still ahead by the local clock is none: the clocks differ. */
function endOf({ expires }: OssError, cause: Cause): { readonly at?: number } {
  return cause !== 'expired' || expires === undefined || expires > Date.now() ? {} : { at: expires };
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
