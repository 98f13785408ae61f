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
  /** The latest question about each account: an answer about what it was before doesn't count. */
  readonly #asked = new SvelteMap<string, symbol>();

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
    this.#asked.delete(accountId);
  }

  /** Asks STS. What it said before stays until it answers. */
  async ask(accountId: string): Promise<void> {
    if (this.of(accountId)?.kind !== 'known') this.#known.set(accountId, { kind: 'asking' });
    const question = Symbol(accountId);
    this.#asked.set(accountId, question);
    const answer = await this.#answer(accountId);
    if (this.#asked.get(accountId) === question) this.#known.set(accountId, answer);
  }

  async #answer(id: string): Promise<KnownIdentity> {
    try {
      return { kind: 'known', identity: await this.#call('accounts.identity', { id }) };
    } catch (error) {
      return { kind: 'failed', failure: await failureOf(error) };
    }
  }
}
