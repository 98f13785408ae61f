/** How many different errors of one window go to the log in a minute, and of all windows in a day. */
const MOST_A_MINUTE = 10;
const MOST_A_DAY = 500;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

interface PageBug {
  readonly window: object;
  readonly at: number;
  readonly text: string;
  readonly logId: string;
}

/**
 * Errors of the pages on their way to the log. A page is not trusted and may fail in a loop: what repeats within a minute
 * is recorded once, and what exceeds the limits not at all. Its lines can't be taken for main's own.
 */
export class PageBugs {
  readonly #record: (logId: string, text: string) => void;
  readonly #now: () => number;
  #recent: readonly PageBug[] = [];
  #dayStart: number;
  #today = 0;

  /** `record` writes to the log; `now` tells the time in milliseconds. */
  constructor(record: (logId: string, text: string) => void, now: () => number) {
    this.#record = record;
    this.#now = now;
    this.#dayStart = now();
  }

  /** Returns the ID of a window's error in the log; null if it was too many. */
  report(window: object, text: string): string | null {
    const at = this.#now();
    if (at - this.#dayStart >= DAY_MS) {
      this.#dayStart = at;
      this.#today = 0;
    }
    this.#recent = this.#recent.filter((bug) => at - bug.at < MINUTE_MS);
    const mine = this.#recent.filter((bug) => bug.window === window);
    const same = mine.find((bug) => bug.text === text);
    if (same !== undefined) return same.logId;
    if (mine.length >= MOST_A_MINUTE || this.#today >= MOST_A_DAY) return null;
    const logId = crypto.randomUUID().slice(0, 8);
    this.#recent = [...this.#recent, { window, at, text, logId }];
    this.#today += 1;
    this.#record(logId, asPageLines(text));
    return logId;
  }
}

/** Only the log itself begins a line: a text that goes on in another one is indented there. */
function asPageLines(text: string): string {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map((line) => line.replace(/\p{Cc}/gu, ' '));
  return `page: ${lines.join('\n  ')}`;
}
