import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Reply } from '../exchange.ts';
import { httpDate } from '../exchange.ts';
import { Refusal } from '../protocol/refusal.ts';
import { toXml } from '../protocol/xml.ts';

/** What a reply needs to know about its request. */
export interface ReplyFrame {
  readonly res: ServerResponse;
  readonly method: string;
  readonly host: string;
  readonly requestId: string;
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
  /** Milliseconds since the request arrived. */
  readonly elapsedMs: () => number;
  /** Applies faults and traffic limits to the body. */
  readonly transform: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** Sends a reply, streaming its body. */
export async function sendReply(frame: ReplyFrame, reply: Reply): Promise<void> {
  const { res } = frame;
  const { body } = reply;
  // The client has left: a pipeline into a closed response would wait for ever.
  if (res.destroyed || res.closed || res.req.socket.destroyed) return;
  const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body?.sizeBytes;
  const length = sizeBytes === undefined ? lengthWithoutBody(reply) : sizeBytes;
  res.writeHead(reply.status, {
    Server: 'AliyunOSS',
    Date: httpDate(frame.nowMs),
    'x-oss-request-id': frame.requestId,
    'x-oss-server-time': String(frame.elapsedMs()),
    ...reply.headers,
    // Keep it last: after Content-Length, Node encodes a UTF-8 Content-Disposition differently.
    ...(length === null ? {} : { 'Content-Length': String(length) }),
  });
  if (body === undefined || frame.method === 'HEAD') {
    res.end();
    return;
  }
  const bytes = typeof body === 'string' ? asStream(body) : body.read();
  await sendBody(frame.transform(bytes), res);
}

/**
 * A response that waits behind that of an earlier request on its connection is never told that the client left, so watch
 * the connection itself.
 */
async function sendBody(bytes: AsyncIterable<Uint8Array>, res: ServerResponse): Promise<void> {
  const { socket } = res.req;
  let leave = (): void => undefined;
  const gone = new Promise<void>((resolve) => (leave = resolve));
  socket.once('close', leave);
  try {
    await Promise.race([pipeline(bytes, res), gone]);
  } finally {
    socket.off('close', leave);
  }
}

/** An OSS error reply. For HEAD, which has no body, the XML goes into `x-oss-err`. */
export function errorReply(frame: ReplyFrame, refusal: Refusal): Reply {
  const { code, message, ec, extra, headers } = refusal.details;
  const xml = toXml('Error', {
    Code: code,
    Message: message,
    RequestId: frame.requestId,
    HostId: frame.host,
    ...extra,
    EC: ec,
    RecommendDoc: ec === undefined ? undefined : `https://api.aliyun.com/troubleshoot?q=${ec}`,
  });
  const ecHeader = ec === undefined ? {} : { 'x-oss-ec': ec };
  if (frame.method === 'HEAD') {
    const hint = Buffer.from(xml).toString('base64');
    return { status: refusal.status, headers: { ...ecHeader, ...headers, 'x-oss-err': hint } };
  }
  return { status: refusal.status, headers: { 'Content-Type': 'application/xml', ...ecHeader, ...headers }, body: xml };
}

/** 500 `InternalError` for any other error, whose text isn't sent. */
export function internalError(): Refusal {
  return new Refusal(500, { code: 'InternalError', message: 'We encountered an internal error. Please try again.' });
}

/** Content-Length of a reply without a body: HEAD sends that of the GET reply, 204 and 304 send none. */
function lengthWithoutBody(reply: Reply): string | null {
  if (reply.status === 204 || reply.status === 304) return null;
  return reply.headers['Content-Length'] ?? '0';
}

async function* asStream(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
