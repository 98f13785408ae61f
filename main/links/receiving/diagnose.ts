import type { Dispatcher } from 'undici';
import { failureOfLink } from '../../oss/exchange/errors.ts';
import type { OssError } from '../../oss/exchange/oss-error.ts';
import { tryUnsigned, type OssReply } from '../../oss/exchange/request.ts';
import type { LinkMethod } from '../text/link-note.ts';
import type { LinkDiagnosis, LinkFinding } from './link-diagnosis.ts';
import type { ReceivedLink } from './link-card.ts';

/** How far a V4 link's start may lie ahead of the server's clock. */
const EARLY_MS = 15 * 60_000;

/** Smaller clock errors have no effect worth reporting. */
const SKEW_MS = 60_000;

type AskedLink = { readonly url: string; readonly card: ReceivedLink };
type AskHead = () => ReturnType<typeof tryUnsigned>;
type LinkFailure = ReturnType<typeof failureOfLink>;

/**
 * Asks the server why a link fails. Only reads: one byte with GET and, if the signature doesn't match, HEAD. Upload and
 * delete links are tested the same way, so the test never writes or deletes.
 * @param now the local clock, in Unix milliseconds
 * @throws WaybillError `network` if the server isn't reached
 */
export async function diagnoseLink(
  link: AskedLink,
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
  const finding = await findingOf(link, error, { asked: wanted, askHead: () => ask('HEAD'), now });
  return { ...answer, ...finding, requestId: error.requestId ?? null };
}

/** The headers of the link's note, if it is for reading. A signature may cover Accept-Encoding. */
function askHeaders({ note }: ReceivedLink): Readonly<Record<string, string>> {
  return note?.method === 'GET' || note?.method === 'HEAD' ? note.headers : { 'accept-encoding': 'identity' };
}

/** What the answer to the first request points to. */
async function findingOf(
  link: AskedLink,
  error: OssError,
  { asked, askHead, now }: { readonly asked: 'GET' | 'HEAD'; readonly askHead: AskHead; readonly now: number },
): Promise<LinkFinding> {
  const failure = failureOfLink(error, link.url);
  const { note, boundHeaders } = link.card;
  const headers = boundHeaders.filter((name) => name !== 'host');
  if (failure.cause === 'header-missing') return { cause: failure.cause, failure, headers };
  if (failure.cause === 'no-such-key')
    return { cause: failure.cause, failure, deleteMarker: error.deleteMarker === true };
  if (failure.kind !== 'link' || failure.code !== 'SignatureDoesNotMatch') {
    return { cause: failure.cause, failure: withTime(failure, link.card, now) };
  }
  const method = await otherMethod(link.card, asked, askHead);
  if (method !== null) return { cause: 'wrong-method', method };
  if (note === null && headers.length > 0) {
    return { cause: 'header-missing', failure: { ...failure, cause: 'header-missing' }, headers };
  }
  return { cause: failure.cause, failure, orElse: note === null ? ['wrong-method', 'header-missing'] : [] };
}

/** The method that the link is for, if it isn't the one that was tried; null if nothing says so. */
async function otherMethod(
  { note }: ReceivedLink,
  asked: 'GET' | 'HEAD',
  askHead: AskHead,
): Promise<LinkMethod | null> {
  if (note !== null && note.method !== asked) return note.method;
  if (asked === 'HEAD') return null;
  const head = await askHead();
  if (!('error' in head)) drop(head);
  // A reply about the object means that the signature was accepted.
  return !('error' in head) || head.error.status === 404 ? 'HEAD' : null;
}

/** Adds when a link expired or becomes valid, unless the local clock contradicts it. */
function withTime(failure: LinkFailure, { validFrom, validUntil }: ReceivedLink, now: number): LinkFailure {
  if (failure.kind === 'link' && failure.cause === 'expired' && validUntil <= now)
    return { at: validUntil, ...failure };
  const isEarly = failure.kind === 'link' && failure.cause === 'not-yet-valid';
  return isEarly ? { at: (validFrom ?? validUntil) - EARLY_MS, ...failure } : failure;
}

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
