import { HeldBody, type StoredBytes, type WriteTarget } from '../store-body.ts';
import type { WorkerExchange } from './worker-exchange.ts';

/** A response body held by a worker thread: it can be written into a file there, or destroyed, but not read here. */
export class WorkerBody extends HeldBody {
  readonly #exchange: WorkerExchange;
  readonly #signal: AbortSignal | undefined;

  constructor(exchange: WorkerExchange, signal: AbortSignal | undefined) {
    super();
    this.#exchange = exchange;
    this.#signal = signal;
  }

  async store(target: WriteTarget, onBytes: (bytes: number) => void): Promise<StoredBytes> {
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
