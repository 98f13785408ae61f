import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { WaybillError } from '../../failure.ts';
import { Bandwidth } from '../bandwidth.ts';
import type { DispatcherOptions } from '../dispatcher.ts';
import { type FileSlice, isFileSlice, type OutgoingRequest, type Reply } from '../message.ts';
import { type FindProxy, RoutedDispatcher } from '../routed-dispatcher.ts';
import { type Transmitter, transmitByPool } from '../transmit.ts';
import { rawRequestOf } from './raw-request.ts';
import { WorkerBody } from './worker-body.ts';
import type { HeadEvent } from './worker-exchange.ts';
import { WorkerPool } from './worker-pool.ts';

/** Options of a TransferAgent. */
export interface TransferAgentOptions extends Pick<DispatcherOptions, 'ca' | 'stallTimeoutMs'> {
  /**
   * Slices of up to this many bytes leave from the calling thread, one at a time, until a worker thread runs: starting one
   * costs more than a short command. Default: 0, since whoever draws a window must not read files.
   */
  readonly bytesWithoutThread?: number;
}

/**
 * Dispatcher of the whole app. Small requests, and all that need a proxy, use connection pools on this thread; slices
 * of files, and replies that go into files, are transferred by worker threads and never pass through this one.
 * `bandwidth` limits both.
 */
export class TransferAgent extends RoutedDispatcher implements Transmitter {
  readonly bandwidth = new Bandwidth();
  readonly #workers: WorkerPool;
  readonly #options: TransferAgentOptions;
  #isSendingHere = false;

  constructor(options: TransferAgentOptions = {}) {
    super(options);
    this.#options = options;
    this.#workers = new WorkerPool(this.bandwidth);
  }

  async transmit(request: OutgoingRequest): Promise<Reply> {
    const { body, expects } = request;
    const slice = isFileSlice(body) && body.sizeBytes > 0 ? body : null;
    if (slice !== null && this.#mayLeaveHere(slice)) return this.#transmitHere(request);
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

  #mayLeaveHere({ sizeBytes }: FileSlice): boolean {
    const { bytesWithoutThread = 0 } = this.#options;
    return sizeBytes <= bytesWithoutThread && !this.#isSendingHere && !this.#workers.isRunning;
  }

  async #transmitHere(request: OutgoingRequest): Promise<Reply> {
    this.#isSendingHere = true;
    try {
      return await transmitByPool(this, request, this.bandwidth);
    } finally {
      this.#isSendingHere = false;
    }
  }

  /** Returns null if the request has to go through the pools, because of a proxy. */
  async #transmitByThread(request: OutgoingRequest, slice: FileSlice | null): Promise<Reply | null> {
    if (!(await this.isDirect(request.origin))) return null;
    const { signal, onSent, answerTimeoutMs } = request;
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    const raw = rawRequestOf(request, this.#options);
    const exchange = this.#workers.send({ ...raw, slice, answerTimeoutMs }, onSent ?? (() => undefined));
    const stop = (): void => exchange.drop();
    // One signal aborts any number of requests; don't warn about the number of listeners.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const { status, headers, crc64, text } = await exchange.head;
      return {
        statusCode: status,
        headers: recordOf(headers),
        body: text === null ? new WorkerBody(exchange, signal) : Readable.from([Buffer.from(text)]),
        sentCrc64: crc64,
      };
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** Headers by name, repeated ones as lists. Any name may come, `__proto__` too. */
function recordOf(headers: HeadEvent['headers']): Reply['headers'] {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries(values);
}
