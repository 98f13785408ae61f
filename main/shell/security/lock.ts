import type { Keychain } from '../../accounts/keychain.ts';
import { WaybillError } from '../../failure.ts';
import { createVerifier, verifies } from './passphrase-verifier.ts';

/** ID of the verifier in the keychain; no account uses it. */
const VERIFIER_ID = 'lock';

/** Minimum length of a passphrase, in characters. */
const MIN_CHARACTERS = 8;

/** Failed attempts without a delay, and the longest delay after further ones, in milliseconds. */
const FREE_ATTEMPTS = 3;
const MAX_WAIT_MS = 60_000;

/** Dependencies of Lock. */
export interface LockOptions {
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  /** True if a lock is set up; otherwise a restart would unlock the app. */
  readonly startsLocked: boolean;
  readonly now?: () => number;
}

/** The app lock: whether the windows are locked, and the passphrase that unlocks them. */
export class Lock {
  readonly #keychain: LockOptions['keychain'];
  readonly #now: () => number;
  readonly #listeners = new Set<(locked: boolean) => void>();
  #isLocked: boolean;
  #failedAttempts = 0;
  #nextAttemptAt = 0;

  constructor({ keychain, startsLocked, now = Date.now }: LockOptions) {
    this.#keychain = keychain;
    this.#isLocked = startsLocked;
    this.#now = now;
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Calls `listener` on each change between locked and unlocked. */
  onChange(listener: (locked: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Replaces the passphrase. @throws WaybillError `input` if it is too short, `keychain` if it can't be stored */
  async setPassphrase(passphrase: string): Promise<void> {
    if (passphrase.length < MIN_CHARACTERS) {
      const limit = String(MIN_CHARACTERS);
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'passphrase-too-short', limit });
    }
    await this.#keychain.setText(VERIFIER_ID, await createVerifier(passphrase));
  }

  lock(): void {
    this.#change(true);
  }

  /**
   * Unlocks the app. After FREE_ATTEMPTS failures the delay doubles with each further one.
   * @throws WaybillError `input` for a wrong passphrase or during the delay, `keychain` if the verifier can't be read
   */
  async unlock(passphrase: string): Promise<void> {
    const waitMs = this.#nextAttemptAt - this.#now();
    if (waitMs > 0) {
      const limit = String(Math.ceil(waitMs / 1000));
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-wait', limit });
    }
    // Count the attempt before checking it, so that concurrent attempts count too.
    this.#failedAttempts += 1;
    const doublings = this.#failedAttempts - FREE_ATTEMPTS;
    if (doublings >= 0) this.#nextAttemptAt = this.#now() + Math.min(1000 * 2 ** doublings, MAX_WAIT_MS);
    const verifier = await this.#keychain.getText(VERIFIER_ID);
    // A missing or damaged verifier never unlocks: otherwise deleting it would bypass the lock.
    if (verifier === null || (await verifies(verifier, passphrase)) !== true) {
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
    }
    this.#setUnlocked();
  }

  /** Unlocks without the passphrase and deletes it. The caller must have removed what the lock protects. */
  async giveUp(): Promise<void> {
    await this.#keychain.delete(VERIFIER_ID);
    this.#setUnlocked();
  }

  #setUnlocked(): void {
    this.#failedAttempts = 0;
    this.#nextAttemptAt = 0;
    this.#change(false);
  }

  #change(locked: boolean): void {
    if (this.#isLocked === locked) return;
    this.#isLocked = locked;
    for (const listener of this.#listeners) listener(locked);
  }
}
