import type { DeletionProgress } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { formatCount } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { Undoable, UndoStack, UndoStep } from '../undo.ts';

interface DeletionsNeed {
  readonly browser: Browser;
  readonly undo: UndoStack;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** A deletion that fits in one request of OSS ends before its progress can be read. */
const oneRequest = 1000;

/** Deletions under way, in every bucket and account. */
export class DeletionList {
  readonly #need: DeletionsNeed;
  readonly #report: ReturnType<typeof reporting>;
  #all = $state.raw<readonly DeletionProgress[]>([]);
  /** Started in this window, which reports their end, or before the window opened. */
  #own: readonly string[] = [];
  /** The undo steps of those of this window, and who waits until they no longer run. */
  #steps: readonly { readonly id: string; readonly step: UndoStep }[] = [];
  #waiting: readonly { readonly id: string; readonly settle: (ended: DeletionProgress) => void }[] = [];

  /** Those that take a while, or need a decision. */
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

  /** Every window reports the end of deletions still running; the end of finished ones has been reported. */
  async load(): Promise<void> {
    this.#all = await this.#need.call('deletions.list', {});
    this.#own = this.#all.map(({ id }) => id);
  }

  /** Updates progress from main, and reports the end of deletions that belong to this window. */
  apply(all: readonly DeletionProgress[]): void {
    const before = this.#all;
    this.#all = all;
    for (const deletion of all) {
      if (deletion.state !== 'running') this.#settle(deletion);
      const wasDone = before.find(({ id }) => id === deletion.id)?.state === 'done';
      if (deletion.state === 'done' && !wasDone && this.#own.includes(deletion.id)) this.#reportDone(deletion);
    }
  }

  /** Starts a confirmed deletion; `total` is null if it wasn't counted. */
  async start(subject: ObjectsRef, total: number | null): Promise<void> {
    const { accountId, bucket, keys, prefixes } = subject;
    // Before main answers: by then, the user may have selected something else.
    this.#need.browser.selection.clear();
    await this.#report(async () => {
      const what = { accountId, bucket, keys: [...keys], prefixes: [...prefixes], total };
      const { id } = await this.#need.call('deletions.start', what);
      this.#own = [...this.#own, id];
      this.#pushStep(id, this.#endOf(id));
      const deletion = this.#all.find((known) => known.id === id);
      if (deletion?.state === 'done') this.#reportDone(deletion);
    });
  }

  async stop(id: string): Promise<void> {
    await this.#report(() => this.#need.call('deletions.stop', { id }));
  }

  async resume(id: string): Promise<void> {
    await this.#report(async () => {
      await this.#need.call('deletions.goOn', { id });
      // What was deleted before is undone with the rest, once that has ended.
      if (this.#stepOf(id) !== null) this.#pushStep(id, this.#nextEndOf(id));
    });
  }

  async dismiss(id: string): Promise<void> {
    await this.#report(() => this.#need.call('deletions.dismiss', { id }));
  }

  /** Restores the objects deleted so far. */
  async undo(id: string): Promise<void> {
    const step = this.#stepOf(id);
    if (step === null) await this.#report(() => this.#restore(id));
    else await step.undo();
  }

  #stepOf(id: string): UndoStep | null {
    return this.#steps.find((one) => one.id === id)?.step ?? null;
  }

  /** Has Ctrl+Z undo the deletion once it no longer runs, instead of what it had done when it was stopped. */
  #pushStep(id: string, end: Promise<DeletionProgress>): void {
    this.#stepOf(id)?.drop();
    const step = this.#need.undo.push(end.then((ended) => this.#undoable(ended)));
    this.#steps = [...this.#steps.filter((one) => one.id !== id), { id, step }];
  }

  async #restore(id: string): Promise<void> {
    const { messages, news } = this.#need;
    const { restored, failedCount } = await this.#need.call('deletions.undo', { id });
    const done = messages.text('browse.undone', this.#counted(restored));
    if (failedCount === 0) news.done(done);
    else news.partly(done, messages.text('browse.undone.failed', this.#counted(failedCount)));
  }

  /** The deletion once it no longer runs. */
  #endOf(id: string): Promise<DeletionProgress> {
    const known = this.#all.find((deletion) => deletion.id === id && deletion.state !== 'running');
    return known === undefined ? this.#nextEndOf(id) : Promise.resolve(known);
  }

  #nextEndOf(id: string): Promise<DeletionProgress> {
    return new Promise((settle) => {
      this.#waiting = [...this.#waiting, { id, settle }];
    });
  }

  #settle(deletion: DeletionProgress): void {
    for (const { id, settle } of this.#waiting) if (id === deletion.id) settle(deletion);
    this.#waiting = this.#waiting.filter(({ id }) => id !== deletion.id);
  }

  #undoable({ id, bucket, deleted, canUndo }: DeletionProgress): Undoable {
    if (canUndo) return { kind: 'can', run: () => this.#restore(id) };
    if (deleted === 0) return { kind: 'nothing' };
    return { kind: 'cannot', why: this.#need.messages.text('undo.cannot.deleted', { bucket }) };
  }

  #reportDone({ id, deleted, failedCount, canUndo }: DeletionProgress): void {
    const { messages, news } = this.#need;
    // The strip stays and shows the failures.
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
