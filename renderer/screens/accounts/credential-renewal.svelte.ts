import type { Account } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { CredentialPaste } from './credential-paste.svelte.ts';

/** New credentials for an account whose old ones expired: pasted, tried, and saved in their place. */
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

  /** The credentials that were read and are to be used; null while a text is still to be pasted. */
  readonly ready = $derived.by(() => (this.paste.open ? null : this.paste.chosen));

  /** Reads what was typed, or uses what was read. Gives the account once it has the new credentials. */
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

  /** Another text in place of the one that was read. */
  pasteAgain(): void {
    this.replacing.failure = null;
    this.paste.open = true;
  }
}
