import { setMaxListeners } from 'node:events';
import { type Duplex, Readable, Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Bandwidth, RateLimit } from './bandwidth.ts';
import { readSlice } from './file-slice.ts';
import { InterimReplies } from './interim-replies.ts';
import { isFileSlice, type OutgoingRequest, type Reply } from './message.ts';
import { checkHead } from './request-head.ts';

/** A dispatcher with a way of its own to send a request, such as through a thread. */
export interface Transmitter extends Dispatcher {
  readonly bandwidth: Bandwidth;
  transmit(request: OutgoingRequest): Promise<Reply>;
}

/**
 * Sends a request and returns the head of its reply. The dispatcher alone decides how its body travels.
 * @throws Error of the socket, of undici or of the file; WaybillError `input` for a head that can't be written
 */
export async function transmit(dispatcher: Dispatcher, request: OutgoingRequest): Promise<Reply> {
  checkHead(request);
  return isTransmitter(dispatcher) ? dispatcher.transmit(request) : transmitByPool(dispatcher, request, null);
}

/** Returns what limits the bandwidth of a dispatcher; null if nothing does. */
export function bandwidthOf(dispatcher: Dispatcher): Bandwidth | null {
  return isTransmitter(dispatcher) ? dispatcher.bandwidth : null;
}

function isTransmitter(dispatcher: Dispatcher): dispatcher is Transmitter {
  return 'transmit' in dispatcher;
}

/** Sends a request with undici. Object data, in either direction, keeps within `bandwidth` (null: unlimited). */
export async function transmitByPool(
  dispatcher: Dispatcher,
  request: OutgoingRequest,
  bandwidth: Bandwidth | null,
): Promise<Reply> {
  const { origin, path, method, headers, signal, answerTimeoutMs, expects = 'text' } = request;
  const { body, sentCrc64 } = outgoingBody(request, bandwidth?.up ?? null);
  const interim = new InterimReplies();
  // One signal aborts any number of requests; don't warn about the number of listeners.
  if (signal !== undefined) setMaxListeners(0, signal);
  const reply = await dispatcher.request({
    ...{ origin, path, method, headers, body },
    signal: signal ?? null,
    onInfo: () => interim.note(),
    ...(answerTimeoutMs === undefined ? {} : { headersTimeout: answerTimeoutMs }),
  });
  // Whoever destroys a body that nobody reads, or lets it break unread, need not listen; a reader still gets the error.
  reply.body.on('error', () => undefined);
  const isMetered = bandwidth !== null && expects !== 'text' && reply.statusCode < 300;
  return {
    statusCode: reply.statusCode,
    headers: reply.headers,
    body: isMetered ? metered(reply.body, bandwidth.down) : reply.body,
    sentCrc64: sentCrc64(),
  };
}

interface OutgoingBody {
  readonly body: Readable | Uint8Array | null;
  /** CRC-64 of the slice; null until all of it was read. */
  readonly sentCrc64: () => string | null;
}

function outgoingBody(
  { body = new Uint8Array(), onSent, signal }: OutgoingRequest,
  up: RateLimit | null,
): OutgoingBody {
  const sentCrc64 = (): string | null => crc64;
  let crc64: string | null = null;
  if (body instanceof Uint8Array) return { body: body.length === 0 ? null : body, sentCrc64 };
  if (!isFileSlice(body)) {
    const stream = typeof body === 'function' ? body() : body;
    return { body: up === null ? stream : metered(stream, up), sentCrc64 };
  }
  const blocks = readSlice(body, {
    blockBytes: (largest) => up?.blockBytes(largest) ?? largest,
    beforeBlock: async (bytes) => up?.take(bytes, signal),
    onBlock: (bytes) => onSent?.(bytes),
    onEnd: (value) => void (crc64 = value),
  });
  return { body: Readable.from(blocks, { objectMode: false }), sentCrc64 };
}

/** Slows a stream down to a limit. Whichever of the two ends first ends the other. */
function metered(source: Readable, limit: RateLimit): Duplex {
  const over = new AbortController();
  const meter = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      if (limit.isLimited) limit.take(chunk.length, over.signal).then(() => done(null, chunk), done);
      else done(null, chunk);
    },
    destroy(error, done) {
      over.abort();
      source.on('error', () => undefined).destroy();
      done(error);
    },
  });
  // It may break before anybody reads it; who reads it later still gets the error.
  meter.on('error', () => undefined);
  source.once('error', (error) => meter.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) meter.destroy();
  });
  return source.pipe(meter);
}
