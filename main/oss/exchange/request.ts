import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type Failure, malformedReply, WaybillError } from '../../failure.ts';
import { readAuthority } from '../../http/authority.ts';
import type { OutgoingRequest, Reply, RequestBody } from '../../http/message.ts';
import { transmit } from '../../http/transmit.ts';
import type { Params } from '../canonical.ts';
import { encodeQuery } from '../canonical.ts';
import type { AccessKey, Connection } from '../connection.ts';
import { bucketUrl, isPublicHost } from '../endpoint.ts';
import { causeOf, type SignedBy, signedByKey } from './cause.ts';
import { type RequestSecrets, repeatsSecret, secretsOfRequest } from './echoes.ts';
import type { OssError } from './oss-error.ts';
import { failureOfLink, failureOfRequest, readOssError } from './errors.ts';
import { MAX_ERROR_BYTES, MAX_XML_BYTES } from '../limits.ts';
import { checkBucket, checkKey } from '../names.ts';
import { networkFailure } from './network-failure.ts';
import { flattenHeaders, type OssHeaders } from './reply-headers.ts';
import { isDataCall, ramActionOf } from './ram-action.ts';
import { readText, type TextLimits, textLimits } from './read-text.ts';
import { countSent, isElsewhere, isRepeatable, REMEDIES, waitUnlessAborted } from './repetition.ts';
import { signHeadersV1 } from '../signing/sign-v1.ts';
import { signHeadersV4 } from '../signing/sign-v4.ts';
import type { XmlElement } from './xml.ts';
import { parseXml } from './xml.ts';

/** A request to the service (no bucket), to a bucket (no key) or to an object. */
export interface OssRequest {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly params?: Params;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Length of the body in bytes. Required with a stream, because OSS refuses a body without Content-Length. */
  readonly contentLength?: number;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the head of the reply, in milliseconds. Default: 30 s. */
  readonly answerTimeoutMs?: number;
  /** Longest time for reading a whole reply (XML or an error), in milliseconds. Default: 3 minutes. */
  readonly textTimeoutMs?: number;
  readonly onSent?: OutgoingRequest['onSent'];
  readonly expects?: OutgoingRequest['expects'];
}

/** A successful reply (2xx). `body` must be consumed or destroyed, or its connection is never reused. */
export interface OssReply {
  readonly status: number;
  readonly headers: OssHeaders;
  readonly body: Readable;
  /** CRC-64 of the file slice that was sent, in unsigned decimal; null without one. */
  readonly sentCrc64: string | null;
  /** What the request was authorised with, which no text of its reply may bring back. */
  readonly secrets: RequestSecrets;
}

/** A successful reply in XML. */
export interface XmlReply {
  readonly root: XmlElement;
  readonly headers: OssHeaders;
}

/** A request through a signed URL, which holds everything else. */
export type UnsignedRequest = Pick<
  OssRequest,
  | 'method'
  | 'headers'
  | 'body'
  | 'contentLength'
  | 'signal'
  | 'answerTimeoutMs'
  | 'textTimeoutMs'
  | 'onSent'
  | 'expects'
>;

/**
 * Signs and sends a request. Sends it again if OSS refuses it because of clock skew, once the clock is synchronised (at
 * most a day), or on its own public host, once a custom domain of the bucket is found, or if OSS no longer lists the
 * domain where it failed; but not a body that can't be repeated.
 * @throws WaybillError for any reply other than 2xx (`oss`, `credentials`), a network error (`network`), an abort
 *   (`cancelled`), or an invalid bucket name or key (`input`); also if the search for a custom domain fails in passing
 */
export async function send(connection: Connection, request: OssRequest): Promise<OssReply> {
  if (request.bucket !== undefined) checkBucket(request.bucket);
  if (request.key !== undefined) checkKey(request.key);
  const { endpoint, recheckDomain } = connection;
  if (endpoint.addressing !== 'cname' || recheckDomain === undefined) return sendThere(connection, request);
  const sent = countSent(request.onSent);
  const isMoved = (): Promise<boolean> => waitUnlessAborted(recheckDomain(endpoint), request.signal);
  try {
    const reply = await sendThere(connection, { ...request, onSent: sent.onSent });
    if (reply.headers['x-oss-request-id'] !== undefined || !(await isMoved())) return reply;
    reply.body.destroy();
    if (!isRepeatable(request.body)) throw malformedReply(reply.status, 'the reply is not from OSS');
  } catch (error) {
    if (!isElsewhere(error) || !isRepeatable(request.body) || !(await isMoved())) throw error;
  }
  sent.takeBack();
  return sendThere(connection, request);
}

