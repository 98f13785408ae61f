import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RunAs } from '../accounts/accounts-options.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Failure, toFailure } from '../failure.ts';
import { safeName } from '../local-files/safe-name.ts';
import type { Connection } from '../oss/connection.ts';
import { baseName } from '../oss/key-path.ts';
import type { ObjectRef } from '../oss/names.ts';
import { getObject, type GetObjectOptions, type ObjectBody } from '../oss/operations/objects.ts';
import { objectStream, type StreamSource } from '../transfers/download/object-stream.ts';
import { retry, REQUEST_RETRY } from '../transfers/retry-policy.ts';

/** What a page needs to start dragging an object out of its window. */
export interface DragOffer {
  /** 128 random bits in hexadecimal, valid for one download. */
  readonly ticket: string;
  /** The file name: safe on every system, without a colon. */
  readonly name: string;
}

/** The content of a dragged object. If it isn't what OSS stored, the stream fails before its last bytes. */
export interface DraggedBytes {
  /** Null if OSS doesn't report it. */
  readonly sizeBytes: number | null;
  readonly body: Readable;
}

interface Ticket {
  readonly accountId: string;
  readonly object: ObjectRef;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** No drag takes longer. */
const LIFETIME_MS = 5 * 60_000;
/** Each mouse press on a row takes a ticket, most of them for drags that never start. */
const MAX_TICKETS = 8;

interface DragOutsOptions {
  readonly run: RunAs;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Reports why a dropped file didn't arrive, which the system doesn't do. */
  readonly onFailure: (failure: Failure) => void;
}

/** Objects dragged out of the window. The system downloads each once, with a ticket instead of a signed URL. */
export class DragOuts {
  readonly #options: DragOutsOptions;
  readonly #tickets = new BoundedMap<string, Ticket>(MAX_TICKETS);

  constructor(options: DragOutsOptions) {
    this.#options = options;
  }

  /** Issues a ticket for an object. OSS is first asked when the object is dropped. */
  offer(accountId: string, object: ObjectRef): DragOffer {
    const ticket = randomBytes(16).toString('hex');
    this.#tickets.set(ticket, { accountId, object, expiresAt: this.#options.now() + LIFETIME_MS });
    return { ticket, name: safeName(baseName(object.key)) };
  }

  /** Redeems a ticket and starts the download; null if unknown or expired. @throws WaybillError what OSS answered */
  async redeem(name: string): Promise<DraggedBytes | null> {
    const ticket = this.#tickets.get(name);
    this.#tickets.delete(name);
    if (ticket === undefined || this.#options.now() >= ticket.expiresAt) return null;
    const reading = new AbortController();
    try {
      const reader = new Reader(this.#options.run, ticket, reading.signal);
      const first = await reader.open();
      const body = Readable.from(this.#reporting(objectStream(first, reader)), { objectMode: false });
      return { sizeBytes: first.sizeBytes, body: body.once('close', () => reading.abort()) };
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }

  /** Drops all tickets. Running downloads continue. */
  clear(): void {
    this.#tickets.clear();
  }

  /** A cancelled drop needs no report: the user cancelled it. */
  #report(error: unknown): void {
    const failure = toFailure(error);
    if (failure.kind !== 'cancelled') this.#options.onFailure(failure);
  }

  async *#reporting(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }
}

/** Downloads one object. */
class Reader implements StreamSource {
  readonly #run: RunAs;
  readonly #ticket: Ticket;
  readonly #signal: AbortSignal;
  /** For error messages. */
  #host = '';

  constructor(run: RunAs, ticket: Ticket, signal: AbortSignal) {
    this.#run = run;
    this.#ticket = ticket;
    this.#signal = signal;
  }

  readonly host = (): string => this.#host;

  open(rest: Pick<GetObjectOptions, 'range' | 'ifMatch'> = {}): Promise<ObjectBody> {
    const { accountId, object } = this.#ticket;
    const get = (connection: Connection): Promise<ObjectBody> => {
      this.#host = connection.endpoint.host;
      return getObject(connection, object, { ...rest, signal: this.#signal });
    };
    return retry(() => this.#run(accountId, object.bucket, get), REQUEST_RETRY, this.#signal);
  }
}
