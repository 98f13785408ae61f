import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { malformedReply, WaybillError } from '../../failure.ts';
import type { Params } from '../canonical.ts';
import { encodeQuery } from '../canonical.ts';
import type { Connection } from '../connection.ts';
import { bucketUrl } from '../endpoint.ts';
import type { OssError } from './errors.ts';
import { failureOfLink, failureOfRequest, isClockError, readOssError } from './errors.ts';
import { checkBucket, checkKey } from '../names.ts';
import { networkFailure } from './network-failure.ts';
import { ramActionOf } from './ram-action.ts';
import { signHeadersV1 } from '../signing/sign-v1.ts';
import { signHeadersV4 } from '../signing/sign-v4.ts';
import type { XmlElement } from './xml.ts';
import { parseXml } from './xml.ts';

export { networkFailure } from './network-failure.ts';

/** Headers of a reply, names in lower case; the ETag without its quotes. */
export type OssHeaders = Readonly<Record<string, string>>;

/** A body. A function makes a fresh stream, so that the request can be signed and sent again. */
export type RequestBody = Uint8Array | Readable | (() => Readable);

/** A signed request as it goes out. */
export interface OutgoingRequest {
  /** `https://host:port` */
  readonly origin: string;
  /** With the query, percent-encoded. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** An answer whose status and headers are not checked yet. */
export interface RawReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** One request to a service (no bucket), a bucket (no key) or an object. */
export interface OssRequest {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly params?: Params;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Length of a stream in bytes: needed with one, since OSS wants a Content-Length. */
  readonly contentLength?: number;
  readonly signal?: AbortSignal | undefined;
  /** How long OSS may take to begin its answer, in milliseconds; 30 s unless said. */
  readonly answerTimeoutMs?: number;
  /** How long a reply that is read whole (XML, an error) may take to arrive, in milliseconds; 3 minutes unless said. */
  readonly textTimeoutMs?: number;
  /** Sends request and body in place of the dispatcher; if it returns null, the dispatcher sends them. */
  readonly sendVia?: ((request: OutgoingRequest) => Promise<RawReply | null>) | undefined;
}

/** What came back, always a success (2xx). `body` must be consumed or destroyed. */
export interface OssReply {
  readonly status: number;
  readonly headers: OssHeaders;
  readonly body: Readable;
}

/** One request through a signed URL: all else is in the URL. */
export type UnsignedRequest = Pick<
  OssRequest,
  'method' | 'headers' | 'body' | 'contentLength' | 'signal' | 'answerTimeoutMs' | 'textTimeoutMs' | 'sendVia'
>;

/** An error reply is a few hundred bytes. */
const MAX_ERROR_BYTES = 64 * 1024;
/** A page of 1,000 keys of 1,023 bytes, each byte written as `%XX`, is below 8 MB. */
const MAX_XML_BYTES = 32 * 1024 * 1024;
/** A byte every now and then keeps a connection from being called silent: the whole has a limit too. */
const TEXT_TIMEOUT_MS = 180_000;

/**
 * Signs and sends. A request that OSS refuses for its time is signed once more with the server's.
 * @throws WaybillError for any reply that is no success, and for a broken network
 */
export async function send(connection: Connection, request: OssRequest): Promise<OssReply> {
  if (request.bucket !== undefined) checkBucket(request.bucket);
  if (request.key !== undefined) checkKey(request.key);
  const first = await attempt(connection, request);
  if (!('error' in first)) return first;
  const { error } = first;
  if (isClockError(error) && error.serverTime !== undefined) {
    connection.clock.sync(error.serverTime);
    if (isRepeatable(request.body)) {
      const second = await attempt(connection, request);
      if (!('error' in second)) return second;
      throw new WaybillError(failureOfRequest(second.error, ramActionOf(request)));
    }
  }
  throw new WaybillError(failureOfRequest(error, ramActionOf(request)));
}

/** As send(), for a reply whose body is of no interest: gives its headers. */
export async function sendForHeaders(connection: Connection, request: OssRequest): Promise<OssHeaders> {
  const { headers, body } = await send(connection, request);
  await readText(body, textLimits(request, MAX_XML_BYTES), connection.endpoint.host);
  return headers;
}

/**
 * As send(), for a reply in XML.
 * @throws WaybillError `oss` with code MalformedReply also for XML that ends early
 */
export async function sendForXml(
  connection: Connection,
  request: OssRequest,
): Promise<{ readonly root: XmlElement; readonly headers: OssHeaders }> {
  const { status, headers, body } = await send(connection, request);
  const text = await readText(body, textLimits(request, MAX_XML_BYTES), connection.endpoint.host);
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch (error) {
    throw malformedReply(status, 'the answer is not well-formed XML', error);
  }
  if (root.name === 'Error') throw new WaybillError(failureOfRequest(readOssError({ status, headers, body: text })));
  return { root, headers };
}

/**
 * Sends through a signed URL, exactly as it is written.
 * @throws WaybillError `link` where the link is the reason
 */
export async function sendUnsigned(url: string, request: UnsignedRequest, dispatcher: Dispatcher): Promise<OssReply> {
  const reply = await tryUnsigned(url, request, dispatcher);
  if ('error' in reply) throw new WaybillError(failureOfLink(reply.error));
  return reply;
}

/** As sendUnsigned(), for whoever wants to know what exactly OSS refused. @throws WaybillError `network` */
export async function tryUnsigned(
  url: string,
  request: UnsignedRequest,
  dispatcher: Dispatcher,
): Promise<OssReply | { readonly error: OssError }> {
  // Not new URL(): it would rewrite `.` and `..` segments, and the signature is of the path as written.
  const [, origin = '', path = ''] = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(url) ?? [];
  if (origin === '') throw new WaybillError({ kind: 'link', reason: 'malformed' });
  const target = { origin, path: path.startsWith('/') ? path : `/${path}` };
  return exchange(dispatcher, target, { ...request, headers: { ...USER_AGENT, ...request.headers } });
}

const USER_AGENT = { 'user-agent': 'Waybill' };

async function attempt(connection: Connection, request: OssRequest): Promise<OssReply | { readonly error: OssError }> {
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
  return exchange(dispatcher, target, { ...request, headers: { ...USER_AGENT, ...signed.headers } });
}

function isRepeatable(body: RequestBody | undefined): boolean {
  return body === undefined || typeof body === 'function' || body instanceof Uint8Array;
}

async function exchange(
  dispatcher: Dispatcher,
  target: { readonly origin: string; readonly path: string },
  request: UnsignedRequest,
): Promise<OssReply | { readonly error: OssError }> {
  const { method, signal } = request;
  const host = target.origin.replace(/^https?:\/\//i, '');
  try {
    const length = request.contentLength === undefined ? {} : { 'content-length': String(request.contentLength) };
    const headers = { ...request.headers, ...length };
    const received = await request.sendVia?.({ ...target, method, headers, signal });
    const reply = received ?? (await dispatch(dispatcher, target, { ...request, headers }));
    return await judgeReply(reply, textLimits(request, MAX_ERROR_BYTES), host);
  } catch (error) {
    if (signal?.aborted === true && !(signal.reason instanceof WaybillError)) {
      throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    }
    throw networkFailure(error, host);
  }
}

function dispatch(
  dispatcher: Dispatcher,
  target: { readonly origin: string; readonly path: string },
  { method, headers, body, signal, answerTimeoutMs }: UnsignedRequest,
): Promise<RawReply> {
  return dispatcher.request({
    ...target,
    method,
    headers: headers ?? {},
    body: typeof body === 'function' ? body() : (body ?? null),
    signal: signal ?? null,
    ...(answerTimeoutMs === undefined ? {} : { headersTimeout: answerTimeoutMs }),
  });
}

async function judgeReply(
  { statusCode: status, headers: answered, body }: RawReply,
  limits: TextLimits,
  host: string,
): Promise<OssReply | { readonly error: OssError }> {
  const headers = flatten(answered);
  if (status < 300) return { status, headers, body };
  return { error: readOssError({ status, headers, body: await readText(body, limits, host) }) };
}

function flatten(headers: RawReply['headers']): OssHeaders {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  if (flat['etag'] !== undefined) flat['etag'] = unquote(flat['etag']);
  return flat;
}

/** An ETag without its quotes, as the whole app has it. */
export function unquote(etag: string): string {
  return etag.length > 1 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}

interface TextLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

function textLimits({ textTimeoutMs = TEXT_TIMEOUT_MS }: UnsignedRequest, maxBytes: number): TextLimits {
  return { maxBytes, timeoutMs: textTimeoutMs };
}

async function readText(body: Readable, { maxBytes, timeoutMs }: TextLimits, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => {
    body.destroy(new WaybillError({ kind: 'network', reason: 'timeout', host }));
  }, timeoutMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      // What was read of an error this long is no OSS error anyway.
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFailure(error, host);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
