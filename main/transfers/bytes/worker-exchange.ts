import { WaybillError } from '../../failure.ts';
import { type WorkerEvent, type WorkerCommand, type WriteTarget, fromPlainError } from './worker-messages.ts';

/** How far the bytes of a body came. `crc64` is that of those that are in the file. */
export interface WriteResult {
  readonly storedBytes: number;
  readonly crc64: string;
  readonly error: Error | null;
}

/** The head of an answer, as the thread tells it. */
export type HeadEvent = Extract<WorkerEvent, { type: 'head' }>;

/** The thread that carries an exchange. */
export interface ExchangeHost {
  readonly send: (command: WorkerCommand) => void;
  /** The thread will tell nothing more of it. */
  readonly onClosed: (id: number) => void;
}

/**
 * A request that another thread carries. It ends only when that thread says so, also where it is dropped: until then the
 * file must stay open, or its descriptor would soon be another file's.
 */
export class WorkerExchange {
  readonly id: number;
  readonly head: Promise<HeadEvent>;
  readonly #host: ExchangeHost;
  #phase: 'asking' | 'waiting' | 'storing' | 'over' = 'asking';
  #isDropped = false;
  #onHead: { readonly resolve: (event: HeadEvent) => void; readonly reject: (error: Error) => void };
  #onStored: ((stored: WriteResult) => void) | null = null;
  #onBytes: (count: number) => void;
  #storedBytes = 0;

  constructor(id: number, onBytes: (count: number) => void, host: ExchangeHost) {
    this.id = id;
    this.#host = host;
    this.#onBytes = onBytes;
    const { promise, ...settle } = withResolvers<HeadEvent>();
    this.head = promise;
    this.#onHead = settle;
  }

  onEvent(event: WorkerEvent): void {
    if (this.#phase === 'storing') this.#storedBytes += event.count;
    if (event.count > 0) this.#onBytes(event.count);
    switch (event.type) {
      case 'bytes':
        break;
      case 'head':
        this.#answered(event);
        break;
      case 'stored':
        this.#finish(event.crc64, event.error === null ? null : fromPlainError(event.error));
        break;
      case 'failed':
        this.lose(fromPlainError(event.error));
        break;
      default:
        event satisfies never;
    }
  }

  /** The thread, or the connection, is gone. */
  lose(error: Error): void {
    this.#onHead.reject(error);
    this.#finish('0', error);
  }

  /** Writes the body of the answer into a file. */
  store(place: WriteTarget, onBytes: (count: number) => void): Promise<WriteResult> {
    if (this.#phase !== 'waiting') return Promise.resolve({ storedBytes: 0, crc64: '0', error: cancelled() });
    this.#phase = 'storing';
    this.#onBytes = onBytes;
    return new Promise((resolve) => {
      this.#onStored = resolve;
      this.#host.send({ type: 'store', id: this.id, ...place });
    });
  }

  /** Stops it, whatever it does. */
  drop(): void {
    if (this.#phase === 'over') return;
    this.#isDropped = true;
    this.#host.send({ type: 'drop', id: this.id });
    if (this.#phase === 'waiting') this.#end();
  }

  #answered(event: HeadEvent): void {
    const isRead = event.text !== null;
    // A thread that had sent this before it was told to stop tells nothing more.
    if (this.#isDropped && !isRead) {
      this.lose(cancelled());
      return;
    }
    this.#phase = 'waiting';
    // What was read to its end is over.
    if (isRead) this.#end();
    this.#onHead.resolve(event);
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
