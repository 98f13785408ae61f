import { SvelteMap } from 'svelte/reactivity';
import type { CallerIdentity, Failure } from '../../main/contract/contract.ts';
import { type call, failureOf } from '../lib/bridge.ts';

/** What is known of who an account signs as. */
export type KnownIdentity =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly identity: CallerIdentity }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Who accounts sign as, as STS said when it was last asked. */
export class Identities {
  readonly #call: typeof call;
  readonly #known = new SvelteMap<string, KnownIdentity>();

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Null: never asked. */
  of(accountId: string): KnownIdentity | null {
    return this.#known.get(accountId) ?? null;
  }

  /** Discards what STS said of an account that has changed. */
  forget(accountId: string): void {
    this.#known.delete(accountId);
  }

  /** Asks STS. What it said before stays until it answers. */
  async ask(accountId: string): Promise<void> {
    if (this.of(accountId)?.kind !== 'known') this.#known.set(accountId, { kind: 'asking' });
    try {
      this.#known.set(accountId, { kind: 'known', identity: await this.#call('accounts.identity', { id: accountId }) });
    } catch (error) {
      this.#known.set(accountId, { kind: 'failed', failure: await failureOf(error) });
    }
  }
}
