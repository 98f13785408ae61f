import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlannedTransfer } from './expand.ts';

/** Read more when fewer items are buffered. */
const LOW_WATER = 32;

/** Number of items to buffer. */
const HIGH_WATER = 128;

/** Reads a folder's items slightly ahead of their consumer, in constant memory. */
export class FolderFeed {
  readonly #items: AsyncIterator<PlannedTransfer>;
  readonly #isWanted: (item: PlannedTransfer) => boolean;
  readonly #onRead: () => void;
  readonly #buffered: PlannedTransfer[] = [];
  #isReading = false;
  #isExhausted = false;
  #error: unknown = null;

  constructor(items: AsyncIterable<PlannedTransfer>, isWanted: (item: PlannedTransfer) => boolean, onRead: () => void) {
    this.#items = items[Symbol.asyncIterator]();
    this.#isWanted = isWanted;
    this.#onRead = onRead;
  }

  get isExhausted(): boolean {
    return this.#isExhausted && this.#buffered.length === 0;
  }

  /** Why reading stopped early; null if it didn't. */
  get error(): unknown {
    return this.#error;
  }

  /** Returns the next item, or undefined if none is buffered: `onRead` announces more. */
  next(): PlannedTransfer | undefined {
    if (this.#buffered.length < LOW_WATER && !this.#isReading && !this.#isExhausted) void this.#read();
    return this.#buffered.shift();
  }

  stop(): void {
    this.#isExhausted = true;
    this.#buffered.length = 0;
    void this.#items.return?.().catch(() => undefined);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      for (let read = 0; this.#buffered.length < HIGH_WATER && !this.#isExhausted; read += 1) {
        const next = await this.#items.next();
        if (next.done === true) this.#isExhausted = true;
        else if (this.#isWanted(next.value)) this.#buffered.push(next.value);
        // Yield to the event loop while skipping many finished items.
        if (read % HIGH_WATER === HIGH_WATER - 1) await nextTurn();
      }
    } catch (error) {
      this.#error = error;
      this.#isExhausted = true;
    }
    this.#isReading = false;
    this.#onRead();
  }
}
