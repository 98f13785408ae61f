import type { Messages } from '../lib/messages.svelte.ts';
import type { News } from './news.ts';
import { reporting } from './reporting.ts';

/** What came of an action: it can be undone, it can't (`why`: a sentence), or nothing happened that could be. */
export type Undoable =
  | { readonly kind: 'can'; readonly run: () => Promise<void> }
  | { readonly kind: 'cannot'; readonly why: string }
  | { readonly kind: 'nothing' };

/** An action of this window that was started. */
interface Step {
  readonly outcome: Promise<Undoable>;
  /** Null until the action has ended. */
  known: Undoable | null;
}

/** Main keeps as many deletions. */
const mostSteps = 20;

/** What Ctrl+Z undoes, the newest first. The button of a notification undoes the same step, and each is undone once. */
export class UndoStack {
  readonly #news: News;
  readonly #messages: Messages;
  readonly #report: ReturnType<typeof reporting>;
  #steps: readonly Step[] = [];
  /** Steps are undone one after the other: an older one may need what the newer one puts back. */
  #last: Promise<void> = Promise.resolve();

  constructor(news: News, messages: Messages) {
    this.#news = news;
    this.#messages = messages;
    this.#report = reporting(news);
  }

  /**
   * Adds an action when it starts, so that Ctrl+Z means it even while it runs. The returned function undoes it, unless
   * that was done already.
   */
  push(outcome: Promise<Undoable>): () => Promise<void> {
    const step: Step = { outcome, known: null };
    this.#steps = [...this.#steps, step].slice(-mostSteps);
    void this.#learn(step);
    return () => this.#undo(step);
  }

  /** Undoes the newest action, if there is one. */
  undo(): void {
    const newest = this.#steps.at(-1);
    if (newest === undefined) return;
    if (newest.known === null) this.#news.begun(this.#messages.text('undo.waits'));
    void this.#undo(newest);
  }

  async #learn(step: Step): Promise<void> {
    step.known = await step.outcome.catch((): Undoable => ({ kind: 'nothing' }));
    if (step.known.kind === 'nothing') this.#drop(step);
  }

  async #undo(step: Step): Promise<void> {
    if (!this.#drop(step)) return;
    const undone = this.#last.then(() => this.#report(() => this.#run(step)));
    this.#last = undone;
    await undone;
  }

  async #run({ outcome }: Step): Promise<void> {
    const found = await outcome.catch((): Undoable => ({ kind: 'nothing' }));
    if (found.kind === 'can') await found.run();
    else if (found.kind === 'cannot') this.#news.partly(this.#messages.text('undo.cannot'), found.why);
  }

  #drop(step: Step): boolean {
    const before = this.#steps.length;
    this.#steps = this.#steps.filter((other) => other !== step);
    return this.#steps.length < before;
  }
}
