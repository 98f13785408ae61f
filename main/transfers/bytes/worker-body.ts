import { Readable } from 'node:stream';
import type { WriteTarget } from './worker-messages.ts';
import type { WorkerExchange, WriteResult } from './worker-exchange.ts';

/** The body of an answer that another thread holds: it can go into a file there, or be destroyed, but not be read here. */
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

  /** Writes all of it. What broke it is told beside how far it came. */
  async store(place: WriteTarget, onBytes: (count: number) => void): Promise<WriteResult> {
    const stop = (): void => this.#exchange.drop();
    if (this.#signal?.aborted === true) stop();
    this.#signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.#exchange.store(place, onBytes);
    } finally {
      this.#signal?.removeEventListener('abort', stop);
      this.destroy();
    }
  }

  override _read(): void {
    this.destroy(new Error('held in another thread'));
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#exchange.drop();
    callback(error);
  }
}
