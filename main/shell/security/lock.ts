import type { Keychain } from '../../accounts/keychain.ts';
import { WaybillError } from '../../failure.ts';
import { makeVerifier, verifies } from './passphrase-verifier.ts';

/** The verifier's ID in the keychain; no account has it. */
const VERIFIER_ID = 'lock';

/** Characters of a passphrase at least. */
const MIN_CHARACTERS = 8;

/** Wrong tries that cost nothing, and the longest wait after more of them, in milliseconds. */
const FREE_TRIES = 3;
const LONGEST_WAIT_MS = 60_000;

/** What Lock works with. */
export interface LockOptions {
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  /** Where a lock was set up, a start begins locked: else a restart would open it. */
  readonly startsLocked: boolean;
  readonly now?: () => number;
}

/** Whether the window is shut to whoever sits before it, and what opens it. */
export class Lock {
  readonly #keychain: LockOptions['keychain'];
  readonly #now: () => number;
  readonly #listeners = new Set<(locked: boolean) => void>();
  #isLocked: boolean;
  #wrongTries = 0;
  #nextTryAt = 0;

  constructor({ keychain, startsLocked, now = Date.now }: LockOptions) {
    this.#keychain = keychain;
    this.#isLocked = startsLocked;
    this.#now = now;
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Calls `listener` each time it is locked or unlocked. */
  onChange(listener: (locked: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** What opens it from now on. @throws WaybillError `input` for a short one, `keychain` where none can be kept */
  async setPassphrase(passphrase: string): Promise<void> {
    if (passphrase.length < MIN_CHARACTERS) {
      const limit = String(MIN_CHARACTERS);
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'passphrase-too-short', limit });
    }
    await this.#keychain.setText(VERIFIER_ID, await makeVerifier(passphrase));
  }

  lock(): void {
    this.#change(true);
  }

  /**
   * Opens it. After a few wrong tries each further one has to wait longer.
   * @throws WaybillError `input` for a wrong passphrase or one too soon, `keychain` while the verifier cannot be read
   */
  async unlock(passphrase: string): Promise<void> {
    const waitMs = this.#nextTryAt - this.#now();
    if (waitMs > 0) {
      const limit = String(Math.ceil(waitMs / 1000));
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-wait', limit });
    }
    // Before the answer is known: tries at the same time are tries.
    this.#wrongTries += 1;
    const doublings = this.#wrongTries - FREE_TRIES;
    if (doublings >= 0) this.#nextTryAt = this.#now() + Math.min(1000 * 2 ** doublings, LONGEST_WAIT_MS);
    const verifier = await this.#keychain.getText(VERIFIER_ID);
    // A verifier that is gone or damaged opens nothing: else whoever can take it away would be let in.
    if (verifier === null || (await verifies(verifier, passphrase)) !== true) {
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
    }
    this.#open();
  }

  /** Opens it for whoever gave up what it kept shut, and forgets the passphrase. */
  async giveUp(): Promise<void> {
    await this.#keychain.delete(VERIFIER_ID);
    this.#open();
  }

  #open(): void {
    this.#wrongTries = 0;
    this.#nextTryAt = 0;
    this.#change(false);
  }

  #change(locked: boolean): void {
    if (this.#isLocked === locked) return;
    this.#isLocked = locked;
    for (const listener of this.#listeners) listener(locked);
  }
}
