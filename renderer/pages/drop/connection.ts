import type { Reply } from './http.ts';

/** Whether the bucket answers this page. `blocked`: it never did; `lost`: it did before. */
export type Contact = 'unknown' | 'good' | 'lost' | 'blocked';

/** How long the first wait takes, and the longest, in milliseconds. */
const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** Raised instead of another attempt when the bucket has never answered: it would end the same way. */
export class Blocked extends Error {}

/** What all requests of the page know of the way to the bucket. */
export class Connection {
  contact: Contact = 'unknown';
  /** When the next attempt follows, in Unix milliseconds, while the connection is lost. */
  retryAt: number | null = null;
  /** Whether answers show the CRC-64; unknown before the first. */
  showsCrc64: boolean | null = null;
  /** Null before an answer has told the server's time. */
  #clockOffsetMs: number | null = null;
  readonly #sleepers = new Set<() => void>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get hasAnswered(): boolean {
    return this.contact === 'good' || this.contact === 'lost';
  }

  /** The time, by the server's clock where it is known. */
  now(): number {
    return Date.now() + (this.#clockOffsetMs ?? 0);
  }

  /** Whether an answer has told the server's time: that of the device may be wrong by any length. */
  get knowsTime(): boolean {
    return this.#clockOffsetMs !== null;
  }

  /** Bytes left, which happens only after the bucket has accepted the page: it takes uploads. */
  noteProgress(): void {
    this.#change('good');
  }

  noteReply(reply: Reply): void {
    if (reply.status === 0) {
      if (this.hasAnswered) this.#change('lost');
      return;
    }
    if (reply.date !== null) this.#clockOffsetMs = reply.date - Date.now();
    this.#change('good');
  }

  /** The bucket has never answered. */
  block(): never {
    this.#change('blocked');
    throw new Blocked();
  }

  /** Forgets that the page was blocked. */
  reset(): void {
    this.#change('unknown');
  }

  /** Waits before attempt number `tries`, longer each time; ends early when the network returns, or on `wake`. */
  async wait(tries: number, signal: AbortSignal, random = Math.random()): Promise<void> {
    signal.throwIfAborted();
    const ms = waitMs(tries, random);
    this.retryAt = Math.min(this.retryAt ?? Infinity, Date.now() + ms);
    this.#onChange();
    await new Promise<void>((done) => {
      const timer = setTimeout(wake, ms);
      const sleepers = this.#sleepers;
      function wake(): void {
        clearTimeout(timer);
        sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        done();
      }
      sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
    if (this.#sleepers.size === 0) this.retryAt = null;
    this.#onChange();
    signal.throwIfAborted();
  }

  /** Ends all waits. */
  wake(): void {
    this.retryAt = null;
    for (const wake of [...this.#sleepers]) wake();
  }

  #change(contact: Contact): void {
    if (contact === this.contact) return;
    this.contact = contact;
    this.#onChange();
  }
}

/** The wait before an attempt: doubled each time up to a limit, a quarter more or less so that pages don't return at once. */
export function waitMs(tries: number, random: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** tries) * (0.75 + random / 2);
}
