import type { PasteCard, PastedAccount } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';

/** Why a pasted text gives nothing to fill a form with. */
type PasteProblem = 'nothing' | 'incomplete.accessKeyId' | 'incomplete.accessKeySecret';

/** A text with credentials in it. Their secrets go to main once, and stay there. */
export class CredentialPaste {
  readonly #call: typeof call;
  readonly #take: (pasted: PastedAccount) => void;

  open = $state(false);
  text = $state('');
  passphrase = $state('');
  readonly reading = new Attempt();
  /** Null before anything was read. */
  card = $state.raw<PasteCard | null>(null);
  /** The one of `found` that fills the form. */
  chosen = $state.raw<PastedAccount | null>(null);

  readonly found = $derived(this.card?.kind === 'found' ? this.card.found : []);
  /** The text is a grant of another Waybill's, which its passphrase opens. */
  readonly needsPassphrase = $derived(this.card?.kind === 'grant-code' && this.chosen === null);
  readonly problem = $derived.by((): PasteProblem | null => {
    if (this.card?.kind === 'nothing') return 'nothing';
    return this.card?.kind === 'incomplete' ? `incomplete.${this.card.missing}` : null;
  });

  /** `take` gets the credentials each time others are chosen. */
  constructor(callMain: typeof call, take: (pasted: PastedAccount) => void) {
    this.#call = callMain;
    this.#take = take;
  }

  /** Reads the text, or opens it where it is a code and its passphrase is there. */
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

  /** The answer about the text before doesn't count any more. */
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
