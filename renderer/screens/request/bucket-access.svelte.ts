import type { BucketAccess as Access } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef } from '../../lib/subjects.ts';

/** Whether browsers may send files to a bucket from a page, as its CORS rules have it, and Waybill's rule in them. */
export class BucketAccess {
  readonly #subject: BucketRef;
  readonly #call: typeof call;
  readonly work = new Attempt();
  /** Null while unknown. */
  state = $state.raw<Access | null>(null);

  constructor({ accountId, bucket }: BucketRef, callMain: typeof call) {
    this.#subject = { accountId, bucket };
    this.#call = callMain;
  }

  /** Reads the rules and tries them as a page would. */
  check(): Promise<boolean> {
    return this.#run('cors.check');
  }

  /** Puts Waybill's rule first and tries again. Main asks the person before. */
  add(): Promise<boolean> {
    return this.#run('cors.add');
  }

  /** Takes Waybill's rule out of the bucket's rules and tries again. Main asks the person before. */
  remove(): Promise<boolean> {
    return this.#run('cors.remove');
  }

  #run(name: 'cors.check' | 'cors.add' | 'cors.remove'): Promise<boolean> {
    return this.work.run(
      () => this.#call(name, { ...this.#subject }),
      (state) => (this.state = state),
    );
  }
}
