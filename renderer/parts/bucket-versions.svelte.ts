import type { LinkPlan, Versioning } from '../../main/contract/contract.ts';
import { Attempt } from '../lib/attempt.svelte.ts';
import type { call } from '../lib/bridge.ts';
import type { BucketRef } from '../lib/subjects.ts';

/** Whether a bucket keeps versions, asked once: OSS then ignores the rule against overwriting. */
export class BucketVersions {
  readonly #bucket: BucketRef;
  readonly #call: typeof call;
  readonly #reading = new Attempt();
  #versioning = $state.raw<Versioning | null>(null);

  /** False while main is asked, and for a bucket without versions; true also where the account may not ask. */
  readonly mayKeep = $derived(
    this.#reading.failure !== null || (this.#versioning !== null && this.#versioning !== 'never'),
  );

  constructor({ accountId, bucket }: BucketRef, callMain: typeof call) {
    this.#bucket = { accountId, bucket };
    this.#call = callMain;
  }

  async load(): Promise<void> {
    if (this.#versioning !== null) return;
    await this.#reading.run(
      () => this.#call('buckets.versioning', this.#bucket),
      (versioning) => (this.#versioning = versioning),
    );
  }

  /** The plan without the warning about versions where there are none. */
  applying(plan: LinkPlan | null): LinkPlan | null {
    if (plan === null || this.mayKeep) return plan;
    return { ...plan, warnings: plan.warnings.filter((warning) => warning !== 'overwrite-with-versions') };
  }
}
