import { Attempt } from '../lib/attempt.svelte.ts';

/** What main would do with a form as it is filled in now, asked again after each change. */
export class Planning<T> extends Attempt {
  /** Null until main has answered, while the form has nothing to ask, and after a failure. */
  answer = $state.raw<T | null>(null);

  /** Asks main; a null question means that the form isn't ready for one. */
  async refresh(question: (() => Promise<T>) | null, take?: (answer: T) => void): Promise<void> {
    if (question === null) {
      this.drop();
      this.answer = null;
      return;
    }
    await this.rerun(question, (answer) => {
      this.answer = answer;
      take?.(answer);
    });
    if (this.failure !== null) this.answer = null;
  }
}
