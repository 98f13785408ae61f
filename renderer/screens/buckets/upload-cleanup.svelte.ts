import { SvelteSet } from 'svelte/reactivity';
import type { Results } from '../../../main/contract/contract.ts';
import type { BucketSettings } from './bucket-settings.svelte.ts';

type Upload = Results['buckets.uploads']['uploads'][number];

const dayMs = 86_400_000;

/** The ages to choose from, in days; 0 for any. */
export const uploadAges: readonly number[] = [0, 1, 7, 30];

/** The incomplete uploads of a bucket that are shown, and those to delete. They may be another client's, still running. */
export class UploadCleanup {
  readonly #settings: BucketSettings;
  readonly #openedAt = Date.now();
  readonly #chosen = new SvelteSet<string>();
  #days = $state(1);
  /** The question is open: nothing is deleted before it is answered. */
  asking = $state(false);

  readonly all = $derived.by((): readonly Upload[] => this.#settings.uploads?.uploads ?? []);
  /** The server's clock may be ahead, so times are compared only if an age is chosen. */
  readonly shown = $derived.by(() => {
    const before = this.#openedAt - this.#days * dayMs;
    return this.#days === 0 ? this.all : this.all.filter(({ initiatedAt }) => initiatedAt < before);
  });
  readonly selected = $derived(this.shown.filter(({ uploadId }) => this.#chosen.has(uploadId)));
  /** The selected ones, or all that are shown. */
  readonly doomed = $derived(this.selected.length === 0 ? this.shown : this.selected);

  constructor(settings: BucketSettings) {
    this.#settings = settings;
  }

  /** Shows uploads that started more than so many days ago. */
  get days(): number {
    return this.#days;
  }

  set days(days: number) {
    this.#days = days;
    this.asking = false;
  }

  isChosen(uploadId: string): boolean {
    return this.#chosen.has(uploadId);
  }

  choose(uploadId: string, on: boolean): void {
    if (on) this.#chosen.add(uploadId);
    else this.#chosen.delete(uploadId);
    this.asking = false;
  }

  /** Deletes what the question was about. */
  async confirm(): Promise<void> {
    if (!this.asking) return;
    this.asking = false;
    await this.#settings.abortUploads(this.doomed);
  }
}
