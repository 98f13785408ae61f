import type { Failure, ObjectEntry, Results, SearchLimits } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';

/** A file that was found, and where. */
export interface FoundFile extends ObjectEntry {
  readonly bucket: string;
}

/** What is looked for, and in which buckets of an account. */
export interface EverywhereQuery {
  readonly accountId: string;
  readonly buckets: readonly string[];
  readonly text: string;
  readonly limits: SearchLimits;
}

/** More are no help: the search ends, and asks for a narrower one. */
const mostFound = 1000;
const bucketsAtOnce = 3;

/** A search through whole buckets. What it found stays until the next one. */
export class EverywhereSearch {
  readonly #call: typeof call;
  /** A run that is stopped, or whose place another one took, changes nothing any more. */
  #run = 0;

  query = $state.raw<EverywhereQuery | null>(null);
  found = $state.raw<readonly FoundFile[]>([]);
  failed = $state.raw<readonly { readonly bucket: string; readonly failure: Failure }[]>([]);
  /** How many keys were looked at, and buckets to their end. */
  scanned = $state(0);
  searched = $state(0);
  running = $state(false);
  readonly isFull = $derived(this.found.length >= mostFound);

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Searches the buckets, a few at a time. Resolves once all are done, or stop() was called. */
  async start(query: EverywhereQuery): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    this.query = query;
    this.found = [];
    this.failed = [];
    this.scanned = 0;
    this.searched = 0;
    this.running = true;
    const waiting = query.buckets.values();
    // Each takes the next bucket that none has taken.
    await Promise.all(Array.from({ length: bucketsAtOnce }, () => this.#searchAll(waiting, query, run)));
    if (this.#run === run) this.running = false;
  }

  /** Keeps what was found. */
  stop(): void {
    this.#run += 1;
    this.running = false;
  }

  async #searchAll(buckets: IterableIterator<string>, query: EverywhereQuery, run: number): Promise<void> {
    for (const bucket of buckets) {
      if (!this.#goesOn(run)) return;
      try {
        await this.#search(bucket, query, run);
      } catch (error) {
        const failure = await failureOf(error);
        if (this.#run === run) this.failed = [...this.failed, { bucket, failure }];
      }
    }
  }

  async #search(bucket: string, { accountId, text, limits }: EverywhereQuery, run: number): Promise<void> {
    let pageToken: string | null = null;
    do {
      const stretch = { accountId, bucket, prefix: '', text, limits, pageToken };
      const page: Results['objects.search'] = await this.#call('objects.search', stretch);
      if (!this.#goesOn(run)) return;
      this.scanned += page.scanned;
      const files = page.objects.map((object) => ({ ...object, bucket }));
      this.found = this.found.concat(files).slice(0, mostFound);
      pageToken = page.nextPageToken;
    } while (pageToken !== null && this.#goesOn(run));
    if (pageToken === null) this.searched += 1;
  }

  #goesOn(run: number): boolean {
    return this.#run === run && !this.isFull;
  }
}
