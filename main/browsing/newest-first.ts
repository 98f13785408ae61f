interface Waiting {
  readonly start: () => void;
  readonly drop: () => void;
}

/**
 * Runs a few pieces of work at once, the newest first: whoever scrolls on waits for what is in sight, not for what was.
 * When too many wait, the oldest are dropped.
 */
export class NewestFirst {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** The result of the work; null if it was dropped before it began. @throws what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (!(await this.#turn())) return null;
    try {
      return await work();
    } finally {
      const next = this.#waiting.pop();
      if (next === undefined) this.#running -= 1;
      else next.start();
    }
  }

  /** Drops all that waits. */
  clear(): void {
    for (const { drop } of this.#waiting.splice(0)) drop();
  }

  /** Waits for a turn, which work that ends hands over. False if it was dropped. */
  #turn(): boolean | Promise<boolean> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return true;
    }
    const hasTurn = new Promise<boolean>((resolve) => {
      this.#waiting.push({ start: () => resolve(true), drop: () => resolve(false) });
    });
    if (this.#waiting.length > this.#mostWaiting) this.#waiting.shift()?.drop();
    return hasTurn;
  }
}
