import { Readable } from 'node:stream';
import type { WriteTarget } from './worker-messages.ts';
import type { WorkerExchange, WriteResult } from './worker-exchange.ts';

/**
 * A response body held by a worker thread. It can be written into a file there, or destroyed, but not read on this
 * thread.
 */
export class WorkerBody extends Readable {
  readonly sizeBytes: number;
  readonly #exchange: WorkerExchange;
  readonly #signal: AbortSignal | undefined;

  constructor(exchange: WorkerExchange, sizeBytes: number, signal: AbortSignal | undefined) {
    super();
    this.#exchange = exchange;
    this.sizeBytes = sizeBytes;
    this.#signal = signal;
  }

  /** Writes the whole body into a file. Doesn't reject: an error is returned along with the bytes written before it. */
  async store(target: WriteTarget, onBytes: (count: number) => void): Promise<WriteResult> {
    const stop = (): void => this.#exchange.drop();
    if (this.#signal?.aborted === true) stop();
    this.#signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.#exchange.store(target, onBytes);
    } finally {
      this.#signal?.removeEventListener('abort', stop);
      this.destroy();
    }
  }

  override _read(): void {
    this.destroy(new Error('this body can only be stored: a worker thread holds its bytes'));
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#exchange.drop();
    callback(error);
  }
}
