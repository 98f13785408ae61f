import type { Bucket, Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';

/** The buckets of the current account, as far as it may list them. */
export class BucketList {
  readonly #call: typeof call;
  accountId = $state<string | null>(null);
  all = $state.raw<readonly Bucket[]>([]);
  loading = $state(false);
  loaded = $state(false);
  failure = $state.raw<Failure | null>(null);

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Shows another account's buckets. */
  async open(accountId: string | null): Promise<void> {
    this.accountId = accountId;
    this.all = [];
    this.loaded = false;
    this.failure = null;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const { accountId } = this;
    if (accountId === null) return;
    this.loading = true;
    this.failure = null;
    try {
      const buckets = await this.#call('buckets.list', { accountId });
      if (this.accountId !== accountId) return;
      this.all = buckets;
      this.loaded = true;
    } catch (error) {
      if (this.accountId === accountId) this.failure = failureOf(error);
    } finally {
      if (this.accountId === accountId) this.loading = false;
    }
  }
}
