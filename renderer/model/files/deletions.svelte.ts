import type { DeletionProgress } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { formatCount } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';

interface DeletionsNeed {
  readonly browser: Browser;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** A deletion that fits in one request of OSS is over before its progress could be read. */
const oneRequest = 1000;

/** Deletions that are under way, wherever the person is meanwhile. */
export class DeletionList {
  readonly #need: DeletionsNeed;
  readonly #report: ReturnType<typeof reporting>;
  #all = $state.raw<readonly DeletionProgress[]>([]);
  /** Started in this window, which reports their end, or before the window opened. */
  #own: readonly string[] = [];

  /** Those that take a while, or need somebody. */
  readonly shown = $derived(
    this.#all.filter(({ state, total, failedCount }) => {
      if (state === 'running') return total === null || total > oneRequest;
      return state !== 'done' || failedCount > 0;
    }),
  );

  constructor(need: DeletionsNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** The end of those still running is reported by every window; that of finished ones already was. */
  async load(): Promise<void> {
    this.#all = await this.#need.call('deletions.list', {});
    this.#own = this.#all.map(({ id }) => id);
  }

  /** Takes their progress from main, and reports the end of our own. */
  apply(all: readonly DeletionProgress[]): void {
    const before = this.#all;
    this.#all = all;
    for (const deletion of all) {
      const wasDone = before.find(({ id }) => id === deletion.id)?.state === 'done';
      if (deletion.state === 'done' && !wasDone && this.#own.includes(deletion.id)) this.#reportDone(deletion);
    }
  }

  /** Begins what the person confirmed; `total` is null where it was not counted. */
  async start(subject: ObjectsRef, total: number | null): Promise<void> {
    const { accountId, bucket, keys, prefixes } = subject;
    // Before main answers: by then, something else may be selected elsewhere.
    this.#need.browser.selection.clear();
    await this.#report(async () => {
      const what = { accountId, bucket, keys: [...keys], prefixes: [...prefixes], total };
      const { id } = await this.#need.call('deletions.start', what);
      this.#own = [...this.#own, id];
      const deletion = this.#all.find((known) => known.id === id);
      if (deletion?.state === 'done') this.#reportDone(deletion);
    });
  }

  async stop(id: string): Promise<void> {
    await this.#report(() => this.#need.call('deletions.stop', { id }));
  }

  async resume(id: string): Promise<void> {
    await this.#report(() => this.#need.call('deletions.goOn', { id }));
  }

  async dismiss(id: string): Promise<void> {
    await this.#report(() => this.#need.call('deletions.dismiss', { id }));
  }

  /** Takes a deletion back, as far as it came. */
  async undo(id: string): Promise<void> {
    const { messages, news } = this.#need;
    await this.#report(async () => {
      const { restored } = await this.#need.call('deletions.undo', { id });
      news.done(messages.text('browse.undone', this.#counted(restored)));
    });
  }

  #reportDone({ id, deleted, failedCount, canUndo }: DeletionProgress): void {
    const { messages, news } = this.#need;
    // The strip stays, and says so.
    if (failedCount > 0) return;
    const done = messages.text('browse.deleted', this.#counted(deleted));
    const undo = { label: messages.text('browse.undo'), run: () => void this.undo(id) };
    news.done(done, undefined, canUndo ? undo : undefined);
    void this.dismiss(id);
  }

  #counted(count: number): { readonly count: number; readonly shown: string } {
    return { count, shown: formatCount(count, this.#need.messages.locale) };
  }
}
