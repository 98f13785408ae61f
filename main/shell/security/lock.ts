import { setTimeout as delay } from 'node:timers/promises';
import type { Keychain } from '../../accounts/keychain.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import type { Settings, SettingsPatch } from '../../settings.ts';
import type { SettingsStore } from '../settings-store.ts';
import { createVerifier, verifies } from './passphrase-verifier.ts';

/** ID of the verifier in the keychain, and one under which nothing stays; no account uses them. */
const VERIFIER_ID = 'lock';
const PROBE_ID = 'lock-probe';

/** Minimum length of a passphrase, in characters. */
const MIN_CHARACTERS = 8;

/** Failed attempts without a delay, and the longest delay after further ones, in milliseconds. */
const FREE_ATTEMPTS = 3;
const MAX_WAIT_MS = 60_000;

/** Dependencies of Lock. */
export interface LockOptions {
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  /**
   * True if a lock is set up; otherwise a restart would unlock the app. `perhaps`: nobody can say, so it starts locked, and
   * a keychain that turns out to have no verifier unlocks it.
   */
  readonly startsLocked: boolean | 'perhaps';
  /** Turns on the setting of a lock that turned out to be set up. Must not reject. */
  readonly restore?: () => Promise<void>;
  readonly now?: () => number;
}

/** The app lock: whether the windows are locked, and the passphrase that unlocks them. */
export class Lock {
  readonly #keychain: LockOptions['keychain'];
  readonly #restore: () => Promise<void>;
  readonly #now: () => number;
  readonly #listeners = new Set<(locked: boolean) => void>();
  #isLocked: boolean;
  #isSetUp: boolean;
  #failedAttempts = 0;
  #nextAttemptAt = 0;

  constructor({ keychain, startsLocked, restore = () => Promise.resolve(), now = Date.now }: LockOptions) {
    this.#keychain = keychain;
    this.#restore = restore;
    this.#isLocked = startsLocked !== false;
    this.#isSetUp = startsLocked !== 'perhaps';
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
    this.#isSetUp = true;
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
    const verifier = await readVerifier(this.#keychain);
    // A missing or damaged verifier never unlocks: otherwise deleting it would bypass the lock.
    const isRight = verifier === null ? !this.#isSetUp : (await verifies(verifier, passphrase)) === true;
    if (!isRight) throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
    if (verifier !== null && !this.#isSetUp) {
      this.#isSetUp = true;
      await this.#restore();
    }
    this.#setUnlocked();
  }

  /**
   * Changes settings. Once the file says that the lock is off, its passphrase is forgotten, unless the keychain is locked: a
   * newer version, whose settings stay as they are, still needs it. @throws WaybillError `file`
   */
  async changeSettings(settings: SettingsStore, patch: SettingsPatch): Promise<Settings> {
    const wasOn = settings.current.lockAfterMinutes !== null;
    const current = await settings.set(patch);
    const isTurnedOff = wasOn && current.lockAfterMinutes === null;
    if (isTurnedOff && settings.isSaved) await this.#keychain.delete(VERIFIER_ID).catch(() => undefined);
    return current;
  }

  /**
   * Unlocks without the passphrase, turns the lock off, and deletes the passphrase if the file says so. The caller must have
   * removed what the lock protects. @throws WaybillError `file`, or `keychain` while that is locked
   */
  async giveUp(settings: SettingsStore): Promise<void> {
    await settings.set({ lockAfterMinutes: null, lastAccountId: null });
    if (settings.isSaved) await this.#keychain.delete(VERIFIER_ID);
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

/**
 * The verifier; null if there surely is none. A locked Secret Service also reports "not found", and only a write reveals
 * that it is locked. The write may have unlocked it, so ask again. @throws WaybillError `keychain`
 */
async function readVerifier(keychain: LockOptions['keychain']): Promise<string | null> {
  const verifier = await keychain.getText(VERIFIER_ID);
  if (verifier !== null) return verifier;
  await keychain.delete(PROBE_ID);
  return keychain.getText(VERIFIER_ID);
}

/** Minutes without keyboard or mouse, where the setting is lost. */
const LOST_MINUTES = 5;

/** How long a start waits for the keychain, in milliseconds: no window is open yet, and it may be asking for a password. */
const START_WAIT_MS = 3000;

/**
 * The lock as it is at a start. If the settings could not be read, a passphrase in the keychain says that it was set up, and
 * it is again. Without settings at all it is a first start, in whichever of several profiles share the keychain.
 */
export async function lockAtStart(settings: SettingsStore, keychain: Keychain, waitMs = START_WAIT_MS): Promise<Lock> {
  if (settings.troubles.length === 0)
    return new Lock({ keychain, startsLocked: settings.current.lockAfterMinutes !== null });
  const startsLocked = await Promise.race([isSetUp(keychain), delay(waitMs, 'perhaps' as const, { ref: false })]);
  const restore = async (): Promise<void> => {
    await settings.set({ lockAfterMinutes: LOST_MINUTES }).catch(() => undefined);
  };
  if (startsLocked === true) await restore();
  return new Lock({ keychain, startsLocked, restore });
}

async function isSetUp(keychain: Keychain): Promise<boolean | 'perhaps'> {
  try {
    return (await readVerifier(keychain)) !== null;
  } catch (error) {
    const failure = toFailure(error);
    return failure.kind === 'keychain' && failure.reason === 'absent' ? false : 'perhaps';
  }
}
