import { createInterface, type Interface } from 'node:readline';

/** Lines that a person types at a terminal. Keeps the process alive only while one is waited for. */
export class TypedLines {
  #reader: Interface | null = null;
  readonly #typed: string[] = [];
  #isOver = false;
  #arrived: () => void = () => undefined;

  /** The next line; null once there will be none (Ctrl+D), or when `signal` says that nobody waits for it any more. */
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
    // Not as a terminal of its own: the system edits the line, and Ctrl+C is a signal as ever.
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
