import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { DispatcherOptions } from '../../http/http.ts';
import type { RawReply, OutgoingRequest } from '../../oss/exchange/request.ts';
import { type FindProxy, RoutedDispatcher } from '../../http/routed-dispatcher.ts';
import type { FilePiece } from './worker-messages.ts';
import { ByteThreads } from './worker-pool.ts';
import { HeldBody } from './worker-body.ts';
import { rawRequestOf } from './raw-request.ts';
import { Bandwidth } from './rate-limit.ts';

/** An answer, and the CRC-64 of the bytes that were sent for it. */
interface CarriedPiece {
  readonly reply: RawReply;
  readonly crc64: string;
}

/**
 * The pools of connections of the whole app, and threads beside them that carry the bytes of files: small requests go
 * through the pools, as all does that needs a proxy; other large bodies never pass through this thread. `bandwidth`
 * limits both.
 */
export class ByteAgent extends RoutedDispatcher {
  readonly bandwidth = new Bandwidth();
  readonly #threads: ByteThreads;
  readonly #options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'>;

  constructor(options: Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'> = {}) {
    super(options);
    this.#options = options;
    this.#threads = new ByteThreads(this.bandwidth);
  }

  /** Sends a request with a piece of a file as its body; null where it has to go the ordinary way. */
  sendPiece(
    request: OutgoingRequest,
    piece: FilePiece,
    onBytes: (count: number) => void,
  ): Promise<CarriedPiece | null> {
    return this.#send(request, piece, onBytes);
  }

  /** For a request whose answer's body goes into a file: it comes back as a HeldBody. */
  readonly carryAnswer = async (request: OutgoingRequest): Promise<RawReply | null> =>
    (await this.#send(request, null, () => undefined))?.reply ?? null;

  override reroute(findProxy: FindProxy | null): void {
    super.reroute(findProxy);
    this.#threads.retire();
  }

  override destroy(): Promise<void> {
    this.#threads.close();
    return super.destroy();
  }

  async #send(
    request: OutgoingRequest,
    piece: FilePiece | null,
    onBytes: (count: number) => void,
  ): Promise<CarriedPiece | null> {
    const raw = rawRequestOf(request, this.#options);
    if (raw === null || !(await this.isDirect(request.origin))) return null;
    const { signal } = request;
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    const exchange = this.#threads.begin({ ...raw, piece }, onBytes);
    const stop = (): void => exchange.drop();
    // One signal may stop any number of requests.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const { head, text, crc64 } = await exchange.head;
      const { status: statusCode, headers } = head;
      if (text !== null) return { crc64, reply: { statusCode, headers, body: Readable.from([Buffer.from(text)]) } };
      if (piece === null && statusCode < 300 && head.lengthBytes !== null) {
        return { crc64, reply: { statusCode, headers, body: new HeldBody(exchange, head.lengthBytes, signal) } };
      }
      exchange.drop();
      return null;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** The threads of a dispatcher that has such. */
export function byteAgentOf(dispatcher: Dispatcher): ByteAgent | null {
  return dispatcher instanceof ByteAgent ? dispatcher : null;
}
