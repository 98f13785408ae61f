import { WaybillError } from '../failure.ts';
import type { Account, KeychainStatus } from './account.ts';
import { type AccountSecret, type Keychain, memoryKeychain } from './keychain.ts';

/** The secrets of accounts: in the keychain, or in memory until Waybill quits. */
export class AccountSecrets {
  readonly #keychain: Keychain;
  readonly #memory = memoryKeychain();

  constructor(keychain: Keychain) {
    this.#keychain = keychain;
  }

  /** @throws WaybillError `credentials` missing; `keychain` */
  async load({ id, origin }: Pick<Account, 'id' | 'origin'>): Promise<AccountSecret> {
    const secret = (await this.#memory.get(id)) ?? (origin === 'saved' ? await this.#keychain.get(id) : null);
    if (secret === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
    return secret;
  }

  /** Keeps a secret until Waybill quits. */
  keep(id: string, secret: AccountSecret): Promise<void> {
    return this.#memory.set(id, secret);
  }

  /**
   * Stores the secret of a saved account in the keychain. Keeps that of another, or without a keychain, until Waybill quits.
   * @throws WaybillError `keychain`
   */
  async put(
    { id, origin }: Pick<Account, 'id' | 'origin'>,
    secret: AccountSecret,
    keychain: KeychainStatus,
  ): Promise<void> {
    if (origin !== 'saved' || keychain === 'absent') return this.keep(id, secret);
    await this.#keychain.set(id, secret);
    await this.#memory.delete(id);
  }

  /** Deletes a secret from the keychain, if there is one. @throws WaybillError `keychain` while that is locked */
  async unstore(id: string): Promise<void> {
    await this.#keychain.delete(id).catch((error: unknown) => {
      const failure = error instanceof WaybillError ? error.failure : null;
      if (failure?.kind !== 'keychain' || failure.reason !== 'absent') throw error;
    });
  }

  /** Forgets a secret that was kept until Waybill quits. */
  forget(id: string): Promise<void> {
    return this.#memory.delete(id);
  }
}
