import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Reply } from '../exchange.ts';
import { httpDate } from '../exchange.ts';
import { Refusal } from '../protocol/refusal.ts';
import { toXml } from '../protocol/xml.ts';

/** What every reply of one request carries. */
export interface ReplyFrame {
  readonly res: ServerResponse;
  readonly method: string;
  readonly host: string;
  readonly requestId: string;
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
  /** Milliseconds the request took so far. */
  readonly took: () => number;
  /** What faults and traffic limits do to the body on its way. */
  readonly shape: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** Sends a reply, streaming its body. */
export async function sendReply(frame: ReplyFrame, reply: Reply): Promise<void> {
  const { res } = frame;
  const { body } = reply;
  const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body?.sizeBytes;
  const length = sizeBytes === undefined ? lengthWithoutBody(reply) : sizeBytes;
  res.writeHead(reply.status, {
    Server: 'AliyunOSS',
    Date: httpDate(frame.nowMs),
    'x-oss-request-id': frame.requestId,
    'x-oss-server-time': String(frame.took()),
    ...reply.headers,
    // Last: after it, Node would read a Content-Disposition in UTF-8 as something else.
    ...(length === null ? {} : { 'Content-Length': String(length) }),
  });
  if (body === undefined || frame.method === 'HEAD') {
    res.end();
    return;
  }
  const bytes = typeof body === 'string' ? asStream(body) : body.read();
  await pipeline(frame.shape(bytes), res);
}

/** An OSS error, which HEAD carries in `x-oss-err` since it has no body. */
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

/** What any other error is told as; its text stays here. */
export function internalError(): Refusal {
  return new Refusal(500, { code: 'InternalError', message: 'We encountered an internal error. Please try again.' });
}

/** HEAD tells the length of a body it doesn't have; 204 and 304 must not have any. */
function lengthWithoutBody(reply: Reply): string | null {
  if (reply.status === 204 || reply.status === 304) return null;
  return reply.headers['Content-Length'] ?? '0';
}

async function* asStream(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
