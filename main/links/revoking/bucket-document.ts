import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import { Turns } from '../../local-files/turns.ts';
import type { Connection } from '../../oss/connection.ts';

/** A document of a bucket that can only be replaced whole, such as its CORS rules or its policy. */
export interface BucketDocument<T> {
  /** Names the document in failures. */
  readonly field: string;
  /** Null: the bucket has none. */
  readonly read: (connection: Connection, bucket: string, signal?: AbortSignal) => Promise<T | null>;
  /** Null deletes the document. */
  readonly write: (connection: Connection, bucket: string, value: T | null, signal?: AbortSignal) => Promise<void>;
  readonly isSame: (one: T | null, other: T | null) => boolean;
}

/** A document after a change, and whether anything had to be written for that. */
export interface DocumentChange<T> {
  readonly isWritten: boolean;
  readonly after: T | null;
}

/** How often a change is written again because someone else wrote at the same time. */
const ROUNDS = 3;
/** Buckets with a queue of their own. One that is dropped is long idle. */
const MAX_TURNS = 1000;

/**
 * Changes documents of buckets. OSS has no condition for these writes, so the document is read right before, and read
 * again afterwards: a change that someone else overwrote is made once more, on what they wrote. Within Waybill, one
 * change to a bucket waits for the other. What another tool writes between the read and the write is lost. Nothing brings an
 * earlier document back whole: taking a change back takes out its own part alone, so that what came since stays.
 */
export class DocumentEditor<T> {
  readonly #document: BucketDocument<T>;
  readonly #turns = new BoundedMap<string, Turns>(MAX_TURNS);

  constructor(document: BucketDocument<T>) {
    this.#document = document;
  }

  /**
   * Makes a change. `change` returns its argument where there is nothing to do, and must come to the same if it is
   * applied twice.
   * @throws WaybillError `input` `changed-meanwhile` if others keep overwriting it; what reading and writing throw, and
   *   what `change` throws
   */
  async change(
    connection: Connection,
    bucket: string,
    change: (now: T | null) => T | null,
    signal?: AbortSignal,
  ): Promise<DocumentChange<T>> {
    return this.#turnsOf(bucket).run(() => this.#change(connection, bucket, change, signal));
  }

  async #change(
    connection: Connection,
    bucket: string,
    change: (now: T | null) => T | null,
    signal?: AbortSignal,
  ): Promise<DocumentChange<T>> {
    const { read, write, isSame } = this.#document;
    let found = await read(connection, bucket, signal);
    for (let round = 0; round <= ROUNDS; round++) {
      const wanted = change(found);
      if (isSame(wanted, found)) return { isWritten: round > 0, after: found };
      if (round === ROUNDS) break;
      await write(connection, bucket, wanted, signal);
      found = await read(connection, bucket, signal);
    }
    throw new WaybillError({ kind: 'input', field: this.#document.field, rule: 'changed-meanwhile' });
  }

  #turnsOf(bucket: string): Turns {
    const turns = this.#turns.get(bucket) ?? new Turns();
    this.#turns.set(bucket, turns);
    return turns;
  }
}
