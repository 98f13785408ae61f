import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlannedTransfer } from './expand.ts';

/** Read on when fewer are left. */
const FEW = 32;

/** How many are read ahead. */
const MANY = 128;

/** What is in a folder, read a little ahead of those that take it. */
export class FolderFeed {
  readonly #items: AsyncIterator<PlannedTransfer>;
  readonly #isWanted: (item: PlannedTransfer) => boolean;
  readonly #onRead: () => void;
  readonly #ahead: PlannedTransfer[] = [];
  #isReading = false;
  #isExhausted = false;
  #error: unknown = null;

  constructor(items: AsyncIterable<PlannedTransfer>, isWanted: (item: PlannedTransfer) => boolean, onRead: () => void) {
    this.#items = items[Symbol.asyncIterator]();
    this.#isWanted = isWanted;
    this.#onRead = onRead;
  }

  get isExhausted(): boolean {
    return this.#isExhausted && this.#ahead.length === 0;
  }

  /** Why it could not be read to its end. */
  get error(): unknown {
    return this.#error;
  }

  /** The next one; undefined where it is still to be read: `onRead` tells. */
  next(): PlannedTransfer | undefined {
    if (this.#ahead.length < FEW && !this.#isReading && !this.#isExhausted) void this.#read();
    return this.#ahead.shift();
  }

  stop(): void {
    this.#isExhausted = true;
    this.#ahead.length = 0;
    void this.#items.return?.().catch(() => undefined);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      for (let read = 0; this.#ahead.length < MANY && !this.#isExhausted; read += 1) {
        const next = await this.#items.next();
        if (next.done === true) this.#isExhausted = true;
        else if (this.#isWanted(next.value)) this.#ahead.push(next.value);
        // What was done before is passed over without holding up the process.
        if (read % MANY === MANY - 1) await nextTurn();
      }
    } catch (error) {
      this.#error = error;
      this.#isExhausted = true;
    }
    this.#isReading = false;
    this.#onRead();
  }
}
