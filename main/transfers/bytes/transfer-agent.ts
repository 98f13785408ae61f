import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { DispatcherOptions } from '../../http/dispatcher.ts';
import type { RawReply, OutgoingRequest } from '../../oss/exchange/request.ts';
import { type FindProxy, RoutedDispatcher } from '../../http/routed-dispatcher.ts';
import type { FileSlice } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';
import { WorkerBody } from './worker-body.ts';
import { rawRequestOf } from './raw-request.ts';
import { Bandwidth } from './rate-limit.ts';

/** A response, and the CRC-64 of the bytes that were sent. */
interface SentSlice {
  readonly reply: RawReply;
  readonly crc64: string;
}

/**
 * Dispatcher of the whole app. Small requests, and all that need a proxy, use connection pools on this thread; large
 * bodies are transferred by worker threads and never pass through this one. `bandwidth` limits the workers.
 */
export class TransferAgent extends RoutedDispatcher {
  readonly bandwidth = new Bandwidth();
  readonly #workers: WorkerPool;
  readonly #options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'>;

  constructor(options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'> = {}) {
    super(options);
    this.#options = options;
    this.#workers = new WorkerPool(this.bandwidth);
  }

  /** Sends a request whose body is a slice of a file. Returns null if it has to go through the pools instead. */
  sendSlice(request: OutgoingRequest, slice: FileSlice, onBytes: (count: number) => void): Promise<SentSlice | null> {
    return this.#send(request, slice, onBytes);
  }

  /**
   * Sends a request whose response body goes into a file; the reply holds a WorkerBody. Returns null if it has to go
   * through the pools.
   */
  readonly receiveInWorker = async (request: OutgoingRequest): Promise<RawReply | null> =>
    (await this.#send(request, null, () => undefined))?.reply ?? null;

  override reroute(findProxy: FindProxy | null): void {
    super.reroute(findProxy);
    this.#workers.retire();
  }

  override destroy(): Promise<void> {
    this.#workers.close();
    return super.destroy();
  }

  async #send(
    request: OutgoingRequest,
    slice: FileSlice | null,
    onBytes: (count: number) => void,
  ): Promise<SentSlice | null> {
    const raw = rawRequestOf(request, this.#options);
    if (raw === null || !(await this.isDirect(request.origin))) return null;
    const { signal } = request;
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    const exchange = this.#workers.send({ ...raw, slice }, onBytes);
    const stop = (): void => exchange.drop();
    // One signal aborts any number of requests; don't warn about the number of listeners.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const { head, text, crc64 } = await exchange.head;
      const { status: statusCode, headers } = head;
      if (text !== null) return { crc64, reply: { statusCode, headers, body: Readable.from([Buffer.from(text)]) } };
      if (slice === null && statusCode < 300 && head.lengthBytes !== null) {
        return { crc64, reply: { statusCode, headers, body: new WorkerBody(exchange, head.lengthBytes, signal) } };
      }
      exchange.drop();
      return null;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** Returns the dispatcher if it has worker threads, otherwise null. */
export function transferAgentOf(dispatcher: Dispatcher): TransferAgent | null {
  return dispatcher instanceof TransferAgent ? dispatcher : null;
}
