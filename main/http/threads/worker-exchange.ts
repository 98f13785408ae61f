import { WaybillError } from '../../failure.ts';
import type { StoredBytes, WriteTarget } from '../store-body.ts';
import { type WorkerEvent, type WorkerCommand, fromPlainError } from './worker-messages.ts';

/** The head of a response, as the worker reports it. */
export type HeadEvent = Extract<WorkerEvent, { type: 'head' }>;

/** The pool's side of an exchange. */
export interface ExchangeHost {
  readonly send: (command: WorkerCommand) => void;
  /** The worker will send no more events for it. */
  readonly onClosed: (id: number) => void;
}

/**
 * A request handled by a worker thread. It stays open until that thread says so, even after drop(): until then the file
 * must stay open, or another file might get its descriptor.
 */
export class WorkerExchange {
  readonly id: number;
  readonly head: Promise<HeadEvent>;
  readonly #host: ExchangeHost;
  #phase: 'asking' | 'waiting' | 'storing' | 'over' = 'asking';
  #isDropped = false;
  #head: { readonly resolve: (event: HeadEvent) => void; readonly reject: (error: Error) => void };
  #onStored: ((stored: StoredBytes) => void) | null = null;
  #onBytes: (count: number) => void;
  #storedBytes = 0;

  constructor(id: number, onBytes: (count: number) => void, host: ExchangeHost) {
    this.id = id;
    this.#host = host;
    this.#onBytes = onBytes;
    const { promise, ...settle } = withResolvers<HeadEvent>();
    this.head = promise;
    this.#head = settle;
  }

  onEvent(event: WorkerEvent): void {
    if (this.#phase === 'storing') this.#storedBytes += event.count;
    if (event.count > 0) this.#onBytes(event.count);
    switch (event.type) {
      case 'bytes':
        break;
      case 'head':
        this.#onHeadEvent(event);
        break;
      case 'stored':
        this.#finish(event.crc64, event.error === null ? null : fromPlainError(event.error));
        break;
      case 'failed':
        this.fail(fromPlainError(event.error));
        break;
      default:
        event satisfies never;
    }
  }

  /** Fails the exchange: its thread or connection is gone. */
  fail(error: Error): void {
    this.#head.reject(error);
    // Nobody knows the CRC-64 of what was written: it doesn't count.
    if (this.#storedBytes > 0) this.#onBytes(-this.#storedBytes);
    this.#storedBytes = 0;
    this.#finish('0', error);
  }

  /** Has the worker write the response body into a file. */
  store(target: WriteTarget, onBytes: (count: number) => void): Promise<StoredBytes> {
    if (this.#phase !== 'waiting') return Promise.resolve({ storedBytes: 0, crc64: '0', error: cancelled() });
    this.#phase = 'storing';
    this.#onBytes = onBytes;
    return new Promise((resolve) => {
      this.#onStored = resolve;
      this.#host.send({ type: 'store', id: this.id, ...target });
    });
  }

  /** Aborts the exchange in any phase. */
  drop(): void {
    if (this.#phase === 'over') return;
    this.#isDropped = true;
    this.#host.send({ type: 'drop', id: this.id });
    if (this.#phase === 'waiting') this.#end();
  }

  #onHeadEvent(event: HeadEvent): void {
    const isRead = event.text !== null;
    // The worker sent this before it saw the command to drop, and won't send anything else.
    if (this.#isDropped && !isRead) {
      this.fail(cancelled());
      return;
    }
    this.#phase = 'waiting';
    // A body that came with the head leaves nothing to wait for.
    if (isRead) this.#end();
    this.#head.resolve(event);
  }

  #finish(crc64: string, error: Error | null): void {
    this.#end();
    this.#onStored?.({ storedBytes: this.#storedBytes, crc64, error });
  }

  #end(): void {
    this.#phase = 'over';
    this.#host.onClosed(this.id);
  }
}

function cancelled(): WaybillError {
  return new WaybillError({ kind: 'cancelled' });
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