/** Like send(), without doubt about the domain. */
async function sendThere(connection: Connection, request: OssRequest): Promise<OssReply> {
  let untried = REMEDIES;
  for (;;) {
    const sent = countSent(request.onSent);
    // Another request may lead the connection elsewhere meanwhile.
    const { endpoint, region } = connection;
    const reply = await attempt(connection, { ...request, onSent: sent.onSent });
    if (!('error' in reply)) {
      if (isDataCall(request) && isPublicHost(endpoint, region)) connection.onHostServed?.();
      return reply;
    }
    const { error, by } = reply;
    const cause = causeOf(error, by);
    const remedy = untried.find((one) => one.cause === cause);
    const { isRemedied, ...denied } = (await remedy?.apply(connection, error)) ?? { isRemedied: false };
    if (!isRemedied || !isRepeatable(request.body)) {
      throw new WaybillError({ ...failureOfRequest(error, by, ramActionOf(request)), ...denied });
    }
    untried = untried.filter((other) => other !== remedy);
    sent.takeBack();
  }
}

/** Like send(), but discards the body and returns the headers. */
export async function sendForHeaders(connection: Connection, request: OssRequest): Promise<OssHeaders> {
  return (await sendBody(connection, request)).headers;
}

/** Like sendForHeaders(); also returns the CRC-64 of the file slice that was sent. */
export async function sendBody(
  connection: Connection,
  request: OssRequest,
): Promise<Pick<OssReply, 'headers' | 'sentCrc64'>> {
  const { headers, body, sentCrc64 } = await send(connection, request);
  await readText(body, textLimits(request, MAX_XML_BYTES), connection.endpoint.host);
  return { headers, sentCrc64 };
}

/**
 * Like send(), for a reply in XML.
 * @throws WaybillError as send(); `oss` MalformedReply for XML that is incomplete or malformed, or that holds the
 *   request's own signature or token
 */
export async function sendForXml(connection: Connection, request: OssRequest): Promise<XmlReply> {
  const reply = await send(connection, request);
  const text = await readText(reply.body, textLimits(request, MAX_XML_BYTES), connection.endpoint.host);
  // The signature of a request whose answer is 200 was accepted.
  return parseReply(reply, text, (error) => failureOfRequest(error, { through: 'account', isTokenMissing: false }));
}

/** Like sendForXml(), through a signed URL. @throws WaybillError as sendUnsigned() */
export async function sendUnsignedForXml(
  url: string,
  request: UnsignedRequest,
  dispatcher: Dispatcher,
): Promise<XmlReply> {
  const reply = await sendUnsigned(url, request, dispatcher);
  const text = await readText(reply.body, textLimits(request, MAX_XML_BYTES), new URL(url).host);
  return parseReply(reply, text, (error) => failureOfLink(error, url));
}

function parseReply(
  { status, headers, secrets }: OssReply,
  text: string,
  failureOf: (error: OssError) => Failure,
): XmlReply {
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch (error) {
    throw malformedReply(status, 'the reply is not well-formed XML', error);
  }
  // A slow operation may still fail after its status of 200 was sent.
  if (root.name === 'Error') throw new WaybillError(failureOf(readOssError({ status, headers, body: text, secrets })));
  if (repeatsSecret(text, secrets)) throw malformedReply(status, 'the reply repeats what the request was signed with');
  return { root, headers };
}

/**
 * Sends a request through a signed URL, exactly as written.
 * @throws WaybillError `link` where the link itself is at fault, else as send()
 */
export async function sendUnsigned(url: string, request: UnsignedRequest, dispatcher: Dispatcher): Promise<OssReply> {
  const reply = await tryUnsigned(url, request, dispatcher);
  if ('error' in reply) throw new WaybillError(failureOfLink(reply.error, url));
  return reply;
}

