import type { Dispatcher } from 'undici';
import { regionOfHost } from '../../oss/endpoint.ts';
import { EC_EXPIRED, EC_NOT_YET_VALID, isClockError, type OssError } from '../../oss/exchange/errors.ts';
import { tryUnsigned, type OssReply } from '../../oss/exchange/request.ts';
import type { LinkCause, LinkDiagnosis } from './link-diagnosis.ts';
import type { ReceivedLink } from './link-card.ts';

/** How far a V4 link's start may lie ahead of the server's clock. */
const EARLY_MS = 15 * 60_000;

/** Smaller clock errors have no effect worth reporting. */
const SKEW_MS = 60_000;

/** A signed header wasn't sent. @see https://www.alibabacloud.com/help/en/oss/support/0002-00000078 */
const EC_HEADER_MISSING = '0002-00000078';
/** The request didn't come from the VPC that the link or a policy names. */
const EC_WRONG_VPC = '0002-00000603';

/**
 * Asks the server why a link fails. Only reads: one byte with GET and, if the signature doesn't match, HEAD. Upload and
 * delete links are tested the same way, so the test never writes or deletes.
 * @param now the local clock, in Unix milliseconds
 * @throws WaybillError `network` if the server isn't reached
 */
export async function diagnoseLink(
  link: { readonly url: string; readonly card: ReceivedLink },
  dispatcher: Dispatcher,
  { now = Date.now(), signal }: { readonly now?: number; readonly signal?: AbortSignal } = {},
): Promise<LinkDiagnosis> {
  const ask = (method: 'GET' | 'HEAD'): ReturnType<typeof tryUnsigned> => {
    const headers = { ...askHeaders(link.card), ...(method === 'GET' ? { range: 'bytes=0-0' } : {}) };
    return tryUnsigned(link.url, { method, headers, signal }, dispatcher);
  };
  const wanted = link.card.note?.method === 'HEAD' ? 'HEAD' : 'GET';
  const reply = await ask(wanted);
  if (!('error' in reply)) return works(drop(reply), now);
  const { error } = reply;
  const serverTime = error.serverTime ?? null;
  const answer = { serverTime, clockOffBy: clockOffBy(serverTime, now), code: error.code, ec: error.ec ?? null };
  const cause =
    error.code === 'SignatureDoesNotMatch'
      ? await signatureCause(link.card, wanted, () => ask('HEAD'))
      : causeOf(error, link.card);
  return { ...answer, ...cause, requestId: error.requestId ?? null };
}

/** The headers of the link's note, if it is for reading. A signature may cover Accept-Encoding. */
function askHeaders({ note }: ReceivedLink): Readonly<Record<string, string>> {
  return note?.method === 'GET' || note?.method === 'HEAD' ? note.headers : { 'accept-encoding': 'identity' };
}

async function signatureCause(
  { note, boundHeaders }: ReceivedLink,
  asked: 'GET' | 'HEAD',
  askHead: () => ReturnType<typeof tryUnsigned>,
): Promise<LinkCause> {
  if (note !== null && note.method !== asked) return { cause: 'wrong-method', method: note.method };
  if (asked === 'GET') {
    const head = await askHead();
    if (!('error' in head)) {
      drop(head);
      return { cause: 'wrong-method', method: 'HEAD' };
    }
    // A reply about the object means that the signature was accepted.
    if (head.error.status === 404) return { cause: 'wrong-method', method: 'HEAD' };
  }
  const headers = boundHeaders.filter((name) => name !== 'host');
  if (note === null && headers.length > 0) return { cause: 'header-missing', headers };
  return note === null
    ? { cause: 'changed-in-transit', orElse: ['wrong-method', 'header-missing'] }
    : { cause: 'changed-in-transit', orElse: [] };
}

function causeOf(error: OssError, card: ReceivedLink): LinkCause {
  const byTime = timeCause(error, card);
  if (byTime !== null) return byTime;
  if (error.ec === EC_HEADER_MISSING) return { cause: 'header-missing', headers: card.boundHeaders };
  if (error.endpoint !== undefined) {
    return { cause: 'wrong-region', endpoint: error.endpoint, region: regionOfHost(error.endpoint) };
  }
  if (error.ec === EC_WRONG_VPC) return { cause: 'restricted-address' };
  if (error.code === 'AccessDenied') return deniedCause(card);
  return codeCauses[error.code]?.(error) ?? { cause: 'other', message: error.message };
}

function timeCause(error: OssError, { validFrom, validUntil }: ReceivedLink): LinkCause | null {
  const ec = error.ec ?? '';
  if (EC_EXPIRED.has(ec) || /request has expired/i.test(error.message)) {
    return { cause: 'expired', at: error.expires ?? validUntil };
  }
  if (ec === EC_NOT_YET_VALID) return { cause: 'not-yet-valid', at: (validFrom ?? validUntil) - EARLY_MS };
  return isClockError(error) ? { cause: 'clock' } : null;
}

function deniedCause(card: ReceivedLink): LinkCause {
  return card.troubles.includes('restricted') ? { cause: 'restricted-address' } : { cause: 'denied' };
}

const revoked = (): LinkCause => ({ cause: 'credentials-revoked' });
const sessionEnded = (): LinkCause => ({ cause: 'session-ended' });
const objectGone = ({ deleteMarker }: OssError): LinkCause => ({
  cause: 'object-gone',
  deleteMarker: deleteMarker === true,
});
const unreadable = (error: OssError): LinkCause =>
  /region/i.test(error.message) ? { cause: 'wrong-region', endpoint: null, region: null } : { cause: 'malformed' };

const codeCauses: Readonly<Record<string, (error: OssError) => LinkCause>> = {
  InvalidAccessKeyId: revoked,
  UserDisable: revoked,
  AccessKeyIdAndSecurityTokenNotMatch: revoked,
  SecurityTokenExpired: sessionEnded,
  InvalidSecurityToken: sessionEnded,
  NoSuchKey: objectGone,
  NotFound: objectGone,
  NoSuchVersion: () => ({ cause: 'version-gone' }),
  // The version is a delete marker.
  MethodNotAllowed: () => ({ cause: 'version-gone' }),
  NoSuchBucket: () => ({ cause: 'bucket-gone' }),
  InvalidObjectState: () => ({ cause: 'archived' }),
  InvalidArgument: unreadable,
};

function works({ status, headers }: OssReply, now: number): LinkDiagnosis {
  const date = Date.parse(headers['date'] ?? '');
  const serverTime = Number.isNaN(date) ? null : date;
  const offBy = clockOffBy(serverTime, now);
  const requestId = headers['x-oss-request-id'] ?? null;
  return { cause: 'none', status, serverTime, clockOffBy: offBy, code: null, ec: null, requestId };
}

/** Local time minus server time in milliseconds; 0 if the difference doesn't matter. */
function clockOffBy(serverTime: number | null, now: number): number {
  return serverTime === null || Math.abs(now - serverTime) < SKEW_MS ? 0 : now - serverTime;
}

/** Drops a body that nobody will read. */
function drop(reply: OssReply): OssReply {
  reply.body.destroy();
  return reply;
}
