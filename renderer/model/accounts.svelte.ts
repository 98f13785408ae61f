import type { Account } from '../../main/contract/contract.ts';
import type { call } from '../lib/bridge.ts';
import { Emitter } from '../lib/emitter.ts';

/** The accounts that main knows, and the current one. */
export class AccountList {
  readonly #call: typeof call;
  all = $state.raw<readonly Account[]>([]);
  #currentId = $state<string | null>(null);
  /** Emitted when another account becomes current, or none is left. */
  readonly switched = new Emitter<string | null>();

  readonly current = $derived(this.all.find((account) => account.id === this.#currentId) ?? null);

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  get currentId(): string | null {
    return this.#currentId;
  }

  set currentId(id: string | null) {
    if (id === this.#currentId) return;
    this.#currentId = id;
    this.switched.emit(id);
  }

  get(id: string | null): Account | null {
    return this.all.find((account) => account.id === id) ?? null;
  }

  /** `lastId`: the account to start with, if it still exists. */
  async load(lastId: string | null): Promise<void> {
    this.all = await this.#call('accounts.list', {});
    this.currentId = (this.get(lastId) ?? this.all[0])?.id ?? null;
  }

  /** Takes the accounts that main reports. If the current account is gone, the first one becomes current. */
  apply(accounts: readonly Account[]): void {
    this.all = accounts;
    if (this.get(this.currentId) === null) this.currentId = accounts[0]?.id ?? null;
  }

  /** Adds or replaces an account that main has just saved, without waiting for main's event. */
  put(account: Account): void {
    const known = this.get(account.id) !== null;
    this.all = known ? this.all.map((other) => (other.id === account.id ? account : other)) : [...this.all, account];
  }

  async remove(id: string): Promise<void> {
    await this.#call('accounts.remove', { id });
    this.apply(this.all.filter((account) => account.id !== id));
  }
}
