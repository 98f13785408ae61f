import { createInterface, type Interface } from 'node:readline';

/** Lines typed at a terminal. Keeps the process alive only while waiting for one. */
export class TypedLines {
  #reader: Interface | null = null;
  readonly #typed: string[] = [];
  #isOver = false;
  #arrived: () => void = () => undefined;

  /** The next line; null after Ctrl+D or when `signal` aborts. */
  async next(signal: AbortSignal): Promise<string | null> {
    const reader = this.#open();
    const wake = (): void => this.#arrived();
    signal.addEventListener('abort', wake);
    reader.resume();
    while (this.#typed.length === 0 && !this.#isOver && !signal.aborted) {
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
    reader.pause();
    signal.removeEventListener('abort', wake);
    return this.#typed.shift() ?? null;
  }

  #open(): Interface {
    if (this.#reader !== null) return this.#reader;
    // With terminal: false the system edits the line, and Ctrl+C stays a signal.
    const reader = createInterface({ input: process.stdin, terminal: false });
    reader.on('line', (line) => {
      this.#typed.push(line);
      this.#arrived();
    });
    reader.on('close', () => {
      this.#isOver = true;
      this.#arrived();
    });
    return (this.#reader = reader);
  }
}
