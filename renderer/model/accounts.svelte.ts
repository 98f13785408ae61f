import type { Account } from '../../main/contract/contract.ts';
import type { call } from '../lib/bridge.ts';
import { Emitter } from '../lib/emitter.ts';

/** The accounts that main knows, and the current one. */
export class AccountList {
  readonly #call: typeof call;
  #known = $state.raw<readonly Account[]>([]);
  /** As they are shown: the practice account's name is a word, in the language of the window. */
  readonly all: readonly Account[] = $derived(this.#known.map((account) => this.#shownAs(account)));
  readonly #shownAs: (account: Account) => Account;
  #currentId = $state<string | null>(null);
  /** Emitted when another account becomes current, or none is left. */
  readonly switched = new Emitter<string | null>();

  readonly current = $derived(this.all.find((account) => account.id === this.#currentId) ?? null);

  constructor(callMain: typeof call, shownAs: (account: Account) => Account = (account) => account) {
    this.#call = callMain;
    this.#shownAs = shownAs;
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
    this.#known = await this.#call('accounts.list', {});
    this.currentId = (this.get(lastId) ?? this.all[0])?.id ?? null;
  }

  /** Takes the accounts that main reports. If the current account is gone, the first one becomes current. */
  apply(accounts: readonly Account[]): void {
    this.#known = accounts;
    if (this.get(this.currentId) === null) this.currentId = accounts[0]?.id ?? null;
  }

  /** Adds or replaces an account that main has just saved, without waiting for main's event. */
  put(account: Account): void {
    const known = this.get(account.id) !== null;
    const before = this.#known;
    this.#known = known ? before.map((other) => (other.id === account.id ? account : other)) : [...before, account];
  }

  async remove(id: string): Promise<void> {
    await this.#call('accounts.remove', { id });
    this.apply(this.#known.filter((account) => account.id !== id));
  }
}
