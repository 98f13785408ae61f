import { MAX_BYTES_AHEAD, MAX_PAGES_AHEAD, MAX_RANGES } from '../../limits.ts';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, toFailure, WaybillError } from '../../../failure.ts';
import { KeyAlphabet } from './key-alphabet.ts';
import { KeyRange, type Listing } from './key-range.ts';
import { PageRate } from './page-rate.ts';
import { pagesLeft, type Split, splitKey, type SplitRules } from './split-key.ts';

/** Options of readRanges(). */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to wait before a failed request is sent again, in milliseconds; null: not at all. `attempt` counts from 1.
   * Default: where the server is busy, as long as it says.
   */
  readonly retryDelayMs?: (failure: Failure, attempt: number) => number | null;
  /** Milliseconds, for measuring. */
  readonly now?: () => number;
}

/** Pages that a range reads ahead. */
const AHEAD = 24;

/** What an entry takes up, besides its name. */
const ENTRY_BYTES = 300;

/** A range of less isn't split: each split may cost one request more. */
const MIN_PAGES = 3;

const BUSY = { attempts: 5, minDelayMs: 250, maxDelayMs: 60_000 } as const;

/**
 * All pages of a listing, in order, read in key ranges side by side: where the first page isn't the last, what is left is
 * split, and each part as well. Ranges nearest to the page that is handed out next come first, and none reads far ahead.
 * Where the server turns out not to list as OSS does, sorted by UTF-8 and from where it is told, the rest is read page by
 * page. A listing of more than ten pages takes at most 1.6 times the requests.
 * @throws what `read` throws, once all that comes before it is handed out
 */
export function readRanges<Page, Cursor>(
  listing: Listing<Page, Cursor>,
  options: ReadOptions = {},
): AsyncGenerator<Page> {
  return new RangeReader(listing, options).pages();
}

class RangeReader<Page, Cursor> {
  readonly #listing: Listing<Page, Cursor>;
  readonly #rules: SplitRules;
  readonly #retryDelayMs: NonNullable<ReadOptions['retryDelayMs']>;
  readonly #now: () => number;
  readonly #rate: PageRate;
  readonly #stop = new AbortController();
  readonly #cancel: AbortSignal | undefined;
  readonly #signal: AbortSignal;
  /** In the order of keys. */
  #ranges: KeyRange<Page, Cursor>[];
  /** The range before, until the first one has shown that it begins where that ends. */
  #before: KeyRange<Page, Cursor> | null = null;
  #isSerial = false;
  #started = 1;
  #fullPages = 0;
  #pageBytes = 1;
  #wake: () => void = () => undefined;

