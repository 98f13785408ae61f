import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { malformedReply, WaybillError } from '../../failure.ts';
import { Bandwidth } from '../bandwidth.ts';
import type { DispatcherOptions } from '../dispatcher.ts';
import { type FileSlice, isFileSlice, type OutgoingRequest, type Reply } from '../message.ts';
import { type FindProxy, RoutedDispatcher } from '../routed-dispatcher.ts';
import { type Transmitter, transmitByPool } from '../transmit.ts';
import { rawRequestOf } from './raw-request.ts';
import { WorkerBody } from './worker-body.ts';
import type { HeadEvent, WorkerExchange } from './worker-exchange.ts';
import { WorkerPool } from './worker-pool.ts';

/**
 * Dispatcher of the whole app. Small requests, and all that need a proxy, use connection pools on this thread; slices
 * of files, and replies that go into files, are transferred by worker threads and never pass through this one.
 * `bandwidth` limits both.
 */
export class TransferAgent extends RoutedDispatcher implements Transmitter {
  readonly bandwidth = new Bandwidth();
  readonly #workers: WorkerPool;
  readonly #options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'>;

  constructor(options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'> = {}) {
    super(options);
    this.#options = options;
    this.#workers = new WorkerPool(this.bandwidth);
  }

  async transmit(request: OutgoingRequest): Promise<Reply> {
    const { body, expects } = request;
    const slice = isFileSlice(body) && body.sizeBytes > 0 ? body : null;
    const isForThread = slice !== null || (expects === 'file' && body === undefined);
    const reply = isForThread ? await this.#transmitByThread(request, slice) : null;
    return reply ?? transmitByPool(this, request, this.bandwidth);
  }

  override reroute(findProxy: FindProxy | null): void {
    super.reroute(findProxy);
    this.#workers.retire();
  }

  override destroy(): Promise<void> {
    this.#workers.close();
    return super.destroy();
  }

  /** Returns null if the request has to go through the pools: through a proxy, or because its reply is unusual. */
  async #transmitByThread(request: OutgoingRequest, slice: FileSlice | null): Promise<Reply | null> {
    const raw = rawRequestOf(request, this.#options);
    if (raw === null || !(await this.isDirect(request.origin))) return null;
    const { signal, onSent } = request;
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    const exchange = this.#workers.send({ ...raw, slice }, onSent ?? (() => undefined));
    const stop = (): void => exchange.drop();
    // One signal aborts any number of requests; don't warn about the number of listeners.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const head = await exchange.head;
      const body = bodyOf(head, exchange, request);
      if (body !== null) {
        const { status: statusCode, headers } = head.head;
        return { statusCode, headers, body, sentCrc64: slice === null ? null : head.crc64 };
      }
      exchange.drop();
      // What was sent must not be sent again: it may have been stored.
      if (slice !== null) throw malformedReply(head.head.status, 'the reply is too long');
      return null;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** Returns the body of a reply, null if only the pools can read it. */
function bodyOf(
  { head, text }: HeadEvent,
  exchange: WorkerExchange,
  { body, signal }: OutgoingRequest,
): Readable | null {
  if (text !== null) return Readable.from([Buffer.from(text)]);
  const isObject = body === undefined && head.status < 300 && head.lengthBytes !== null;
  return isObject ? new WorkerBody(exchange, signal) : null;
}
