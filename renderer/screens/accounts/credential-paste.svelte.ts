import type { PasteCard, PastedAccount } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';

/** Why a pasted text can't fill the form. */
type PasteProblem = 'nothing' | 'incomplete.accessKeyId' | 'incomplete.accessKeySecret';

/** A text that contains credentials. Their secrets are sent to main once and stay there. */
export class CredentialPaste {
  readonly #call: typeof call;
  readonly #take: (pasted: PastedAccount) => void;

  open = $state(false);
  text = $state('');
  passphrase = $state('');
  readonly reading = new Attempt();
  /** Null until a text was read. */
  card = $state.raw<PasteCard | null>(null);
  /** The entry of `found` that fills the form. */
  chosen = $state.raw<PastedAccount | null>(null);

  readonly found = $derived(this.card?.kind === 'found' ? this.card.found : []);
  /** The text is a grant from another Waybill, encrypted with a passphrase. */
  readonly needsPassphrase = $derived(this.card?.kind === 'grant-code' && this.chosen === null);
  readonly problem = $derived.by((): PasteProblem | null => {
    if (this.card?.kind === 'nothing') return 'nothing';
    return this.card?.kind === 'incomplete' ? `incomplete.${this.card.missing}` : null;
  });

  /** `take` receives the credentials each time a choice is made. */
  constructor(callMain: typeof call, take: (pasted: PastedAccount) => void) {
    this.#call = callMain;
    this.#take = take;
  }

  /** Reads the text, or decrypts it if it is a grant code. */
  async read(): Promise<void> {
    const { text } = this;
    if (text.trim() === '' || this.reading.busy) return;
    if (this.needsPassphrase) {
      const { passphrase } = this;
      await this.reading.run(
        () => this.#call('grants.open', { text, passphrase }),
        (pasted) => this.choose(pasted),
      );
      return;
    }
    this.chosen = null;
    await this.reading.run(
      () => this.#call('accounts.readPasted', { text }),
      (card) => this.#show(card),
    );
  }

  choose(pasted: PastedAccount): void {
    this.chosen = pasted;
    this.open = false;
    this.forget();
    this.#take(pasted);
  }

  /** Discards the answer about the previous text. */
  typed(text: string): void {
    this.text = text;
    this.card = null;
    this.reading.drop();
  }

  forget(): void {
    this.text = '';
    this.passphrase = '';
  }

  #show(card: PasteCard): void {
    this.card = card;
    const [first] = this.found;
    if (first !== undefined) this.choose(first);
  }
}
