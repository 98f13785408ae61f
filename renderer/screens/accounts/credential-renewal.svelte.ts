import type { Account } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { CredentialPaste } from './credential-paste.svelte.ts';

/** Replaces expired credentials of an account: the new ones are pasted, tested and saved. */
export class CredentialRenewal {
  readonly #call: typeof call;
  readonly #accountId: string;
  readonly paste: CredentialPaste;

  readonly replacing = new Attempt();

  constructor(accountId: string, callMain: typeof call) {
    this.#call = callMain;
    this.#accountId = accountId;
    this.paste = new CredentialPaste(callMain, () => (this.replacing.failure = null));
    this.paste.open = true;
  }

  /** The credentials to use; null until a text has been read. */
  readonly ready = $derived.by(() => (this.paste.open ? null : this.paste.chosen));

  /** Reads the pasted text, or saves the credentials already read. Returns the account once it has new credentials. */
  async submit(): Promise<Account | null> {
    const { ready } = this;
    if (ready === null) {
      await this.paste.read();
      return null;
    }
    let renewed: Account | null = null;
    await this.replacing.run(
      () => this.#call('accounts.replaceCredentials', { id: this.#accountId, pasteId: ready.pasteId }),
      (account) => (renewed = account),
    );
    return renewed;
  }

  /** Goes back to pasting another text. */
  pasteAgain(): void {
    this.replacing.failure = null;
    this.paste.open = true;
  }
}
