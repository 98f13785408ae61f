import { untrack } from 'svelte';
import type { Failure } from '../../main/contract/contract.ts';
import { failureOf } from './bridge.ts';
import { Newest } from './newest.ts';

/** One thing that is asked of main: busy while it's under way, then done, or failed with a reason to show. */
export class Attempt {
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #runs = new Newest();
  readonly #outcomes = new Newest();

  /** Does nothing while the run before is under way. True once `take` has the answer, false if it failed or was dropped. */
  async run<T>(work: () => Promise<T>, take?: (answer: T) => unknown): Promise<boolean> {
    // An effect that runs something must not run again when that is done.
    return untrack(() => this.busy) ? false : this.rerun(work, take);
  }

  /** Runs even while another run is under way, whose outcome is then discarded. */
  async rerun<T>(work: () => Promise<T>, take?: (answer: T) => unknown): Promise<boolean> {
    const [isNewest, counts] = [this.#runs.begin(), this.#outcomes.begin()];
    this.busy = true;
    this.failure = null;
    try {
      const answer = await work();
      if (!counts()) return false;
      await take?.(answer);
      return true;
    } catch (error) {
      const failure = await failureOf(error);
      if (counts()) this.failure = failure;
      return false;
    } finally {
      if (isNewest()) this.busy = false;
    }
  }

  /** Forgets the failure and the outcome of what is under way. It stays busy until then, so that nothing is created twice. */
  discard(): void {
    this.#outcomes.drop();
    this.failure = null;
  }

  /** Like discard(), but the next run needn't wait. */
  drop(): void {
    this.discard();
    this.#runs.drop();
    this.busy = false;
  }
}
