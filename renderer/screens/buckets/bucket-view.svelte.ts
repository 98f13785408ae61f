import type { AccessReport, BucketAcl, BucketFacts, BucketRules } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef } from '../../lib/subjects.ts';

/** What is known of a bucket. Each part is asked for once it is shown. */
export class BucketView {
  readonly subject: BucketRef;
  readonly #call: typeof call;
  facts = $state.raw<BucketFacts | null>(null);
  readonly readingFacts = new Attempt();
  rules = $state.raw<BucketRules | null>(null);
  readonly readingRules = new Attempt();
  access = $state.raw<AccessReport | null>(null);
  readonly readingAccess = new Attempt();
  /** Changes the ACL or the block. */
  readonly changing = new Attempt();

  /** What blocks public access, as far as that is known. */
  readonly block = $derived.by(() => {
    if (this.access === null) return null;
    const { account, bucket } = this.access.blocked;
    if (account === true) return 'account';
    if (bucket === true) return 'bucket';
    return account === null || bucket === null ? 'unknown' : 'off';
  });

  constructor(subject: BucketRef, callMain: typeof call) {
    this.subject = subject;
    this.#call = callMain;
  }

  async loadFacts(): Promise<void> {
    await this.readingFacts.rerun(
      () => this.#call('buckets.facts', this.subject),
      (facts) => (this.facts = facts),
    );
  }

  /** Two parts of the dialog show rules. */
  async loadRules(): Promise<void> {
    if (this.rules !== null) return;
    await this.readingRules.run(
      () => this.#call('buckets.rules', this.subject),
      (rules) => (this.rules = rules),
    );
  }

  async loadAccess(): Promise<void> {
    await this.readingAccess.rerun(
      () => this.#call('access.read', { ...this.subject, prefix: '' }),
      (access) => (this.access = access),
    );
  }

  setAcl(acl: BucketAcl): Promise<boolean> {
    return this.#change(() => this.#call('buckets.setAcl', { ...this.subject, acl }));
  }

  setBlock(isOn: boolean): Promise<boolean> {
    return this.#change(() => this.#call('buckets.blockPublic', { ...this.subject, isOn }));
  }

  #change(change: () => Promise<null>): Promise<boolean> {
    return this.changing.run(change, () => this.loadAccess());
  }
}
