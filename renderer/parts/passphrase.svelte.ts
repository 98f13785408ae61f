import type { PassphraseStrength, PassphraseUse } from '../../main/contract/contract.ts';
import { Attempt } from '../lib/attempt.svelte.ts';
import type { call } from '../lib/bridge.ts';

/** A new passphrase: typed, or suggested by main, which judges it as well. */
export class Passphrase {
  readonly #use: PassphraseUse;
  readonly #call: typeof call;
  readonly #judging = new Attempt();
  readonly #suggesting = new Attempt();

  text = $state('');
  /** Typed a second time, where a slip would lock its owner out. */
  repeated = $state('');
  /** Null before main has answered. */
  strength = $state.raw<PassphraseStrength | null>(null);
  #suggested = $state<string | null>(null);
  /** Suggested words are shown: somebody has to write them down. What a person types isn't. */
  readonly isShown = $derived(this.#suggested !== null && this.text === this.#suggested);
  /** Suggested words were read on the screen. */
  readonly isRepeated = $derived(this.isShown || this.repeated === this.text);
  readonly isEnough = $derived(this.strength === 'fair' || this.strength === 'strong');
  readonly failure = $derived(this.#judging.failure ?? this.#suggesting.failure);

  constructor(use: PassphraseUse, callMain: typeof call) {
    this.#use = use;
    this.#call = callMain;
  }

  /** Has main judge what was typed. */
  async judge(): Promise<void> {
    const { text: passphrase } = this;
    if (passphrase === '') this.forget();
    else {
      await this.#judging.rerun(
        () => this.#call('passphrases.judge', { passphrase, use: this.#use }),
        (strength) => (this.strength = strength),
      );
    }
  }

  /** Has main choose words. */
  async suggest(): Promise<void> {
    const isNew = await this.#suggesting.run(
      () => this.#call('passphrases.suggest', { use: this.#use }),
      (words) => {
        this.text = words;
        this.#suggested = words;
      },
    );
    if (isNew) await this.judge();
  }

  forget(): void {
    this.text = '';
    this.repeated = '';
    this.strength = null;
    this.#suggested = null;
    this.#judging.drop();
  }
}
