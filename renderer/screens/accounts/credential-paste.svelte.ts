import type { PasteCard, PastedAccount, PasteProblem } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { SentText } from '../../model/dialogs.svelte.ts';

/** A text or a file that contains credentials. Their secrets are sent to main once and stay there; a file's begin there. */
export class CredentialPaste {
  readonly #call: typeof call;
  readonly #take: (pasted: PastedAccount | null) => void;

  open = $state(false);
  text = $state('');
  /** A file that is read in place of the text. */
  path = $state.raw<string | null>(null);
  passphrase = $state('');
  readonly reading = new Attempt();
  /** Null until a text was read. */
  card = $state.raw<PasteCard | null>(null);
  /** The entry of `found` that fills the form. */
  chosen = $state.raw<PastedAccount | null>(null);

  readonly empty = $derived(this.text.trim() === '' && this.path === null);
  readonly found = $derived(this.card?.kind === 'found' ? this.card.found : []);
  /** The text is a grant from another Waybill, encrypted with a passphrase. */
  readonly needsPassphrase = $derived(this.card?.kind === 'grant-code' && this.chosen === null);
  /** What is wrong with credentials in the text, or why they were left out. */
  readonly problems = $derived.by((): readonly PasteProblem[] => {
    return this.card?.kind === 'found' || this.card?.kind === 'unusable' ? this.card.problems : [];
  });
  /** The variables that hold what isn't in the text itself. */
  readonly variables = $derived(this.card?.kind === 'unusable' ? this.card.variables : []);
  /** Why the text doesn't fill the form. */
  readonly problem = $derived.by((): PasteProblem | 'nothing' | null => {
    if (this.card?.kind === 'nothing') return 'nothing';
    return this.chosen === null ? (this.problems[0] ?? null) : null;
  });

  /** `take` receives the credentials each time a choice is made, and null when another text is read. */
  constructor(callMain: typeof call, take: (pasted: PastedAccount | null) => void) {
    this.#call = callMain;
    this.#take = take;
  }

  /** Asks for a file and reads it. */
  async pickFile(): Promise<void> {
    const [path] = await this.#call('dialogs.pickFiles', { what: 'credentials' });
    if (path !== undefined) await this.readSent({ path });
  }

  /** Reads a file or a text that came from outside the form. */
  async readSent(sent: SentText): Promise<void> {
    this.typed('text' in sent ? sent.text : '');
    this.passphrase = '';
    if ('path' in sent) this.path = sent.path;
    this.open = true;
    await this.read();
  }

  /** Reads the text or the file, or decrypts it if it is a grant code. */
  async read(): Promise<void> {
    if (this.empty || this.reading.busy) return;
    const { text, path } = this;
    const sent = path === null ? { text } : { path };
    if (this.needsPassphrase) {
      const { passphrase } = this;
      await this.reading.run(
        () => this.#call('grants.open', { ...sent, passphrase }),
        (pasted) => this.choose(pasted),
      );
      return;
    }
    this.chosen = null;
    this.#take(null);
    await this.reading.run(
      () => this.#call('accounts.readPasted', sent),
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
    this.path = null;
    this.card = null;
    this.reading.drop();
  }

  forget(): void {
    this.text = '';
    this.path = null;
    this.passphrase = '';
  }

  #show(card: PasteCard): void {
    this.card = card;
    const preferred = card.kind === 'found' && card.preferred !== null ? this.found[card.preferred] : undefined;
    if (preferred !== undefined) this.choose(preferred);
  }
}
