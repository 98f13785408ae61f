import type { Bucket } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import { Reconnecting } from './reconnecting.ts';
import type { call } from '../../lib/bridge.ts';
import { Emitter } from '../../lib/emitter.ts';

/** The buckets of the current account, if it may list them. */
export class BucketList {
  readonly #call: typeof call;
  accountId = $state<string | null>(null);
  all = $state.raw<readonly Bucket[]>([]);
  loaded = $state(false);
  readonly loading = new Attempt();
  /** Emitted with the account when its buckets were listed, also again. */
  readonly listed = new Emitter<string>();
  readonly #reconnecting = new Reconnecting(() => void this.refresh());

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Shows another account's buckets. */
  async open(accountId: string | null): Promise<void> {
    this.accountId = accountId;
    this.all = [];
    this.loaded = false;
    this.loading.drop();
    this.#reconnecting.stop();
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const { accountId } = this;
    if (accountId === null) return;
    await this.loading.rerun(
      () => this.#call('buckets.list', { accountId }),
      (buckets) => {
        this.all = buckets;
        this.loaded = true;
        this.listed.emit(accountId);
      },
    );
    if (accountId === this.accountId) this.#reconnecting.note(this.loading.failure);
  }

  /** The system is online again: what failed for want of a network needn't wait any longer. */
  cameOnline(): void {
    this.#reconnecting.tryNow();
  }
}