  constructor(
    listing: Listing<Page, Cursor>,
    { signal, retryDelayMs = waitWhereBusy, now = () => performance.now() }: ReadOptions,
  ) {
    this.#listing = listing;
    const { prefix, delimiter } = listing;
    this.#rules = { prefix, delimiter, alphabet: new KeyAlphabet(prefix) };
    this.#retryDelayMs = retryDelayMs;
    this.#now = now;
    this.#rate = new PageRate(now);
    this.#cancel = signal;
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    // Each request in flight listens.
    setMaxListeners(0, this.#signal);
    this.#ranges = [new KeyRange(listing, null, null)];
  }

  async *pages(): AsyncGenerator<Page> {
    try {
      for (;;) {
        this.#throwIfCancelled();
        const changed = new Promise<void>((resolve) => (this.#wake = resolve));
        this.#fill();
        const [first, second] = this.#ranges;
        if (first === undefined) return;
        const page = first.take();
        if (page !== null) {
          const isEnd = first.waiting === 0 && first.next === null && second === undefined;
          if (isEnd || this.#listing.extentOf(page) !== null) yield page;
        } else if (first.error !== null) {
          throw first.error.reason;
        } else if (first.next !== null) {
          await changed;
        } else {
          this.#ranges.shift();
          this.#before = second?.hasLanded === false ? first : null;
        }
      }
    } finally {
      this.#stop.abort();
    }
  }

  #throwIfCancelled(): void {
    if (this.#cancel?.aborted !== true) return;
    const reason: unknown = this.#cancel.reason;
    throw reason instanceof WaybillError ? reason : new WaybillError({ kind: 'cancelled' }, { cause: reason });
  }

  /** Sends as many requests as are worth it, for the names that are needed first. */
  #fill(): void {
    let free = this.#rate.limit - this.#ranges.filter(({ isReading }) => isReading).length;
    const near = this.#near();
    for (const range of near) {
      if (free <= 0 || this.#signal.aborted) return;
      if (range.isReading || range.next === null || range.error !== null) continue;
      void this.#read(range);
      free -= 1;
    }
    for (; free > 0; free -= 1) {
      const upper = this.#split(near);
      if (upper === null) return;
      void this.#read(upper);
    }
  }

  /** The ranges that may be read without reading too far ahead: the first one always. */
  #near(): readonly KeyRange<Page, Cursor>[] {
    const most = Math.min(MAX_PAGES_AHEAD, MAX_BYTES_AHEAD / this.#pageBytes);
    const isFull = this.#ahead(this.#ranges) >= most;
    let ahead = 0;
    return this.#ranges.filter((range, index) => {
      ahead += range.waiting + Number(range.isReading);
      return index === 0 ? range.waiting < AHEAD : !isFull && ahead < most / 2;
    });
  }

  #ahead(ranges: readonly KeyRange<Page, Cursor>[]): number {
    return ranges.reduce((sum, { waiting, isReading }) => sum + waiting + Number(isReading), 0);
  }

  /**
   * Gives the upper half of what is left of one of the ranges to another one: of the widest, or of the first while there
   * is much to hand out. Null if none has enough left, or nothing is known of it.
   */
  #split(near: readonly KeyRange<Page, Cursor>[]): KeyRange<Page, Cursor> | null {
    if (this.#isSerial || this.#ranges.length >= MAX_RANGES || this.#started >= this.#allowed) return null;
    const wide = near
      .map((range) => ({
        range,
        rest: range.rest,
        pages: range.rest === null ? 0 : pagesLeft(range.rest, this.#rules),
      }))
      .filter(({ pages }) => pages >= MIN_PAGES);
    if (this.#ahead(this.#ranges) < MAX_PAGES_AHEAD / 4) wide.sort((one, other) => other.pages - one.pages || 0);
    for (const { range, rest } of wide) {
      const split: Split | null = rest === null ? null : splitKey(rest, this.#rules);
      if (split === null) {
        range.keepWhole();
        continue;
      }
      const upper = range.splitOff(split);
      this.#ranges.splice(this.#ranges.indexOf(range) + 1, 0, upper);
      this.#started += 1;
      return upper;
    }
    return null;
  }

  /** How many ranges may have been started: the last page of each may be one request more than without ranges. */
  get #allowed(): number {
    return Math.min(this.#fullPages + 1, Math.max(4, 0.6 * this.#fullPages), 15 + 0.3 * this.#fullPages);
  }

  async #read(range: KeyRange<Page, Cursor>): Promise<void> {
    range.isReading = true;
    try {
      this.#arrive(range, await this.#request(range));
    } catch (reason) {
      this.#fail(range, reason);
    }
    range.isReading = false;
    this.#fill();
    this.#wake();
  }

  async #request(range: KeyRange<Page, Cursor>): Promise<Page> {
    for (let attempt = 1; ; attempt += 1) {
      const sentAt = this.#now();
      try {
        const page = await this.#listing.read(range.next ?? { kind: 'start' }, this.#signal);
        this.#rate.onPage(this.#ranges.filter(({ isReading }) => isReading).length);
        return page;
      } catch (error) {
        const failure = toFailure(error);
        const delayMs = this.#signal.aborted ? null : this.#retryDelayMs(failure, attempt);
        if (delayMs === null) throw error;
        if (isBusy(failure)) this.#rate.onRefused(sentAt);
        await sleep(delayMs, undefined, { signal: this.#signal });
      }
    }
  }

  #arrive(range: KeyRange<Page, Cursor>, page: Page): void {
    const index = this.#ranges.indexOf(range);
    if (index === -1) return;
    if (this.#isSerial && !range.isUnproven && range === this.#ranges.at(-1)) {
      range.addUnchecked(page);
    } else if (range.add(page)) {
      if (index === 0) this.#before = null;
      this.#learn(range, page);
    } else {
      this.#readSerially(range, page);
    }
  }

  #learn(range: KeyRange<Page, Cursor>, page: Page): void {
    const names = this.#listing.namesOf(page);
    this.#rules.alphabet.learn(names);
    this.#pageBytes = Math.max(1, names.length * (ENTRY_BYTES + 2 * (names.at(-1)?.length ?? 0)));
    if (range.next !== null && names.length > 0) this.#fullPages += 1;
    const landing = range.takeLanding();
    if (landing === null) return;
    this.#rules.alphabet.learnFound(landing.split, landing.first);
    // Nothing is behind the split: another one needn't wait for a page.
    if (landing.first === null) this.#ranges[this.#ranges.indexOf(range) - 1]?.splitAgain();
  }

  /** The server doesn't list ranges as OSS does: goes on in the range that the page should have belonged to. */
  #readSerially(range: KeyRange<Page, Cursor>, page: Page): void {
    this.#isSerial = true;
    const index = this.#ranges.indexOf(range);
    const before = index === 0 ? this.#before : (this.#ranges[index - 1] ?? null);
    if (range.hasLanded || before === null) {
      range.extend();
      range.addUnchecked(page);
      this.#ranges.length = index + 1;
    } else {
      before.extend();
      this.#ranges = [...this.#ranges.slice(0, Math.max(0, index - 1)), before];
    }
    this.#before = null;
  }

  #fail(range: KeyRange<Page, Cursor>, reason: unknown): void {
    const index = this.#ranges.indexOf(range);
    if (index === -1) return;
    range.error = { reason };
    this.#ranges.length = index + 1;
  }
}

function isBusy(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.cause === 'busy';
}

function waitWhereBusy(failure: Failure, attempt: number): number | null {
  if (failure.kind !== 'oss' || !isBusy(failure) || attempt >= BUSY.attempts) return null;
  const delayMs = (failure.retryAfterMs ?? 0) + BUSY.minDelayMs * 2 ** (attempt - 1);
  return delayMs > BUSY.maxDelayMs ? null : delayMs;
}
