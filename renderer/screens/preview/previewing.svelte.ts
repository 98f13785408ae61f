import type { Preview, TextEncoding } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { pathOf } from '../../lib/rows.ts';
import type { ObjectRef } from '../../lib/subjects.ts';
import type { Browser } from '../../model/browsing/browser.svelte.ts';

type Listed = Pick<Browser, 'list' | 'selection'>;

/** Where the file shown stands among the files of the list. */
export interface Position {
  /** Counted from 0. */
  readonly at: number;
  readonly count: number;
  /** The list has further pages. */
  readonly hasMore: boolean;
}

/** What the preview shows, and the way to the files before and behind it. */
export class Previewing {
  readonly #browser: Listed;
  readonly #call: typeof call;
  object = $state.raw<ObjectRef>() as ObjectRef;
  /** Null while loading. */
  preview = $state.raw<Preview | null>(null);
  readonly loading = new Attempt();
  readonly #files = $derived.by(() => this.#browser.list?.rows.filter(({ kind }) => kind === 'object') ?? []);
  /** Null for a version, and for a file that isn't in the list. */
  readonly position = $derived.by((): Position | null => {
    if (this.object.versionId !== null) return null;
    const at = this.#files.findIndex(({ id }) => pathOf(id) === this.object.key);
    return at === -1 ? null : { at, count: this.#files.length, hasMore: this.#browser.list?.hasMore ?? false };
  });

  constructor(object: ObjectRef, browser: Listed, callMain: typeof call) {
    this.#browser = browser;
    this.#call = callMain;
    this.object = object;
    void this.load();
  }

  /** Loads the file, as a text in this encoding if one is given. */
  async load(encoding?: TextEncoding): Promise<void> {
    await this.loading.rerun(
      () => this.#call('objects.preview', { ...this.object, encoding }),
      (preview) => (this.preview = preview),
    );
  }

  canStep(step: 1 | -1): boolean {
    return this.position !== null && this.#files[this.position.at + step] !== undefined;
  }

  /** Shows the next or previous file, which is then selected in the list. */
  step(step: 1 | -1): void {
    const next = this.position === null ? undefined : this.#files[this.position.at + step];
    if (next === undefined) return;
    this.#browser.selection.select(next.id);
    this.object = { ...this.object, key: pathOf(next.id) };
    this.preview = null;
    void this.load();
  }
}
