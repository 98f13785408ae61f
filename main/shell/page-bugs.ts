/** How many different errors a minute go to the log. */
const MOST_A_MINUTE = 10;
const MINUTE_MS = 60_000;

interface PageBug {
  readonly at: number;
  readonly text: string;
  readonly logId: string;
}

/**
 * Errors of the pages on their way to the log. A page is not trusted and may fail in a loop: what repeats within a minute
 * is recorded once, and what exceeds the limit not at all.
 */
export class PageBugs {
  readonly #record: (logId: string, text: string) => void;
  readonly #now: () => number;
  #recent: readonly PageBug[] = [];

  /** `record` writes to the log; `now` tells the time in milliseconds. */
  constructor(record: (logId: string, text: string) => void, now: () => number) {
    this.#record = record;
    this.#now = now;
  }

  /** Returns the ID of the error in the log; null if it was too many. */
  report(text: string): string | null {
    const at = this.#now();
    this.#recent = this.#recent.filter((bug) => at - bug.at < MINUTE_MS);
    const same = this.#recent.find((bug) => bug.text === text);
    if (same !== undefined) return same.logId;
    if (this.#recent.length >= MOST_A_MINUTE) return null;
    const logId = crypto.randomUUID().slice(0, 8);
    this.#recent = [...this.#recent, { at, text, logId }];
    this.#record(logId, text);
    return logId;
  }
}
