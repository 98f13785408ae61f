import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { DispatcherOptions } from '../../http/http.ts';
import type { RawReply, OutgoingRequest } from '../../oss/exchange/request.ts';
import { type FindProxy, RoutedDispatcher } from '../../http/routed-dispatcher.ts';
import type { FileSlice } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';
import { WorkerBody } from './worker-body.ts';
import { rawRequestOf } from './raw-request.ts';
import { Bandwidth } from './rate-limit.ts';

/** An answer, and the CRC-64 of the bytes that were sent for it. */
interface SentSlice {
  readonly reply: RawReply;
  readonly crc64: string;
}

/**
 * The pools of connections of the whole app, and threads beside them that carry the bytes of files: small requests go
 * through the pools, as all does that needs a proxy; other large bodies never pass through this thread. `bandwidth`
 * limits both.
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

  /** Sends a request with a piece of a file as its body; null where it has to go the ordinary way. */
  sendSlice(request: OutgoingRequest, piece: FileSlice, onBytes: (count: number) => void): Promise<SentSlice | null> {
    return this.#send(request, piece, onBytes);
  }

  /** For a request whose answer's body goes into a file: it comes back as a HeldBody. */
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
    piece: FileSlice | null,
    onBytes: (count: number) => void,
  ): Promise<SentSlice | null> {
    const raw = rawRequestOf(request, this.#options);
    if (raw === null || !(await this.isDirect(request.origin))) return null;
    const { signal } = request;
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    const exchange = this.#workers.begin({ ...raw, piece }, onBytes);
    const stop = (): void => exchange.drop();
    // One signal may stop any number of requests.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const { head, text, crc64 } = await exchange.head;
      const { status: statusCode, headers } = head;
      if (text !== null) return { crc64, reply: { statusCode, headers, body: Readable.from([Buffer.from(text)]) } };
      if (piece === null && statusCode < 300 && head.lengthBytes !== null) {
        return { crc64, reply: { statusCode, headers, body: new WorkerBody(exchange, head.lengthBytes, signal) } };
      }
      exchange.drop();
      return null;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** The threads of a dispatcher that has such. */
export function transferAgentOf(dispatcher: Dispatcher): TransferAgent | null {
  return dispatcher instanceof TransferAgent ? dispatcher : null;
}
