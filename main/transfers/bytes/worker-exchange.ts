import { WaybillError } from '../../failure.ts';
import { type ByteNews, type ByteOrder, type FilePlace, fromPlainError } from './worker-messages.ts';

/** How far the bytes of a body came. `crc64` is that of those that are in the file. */
export interface Stored {
  readonly storedBytes: number;
  readonly crc64: string;
  readonly error: Error | null;
}

/** The head of an answer, as the thread tells it. */
export type HeadNews = Extract<ByteNews, { type: 'head' }>;

/** The thread that carries an exchange. */
export interface ExchangeHost {
  readonly order: (order: ByteOrder) => void;
  /** The thread will tell nothing more of it. */
  readonly over: (id: number) => void;
}

/**
 * A request that another thread carries. It ends only when that thread says so, also where it is dropped: until then the
 * file must stay open, or its descriptor would soon be another file's.
 */
export class FileExchange {
  readonly id: number;
  readonly head: Promise<HeadNews>;
  readonly #host: ExchangeHost;
  #phase: 'asking' | 'waiting' | 'storing' | 'over' = 'asking';
  #isDropped = false;
  #onHead: { readonly resolve: (news: HeadNews) => void; readonly reject: (error: Error) => void };
  #onStored: ((stored: Stored) => void) | null = null;
  #onBytes: (count: number) => void;
  #storedBytes = 0;

  constructor(id: number, onBytes: (count: number) => void, host: ExchangeHost) {
    this.id = id;
    this.#host = host;
    this.#onBytes = onBytes;
    const { promise, ...settle } = withResolvers<HeadNews>();
    this.head = promise;
    this.#onHead = settle;
  }

  onNews(news: ByteNews): void {
    if (this.#phase === 'storing') this.#storedBytes += news.count;
    if (news.count > 0) this.#onBytes(news.count);
    switch (news.type) {
      case 'bytes':
        break;
      case 'head':
        this.#answered(news);
        break;
      case 'stored':
        this.#finish(news.crc64, news.error === null ? null : fromPlainError(news.error));
        break;
      case 'failed':
        this.lose(fromPlainError(news.error));
        break;
      default:
        news satisfies never;
    }
  }

  /** The thread, or the connection, is gone. */
  lose(error: Error): void {
    this.#onHead.reject(error);
    this.#finish('0', error);
  }

  /** Writes the body of the answer into a file. */
  store(place: FilePlace, onBytes: (count: number) => void): Promise<Stored> {
    if (this.#phase !== 'waiting') return Promise.resolve({ storedBytes: 0, crc64: '0', error: cancelled() });
    this.#phase = 'storing';
    this.#onBytes = onBytes;
    return new Promise((resolve) => {
      this.#onStored = resolve;
      this.#host.order({ type: 'store', id: this.id, ...place });
    });
  }

  /** Stops it, whatever it does. */
  drop(): void {
    if (this.#phase === 'over') return;
    this.#isDropped = true;
    this.#host.order({ type: 'drop', id: this.id });
    if (this.#phase === 'waiting') this.#end();
  }

  #answered(news: HeadNews): void {
    const isRead = news.text !== null;
    // A thread that had sent this before it was told to stop tells nothing more.
    if (this.#isDropped && !isRead) {
      this.lose(cancelled());
      return;
    }
    this.#phase = 'waiting';
    // What was read to its end is over.
    if (isRead) this.#end();
    this.#onHead.resolve(news);
  }

  #finish(crc64: string, error: Error | null): void {
    this.#end();
    this.#onStored?.({ storedBytes: this.#storedBytes, crc64, error });
  }

  #end(): void {
    this.#phase = 'over';
    this.#host.over(this.id);
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
