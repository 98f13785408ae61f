import { setTimeout as delay } from 'node:timers/promises';
import type { Keychain } from '../../accounts/keychain.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import type { Settings, SettingsPatch } from '../../settings.ts';
import { LockPassphrase } from '../../accounts/passphrases/lock-passphrase.ts';
import type { SettingsStore } from '../settings-store.ts';

/** Dependencies of Lock. */
export interface LockOptions {
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  /**
   * True if a lock is set up; otherwise a restart would unlock the app. `perhaps`: nobody can say, so it starts locked, and
   * a keychain that turns out to have no verifier unlocks it.
   */
  readonly startsLocked: boolean | 'perhaps';
  /** The ID of the profile, as for lockAtStart(). */
  readonly profile?: string;
  /** Turns on the setting of a lock that turned out to be set up. Must not reject. */
  readonly restore?: () => Promise<void>;
  /** A clock that never goes back, in milliseconds: the system's can be set. */
  readonly now?: () => number;
}

/** The app lock: whether the windows are locked, and the passphrase that unlocks them. */
export class Lock {
  readonly #passphrase: LockPassphrase;
  readonly #restore: () => Promise<void>;
  readonly #listeners = new Set<(locked: boolean) => void>();
  #isLocked: boolean;
  readonly #forgetters: (() => void)[] = [];
  #isSetUp: boolean;

  constructor({
    keychain,
    startsLocked,
    profile = '',
    restore = () => Promise.resolve(),
    now = () => performance.now(),
  }: LockOptions) {
    this.#passphrase = new LockPassphrase({ keychain, profile, now });
    this.#restore = restore;
    this.#isLocked = startsLocked !== false;
    this.#isSetUp = startsLocked !== 'perhaps';
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Calls `listener` on each change between locked and unlocked. */
  onChange(listener: (locked: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Calls `forget` when someone gives up the passphrase: it drops what is secret or private in memory. */
  onGivenUp(forget: () => void): void {
    this.#forgetters.push(forget);
  }

  /** Replaces the passphrase. @throws WaybillError `input` if it is weak, `keychain` if it can't be stored */
  async setPassphrase(passphrase: string): Promise<void> {
    await this.#passphrase.set(passphrase);
    this.#isSetUp = true;
  }

  lock(): void {
    this.#change(true);
  }

  /**
   * Unlocks the app. Each attempt counts, as LockPassphrase says.
   * @throws WaybillError `input` for a wrong passphrase or during the delay, `keychain` if the verifier can't be read
   */
  async unlock(passphrase: string): Promise<void> {
    const answer = await this.#passphrase.check(passphrase);
    // A missing or damaged verifier never unlocks: otherwise deleting it would bypass the lock.
    const isRight = answer === 'right' || (answer === 'not-set' && !this.#isSetUp);
    if (!isRight) throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
    if (answer === 'right' && !this.#isSetUp) {
      this.#isSetUp = true;
      await this.#restore();
    }
    await this.#passphrase.forgetAttempts();
    this.#change(false);
  }

  /**
   * Changes settings. Once the file says that the lock is off, its passphrase is forgotten, unless the keychain is locked: a
   * newer version, whose settings stay as they are, still needs it. @throws WaybillError `file`
   */
  async changeSettings(settings: SettingsStore, patch: SettingsPatch): Promise<Settings> {
    const wasOn = settings.current.lockAfterMinutes !== null;
    const current = await settings.set(patch);
    const isTurnedOff = wasOn && current.lockAfterMinutes === null;
    if (isTurnedOff && settings.isSaved) await this.#passphrase.forget().catch(() => undefined);
    return current;
  }

  /**
   * Unlocks without the passphrase, turns the lock off, and deletes the passphrase if the file says so. The caller must have
   * removed what the lock protects. @throws WaybillError `file`, or `keychain` while that is locked
   */
  async giveUp(settings: SettingsStore): Promise<void> {
    for (const forget of this.#forgetters) forget();
    const places = { bookmarks: [], recentPlaces: [], sharePresets: [], lastPlace: null, dropFolder: null };
    await settings.set({ lockAfterMinutes: null, lastAccountId: null, ...places });
    if (settings.isSaved) await this.#passphrase.forget();
    await this.#passphrase.forgetAttempts();
    this.#change(false);
  }

  #change(locked: boolean): void {
    if (this.#isLocked === locked) return;
    this.#isLocked = locked;
    for (const listener of this.#listeners) listener(locked);
  }
}

/** Minutes without keyboard or mouse, where the setting is lost. */
const LOST_MINUTES = 5;

/** How long a start waits for the keychain, in milliseconds: no window is open yet, and it may be asking for a password. */
const START_WAIT_MS = 3000;

/** Options of lockAtStart(). */
export interface LockAtStart {
  /** Tells the profiles of a user apart; '' for the usual one. */
  readonly profile?: string;
  /** How long the keychain may take, in milliseconds. */
  readonly waitMs?: number;
}

/**
 * The lock as it is at a start. A passphrase in the keychain says that a lock was set up, whatever the settings say: they
 * are a file that can be changed or removed.
 */
export async function lockAtStart(
  settings: SettingsStore,
  keychain: Keychain,
  { profile = '', waitMs = START_WAIT_MS }: LockAtStart = {},
): Promise<Lock> {
  const passphrase = new LockPassphrase({ keychain, profile, now: () => performance.now() });
  const restore = async (): Promise<void> => {
    await settings.set({ lockAfterMinutes: LOST_MINUTES }).catch(() => undefined);
  };
  if (settings.current.lockAfterMinutes !== null) return new Lock({ keychain, startsLocked: true, profile });
  const isLost = settings.troubles.length > 0;
  const asked = isLost ? isSetUp(passphrase) : isSurelySetUp(passphrase);
  const answer = await Promise.race([asked, delay(waitMs, 'late' as const, { ref: false })]);
  const startsLocked = answer === 'late' ? (isLost ? 'perhaps' : false) : answer;
  if (startsLocked === true) await restore();
  const lock = new Lock({ keychain, startsLocked, profile, restore });
  if (answer === 'late' && !isLost) void lockOnceKnown(lock, asked, restore);
  return lock;
}

/** Locks as soon as a slow keychain says that there is a passphrase. */
async function lockOnceKnown(lock: Lock, asked: Promise<boolean | 'perhaps'>, restore: () => Promise<void>) {
  if ((await asked) !== true) return;
  lock.lock();
  await restore();
}

/** Where settings say that there is no lock, a keychain that doesn't answer isn't asked again: it gives no secrets either. */
async function isSurelySetUp(passphrase: LockPassphrase): Promise<boolean> {
  return passphrase.isStored().catch(() => false);
}

async function isSetUp(passphrase: LockPassphrase): Promise<boolean | 'perhaps'> {
  try {
    return await passphrase.isSurelyStored();
  } catch (error) {
    const failure = toFailure(error);
    return failure.kind === 'keychain' && failure.reason === 'absent' ? false : 'perhaps';
  }
}
