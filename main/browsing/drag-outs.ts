import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RunAs } from '../accounts/accounts.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Failure, toFailure } from '../failure.ts';
import { safeName } from '../local-files/safe-name.ts';
import type { Connection } from '../oss/connection.ts';
import { makeCrc64 } from '../oss/crc64/crc64.ts';
import { networkFailure } from '../oss/exchange/network-failure.ts';
import { baseName } from '../oss/key-path.ts';
import { getObject, type GetObjectOptions, type ObjectBody, type ObjectRef } from '../oss/operations/objects.ts';
import { changedObject } from '../transfers/download/read-span.ts';
import { classify, retry, REQUEST_RETRY } from '../transfers/retry-policy.ts';
import { assertEqual } from '../transfers/stored-object.ts';

/** What a page needs to let an object be dragged out of its window. */
export interface DragOffer {
  /** 128 random bits in hexadecimal digits, good for one reading. */
  readonly ticket: string;
  /** What the file will be called: safe on every system, without a colon. */
  readonly name: string;
}

/** All bytes of a dragged object. The stream fails before its last bytes where they are not what OSS stored. */
export interface DraggedBytes {
  /** In bytes; null where OSS doesn't tell. */
  readonly sizeBytes: number | null;
  readonly body: Readable;
}

interface Ticket {
  readonly accountId: string;
  readonly object: ObjectRef;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** Nobody carries a file about for longer. In milliseconds. */
const LIFE_MS = 5 * 60_000;
/** Each press on a row takes one: those of drags that never began make room. */
const MAX_TICKETS = 8;

interface DragOutsNeed {
  readonly run: RunAs;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Gets why a file that was dropped outside did not arrive: the system says nothing about it. */
  readonly onFailure: (failure: Failure) => void;
}

/** Objects that are dragged out of the window: the system fetches them, once, with a ticket in place of a signed URL. */
export class DragOuts {
  readonly #need: DragOutsNeed;
  readonly #tickets = new BoundedMap<string, Ticket>(MAX_TICKETS);

  constructor(need: DragOutsNeed) {
    this.#need = need;
  }

  /** Gives out a ticket for an object. Nothing is asked of OSS before it is dropped. */
  offer(accountId: string, object: ObjectRef): DragOffer {
    const ticket = randomBytes(16).toString('hex');
    this.#tickets.set(ticket, { accountId, object, expiresAt: this.#need.now() + LIFE_MS });
    return { ticket, name: safeName(baseName(object.key)) };
  }

  /** Takes the ticket back and begins to read; null for one that is not known (any more). @throws WaybillError what OSS said */
  async take(name: string): Promise<DraggedBytes | null> {
    const ticket = this.#tickets.get(name);
    this.#tickets.delete(name);
    if (ticket === undefined || this.#need.now() >= ticket.expiresAt) return null;
    const reading = new AbortController();
    try {
      const reader = new Reader(this.#need.run, ticket, reading.signal);
      const first = await reader.open();
      const body = Readable.from(this.#telling(checked(reader.chunks(first), first)), { objectMode: false });
      return { sizeBytes: first.sizeBytes, body: body.once('close', () => reading.abort()) };
    } catch (error) {
      this.#tell(error);
      throw error;
    }
  }

  /** Forgets all tickets. What is being read goes on. */
  clear(): void {
    this.#tickets.clear();
  }

  /** Whoever lets a drop be cancelled knows it. */
  #tell(error: unknown): void {
    const failure = toFailure(error);
    if (failure.kind !== 'cancelled') this.#need.onFailure(failure);
  }

  async *#telling(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      this.#tell(error);
      throw error;
    }
  }
}

/** Reads one object from its beginning to its end. */
class Reader {
  readonly #run: RunAs;
  readonly #ticket: Ticket;
  readonly #signal: AbortSignal;
  /** For messages. */
  #host = '';

  constructor(run: RunAs, ticket: Ticket, signal: AbortSignal) {
    this.#run = run;
    this.#ticket = ticket;
    this.#signal = signal;
  }

  open(rest: Pick<GetObjectOptions, 'range' | 'ifMatch'> = {}): Promise<ObjectBody> {
    const { accountId, object } = this.#ticket;
    const get = (connection: Connection): Promise<ObjectBody> => {
      this.#host = connection.endpoint.host;
      return getObject(connection, object, { ...rest, signal: this.#signal });
    };
    return retry(() => this.#run(accountId, object.bucket, get), REQUEST_RETRY, this.#signal);
  }

  /** What breaks on the way goes on from there, as long as it gets anywhere and the object is still the same. */
  async *chunks(first: ObjectBody): AsyncGenerator<Uint8Array> {
    const { etag } = first;
    let answer = first;
    for (let start = 0; ;) {
      const before = start;
      try {
        for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
          start += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        const failure = networkFailure(error, this.#host);
        if (etag === null || start === before || classify(toFailure(failure)).action !== 'retry') throw failure;
        answer = await this.open({ range: { start }, ifMatch: etag });
        if (answer.etag === etag && answer.contentRange?.start === start) continue;
        answer.body.destroy();
        throw changedObject();
      }
    }
  }
}

/** Holds the last chunk back until size and CRC-64 are right: a file of wrong bytes would be too short as well. */
async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  { sizeBytes, crc64 }: Pick<ObjectBody, 'sizeBytes' | 'crc64'>,
): AsyncGenerator<Uint8Array> {
  const crc = makeCrc64();
  let doneBytes = 0;
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    crc.update(chunk);
    doneBytes += chunk.length;
    if (held !== null) yield held;
    held = chunk;
  }
  if (sizeBytes !== null) assertEqual(String(sizeBytes), String(doneBytes));
  if (crc64 !== null) assertEqual(crc64, crc.digest());
  if (held !== null) yield held;
}