/**
 * Like sendUnsigned(), but returns the OSS error instead of throwing.
 * @throws WaybillError `network`, `cancelled`, `link`
 */
export async function tryUnsigned(
  url: string,
  request: UnsignedRequest,
  dispatcher: Dispatcher,
): Promise<OssReply | { readonly error: OssError }> {
  // new URL() would resolve `.` and `..` segments, but the signature covers the path as written.
  const [, origin = '', authority = '', path = ''] = /^(https?:\/\/([^/?#]+))([\x21-\x7e]*)$/i.exec(url) ?? [];
  if (readAuthority(authority) === null) throw new WaybillError({ kind: 'link', cause: 'damaged' });
  const sent = path.replace(/#.*/, '');
  const target = { origin, path: sent.startsWith('/') ? sent : `/${sent}` };
  return exchange(dispatcher, target, { ...request, headers: { ...USER_AGENT, ...request.headers } });
}

/** Sent unsigned, so that proxies and access logs can tell Waybill's requests apart. */
const USER_AGENT = { 'user-agent': 'Waybill' };

/** One signed exchange, without a second attempt. */
async function attempt(
  connection: Connection,
  request: OssRequest,
): Promise<OssReply | { readonly error: OssError; readonly by: SignedBy }> {
  const { dispatcher, endpoint, region, signVersion, clock } = connection;
  const accessKey = await connection.accessKey();
  const { bucket = null, key = null, headers = {}, params = {} } = request;
  const toSign = {
    method: request.method,
    bucket,
    key,
    params: Object.entries(params),
    headers,
    additionalHeaders: [],
  };
  const signedAt = clock.now();
  const signed =
    signVersion === 'v4'
      ? signHeadersV4(toSign, { accessKey, signedAt, region })
      : signHeadersV1(toSign, accessKey, signedAt);
  const { origin, path } = bucketUrl(endpoint, bucket, key);
  const query = encodeQuery(toSign.params);
  const target = { origin, path: query === '' ? path : `${path}?${query}` };
  const sent = { ...request, headers: { ...USER_AGENT, ...signed.headers } };
  const reply = await exchange(dispatcher, target, sent, accessKey);
  return 'error' in reply ? { ...reply, by: signedByKey(accessKey) } : reply;
}

/** One exchange: sends the request as it is, and reads an error reply. @throws WaybillError `network`, `cancelled` */
async function exchange(
  dispatcher: Dispatcher,
  target: { readonly origin: string; readonly path: string },
  request: UnsignedRequest,
  key: AccessKey | null = null,
): Promise<OssReply | { readonly error: OssError }> {
  const { method, body, signal, contentLength, answerTimeoutMs, onSent, expects } = request;
  const host = target.origin.replace(/^https?:\/\//i, '');
  try {
    const length = contentLength === undefined ? {} : { 'content-length': String(contentLength) };
    const headers = { ...request.headers, ...length };
    const outgoing = { ...target, method, headers, body, signal, answerTimeoutMs, onSent, expects };
    const reply = await transmit(dispatcher, outgoing);
    const secrets = secretsOfRequest(target.path, headers, key);
    return await toReply(reply, secrets, textLimits(request, MAX_ERROR_BYTES), host);
  } catch (error) {
    if (signal?.aborted === true && !(signal.reason instanceof WaybillError)) {
      throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    }
    throw networkFailure(error, host);
  }
}

/** The reply if it is a success, else the error that it reports. */
async function toReply(
  { statusCode: status, headers: answered, body, sentCrc64 }: Reply,
  secrets: RequestSecrets,
  limits: TextLimits,
  host: string,
): Promise<OssReply | { readonly error: OssError }> {
  const headers = headersOf(answered, body, secrets);
  if (status < 300) return { status, headers, body, sentCrc64, secrets };
  return { error: readOssError({ status, headers, body: await readText(body, limits, host), secrets }) };
}

function headersOf(answered: Reply['headers'], body: Readable, secrets: RequestSecrets): OssHeaders {
  try {
    return flattenHeaders(answered, secrets);
  } catch (error) {
    body.destroy();
    throw error;
  }
}
