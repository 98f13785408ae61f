import type { Failure } from '../../main/contract/contract.ts';
import { failureOf } from './bridge.ts';

/** What a button asks for: under way, done, or failed with a reason to show beside it. */
export class Attempt {
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);

  /** True once it is done; false if it failed, or if the one before is still under way. */
  async run(ask: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await ask();
      return true;
    } catch (error) {
      this.failure = failureOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
