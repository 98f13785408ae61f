import type { Results } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef } from '../../lib/subjects.ts';

type CustomDomain = Results['buckets.domains']['domains'][number];

/** How a bucket's files are reached: on OSS's own host or at one of its custom domains. */
export class BucketDomainChoice {
  readonly #subject: BucketRef;
  readonly #call: typeof call;
  found = $state.raw<Results['buckets.domains'] | null>(null);
  /** Asks OSS for the domains, or changes which one is used. */
  readonly work = new Attempt();

  readonly usable = $derived.by(() => (this.found?.domains ?? []).filter(({ isEnabled }) => isEnabled));

  /** The account may not list the bucket's domains. */
  readonly isDenied = $derived.by(() => {
    const { failure } = this.work;
    return this.found === null && failure?.kind === 'credentials' && failure.cause === 'denied-by-policy';
  });

  constructor(subject: BucketRef, callMain: typeof call) {
    this.#subject = subject;
    this.#call = callMain;
    void this.work.rerun(
      () => this.#call('buckets.domains', subject),
      (found) => (this.found = found),
    );
  }

  isUsed({ name }: CustomDomain): boolean {
    return URL.parse(this.found?.used ?? '')?.hostname === name;
  }

  /** Uses a domain, or OSS's own host for null. Main asks before one without a certificate. */
  async use(domain: CustomDomain | null): Promise<void> {
    await this.work.rerun(
      async () => {
        await this.#call('buckets.useDomain', { ...this.#subject, name: domain?.name ?? null });
        return this.#call('buckets.domains', this.#subject);
      },
      (found) => (this.found = found),
    );
  }
}
