import type { Messages } from '../lib/messages.svelte.ts';
import type { News } from './news.ts';
import { reporting } from './reporting.ts';

/** What came of an action: it can be undone, it can't (`why`: a sentence), or nothing happened that could be. */
export type Undoable =
  | { readonly kind: 'can'; readonly run: () => Promise<void> }
  | { readonly kind: 'cannot'; readonly why: string }
  | { readonly kind: 'nothing' };

/** An action on the stack. */
export interface UndoStep {
  /** Undoes it, unless that was done already. */
  undo(): Promise<void>;
  /** Takes it off the stack: another step stands for it. */
  drop(): void;
}

/** An action of this window that was started. */
interface Step {
  /** Later steps have larger numbers. */
  readonly number: number;
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
  /** The oldest first. */
  #steps: readonly Step[] = [];
  #pushed = 0;
  /** Steps are undone one after the other: an older one may need what the newer one puts back. */
  #last: Promise<void> = Promise.resolve();

  constructor(news: News, messages: Messages) {
    this.#news = news;
    this.#messages = messages;
    this.#report = reporting(news);
  }

  /** Adds an action when it starts, so that Ctrl+Z means it even while it runs. */
  push(outcome: Promise<Undoable>): UndoStep {
    this.#pushed += 1;
    const step: Step = { number: this.#pushed, outcome, known: null };
    this.#add(step);
    void this.#learn(step);
    return { undo: () => this.#undo(step), drop: () => void this.#drop(step) };
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

  async #run(step: Step): Promise<void> {
    const found = await step.outcome.catch((): Undoable => ({ kind: 'nothing' }));
    if (found.kind === 'cannot') this.#news.partly(this.#messages.text('undo.cannot'), found.why);
    if (found.kind !== 'can') return;
    try {
      await found.run();
    } catch (error) {
      // The next Ctrl+Z tries it again: it must not undo an older action that nobody means.
      this.#add(step);
      throw error;
    }
  }

  /** Puts a step where it belongs by its age. */
  #add(step: Step): void {
    this.#steps = [...this.#steps, step].toSorted((one, other) => one.number - other.number).slice(-mostSteps);
  }

  #drop(step: Step): boolean {
    const before = this.#steps.length;
    this.#steps = this.#steps.filter((other) => other !== step);
    return this.#steps.length < before;
  }
}
