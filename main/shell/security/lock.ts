import { setTimeout as delay } from 'node:timers/promises';
import type { Keychain } from '../../accounts/keychain.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import type { Settings, SettingsPatch } from '../../settings.ts';
import { Turns } from '../../local-files/turns.ts';
import type { SettingsStore } from '../settings-store.ts';
import { checkPassphrase } from '../../accounts/passphrases/strength.ts';
import { createVerifier, isOutdated, verifies } from './passphrase-verifier.ts';

/** The ID in the keychain under which nothing stays; no account uses it, nor those of `idsOf()`. */
const PROBE_ID = 'lock-probe';

/** Where the keychain holds a lock's verifier and its failed attempts. */
interface LockIds {
  readonly verifier: string;
  readonly attempts: string;
}

/** All profiles of a user share one keychain, but each has a lock of its own. `profile` is '' for the usual one. */
function idsOf(profile: string): LockIds {
  return { verifier: `lock${profile}`, attempts: `lock-attempts${profile}` };
}

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
  /** The ID of the profile, as for lockAtStart(). */
  readonly profile?: string;
  /** Turns on the setting of a lock that turned out to be set up. Must not reject. */
  readonly restore?: () => Promise<void>;
  /** A clock that never goes back, in milliseconds: the system's can be set. */
  readonly now?: () => number;
}

/** The app lock: whether the windows are locked, and the passphrase that unlocks them. */
export class Lock {
  readonly #keychain: LockOptions['keychain'];
  readonly #ids: LockIds;
  readonly #restore: () => Promise<void>;
  readonly #now: () => number;
  /** What writes or deletes the verifier: one that is renewed must not come back once it was deleted. */
  readonly #writes = new Turns();
  readonly #listeners = new Set<(locked: boolean) => void>();
  #isLocked: boolean;
  readonly #forgetters: (() => void)[] = [];
  #isSetUp: boolean;
  #failedAttempts = 0;
  #earlier: Promise<void> | null = null;
  #nextAttemptAt = 0;

  constructor({
    keychain,
    startsLocked,
    profile = '',
    restore = () => Promise.resolve(),
    now = () => performance.now(),
  }: LockOptions) {
    this.#keychain = keychain;
    this.#ids = idsOf(profile);
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

  /** Calls `forget` when someone gives up the passphrase: it drops what is secret or private in memory. */
  onGivenUp(forget: () => void): void {
    this.#forgetters.push(forget);
  }

  /** Replaces the passphrase. @throws WaybillError `input` if it is weak, `keychain` if it can't be stored */
  async setPassphrase(passphrase: string): Promise<void> {
    checkPassphrase(passphrase, 'lock');
    await this.#writes.run(() => this.#store(passphrase));
    this.#isSetUp = true;
  }

  async #store(passphrase: string): Promise<void> {
    await this.#keychain.setText(this.#ids.verifier, await createVerifier(passphrase));
  }

  /** A verifier that an earlier version made is cheaper to guess, and only now is its passphrase at hand. */
  #renew(outdated: string, passphrase: string): Promise<void> {
    return this.#writes.run(async () => {
      if ((await this.#keychain.getText(this.#ids.verifier)) === outdated) await this.#store(passphrase);
    });
  }

  #forgetPassphrase(): Promise<void> {
    return this.#writes.run(() => this.#keychain.delete(this.#ids.verifier));
  }

  lock(): void {
    this.#change(true);
  }

  /**
   * Unlocks the app. After FREE_ATTEMPTS failures the delay doubles with each further one. A start counts on, and begins
   * the delay again: how long Waybill was closed, only a clock could tell that anyone can set.
   * @throws WaybillError `input` for a wrong passphrase or during the delay, `keychain` if the verifier can't be read
   */
  async unlock(passphrase: string): Promise<void> {
    await this.#addEarlierAttempts();
    const waitMs = this.#nextAttemptAt - this.#now();
    if (waitMs > 0) {
      const limit = String(Math.ceil(waitMs / 1000));
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-wait', limit });
    }
    // Count the attempt before checking it, so that concurrent attempts count too.
    this.#failedAttempts += 1;
    this.#delayNext(this.#failedAttempts);
    await this.#keychain.setText(this.#ids.attempts, String(this.#failedAttempts)).catch(() => undefined);
    const verifier = await readText(this.#keychain, this.#ids.verifier);
    // A missing or damaged verifier never unlocks: otherwise deleting it would bypass the lock.
    const isRight = verifier === null ? !this.#isSetUp : (await verifies(verifier, passphrase)) === true;
    if (!isRight) throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
    if (verifier !== null && !this.#isSetUp) {
      this.#isSetUp = true;
      await this.#restore();
    }
    if (verifier !== null && isOutdated(verifier)) await this.#renew(verifier, passphrase).catch(() => undefined);
    await this.#forgetAttempts();
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
    if (isTurnedOff && settings.isSaved) await this.#forgetPassphrase().catch(() => undefined);
    return current;
  }

  /**
   * Unlocks without the passphrase, turns the lock off, and deletes the passphrase if the file says so. The caller must have
   * removed what the lock protects. @throws WaybillError `file`, or `keychain` while that is locked
   */
  async giveUp(settings: SettingsStore): Promise<void> {
    for (const forget of this.#forgetters) forget();
    await settings.set({ lockAfterMinutes: null, lastAccountId: null, bookmarks: [], recentPlaces: [] });
    if (settings.isSaved) await this.#forgetPassphrase();
    await this.#forgetAttempts();
    this.#change(false);
  }

  /** Counts those of earlier runs, once, however many calls wait for it. @throws WaybillError `keychain` */
  #addEarlierAttempts(): Promise<void> {
    this.#earlier ??= this.#readEarlierAttempts().catch((error: unknown) => {
      this.#earlier = null;
      throw error;
    });
    return this.#earlier;
  }

  async #readEarlierAttempts(): Promise<void> {
    const text = (await readText(this.#keychain, this.#ids.attempts)) ?? '';
    this.#failedAttempts = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    this.#delayNext(this.#failedAttempts);
  }

  #delayNext(failedAttempts: number): void {
    const doublings = failedAttempts - FREE_ATTEMPTS;
    if (doublings >= 0) this.#nextAttemptAt = this.#now() + Math.min(1000 * 2 ** doublings, MAX_WAIT_MS);
  }

  async #forgetAttempts(): Promise<void> {
    this.#failedAttempts = 0;
    this.#nextAttemptAt = 0;
    await this.#keychain.delete(this.#ids.attempts).catch(() => undefined);
  }

  #change(locked: boolean): void {
    if (this.#isLocked === locked) return;
    this.#isLocked = locked;
    for (const listener of this.#listeners) listener(locked);
  }
}

/**
 * A text of the keychain; null if there surely is none. A locked Secret Service also reports "not found", and only a
 * write reveals that it is locked. The write may have unlocked it, so ask again. @throws WaybillError `keychain`
 */
async function readText(keychain: LockOptions['keychain'], id: string): Promise<string | null> {
  const text = await keychain.getText(id);
  if (text !== null) return text;
  await keychain.delete(PROBE_ID);
  return keychain.getText(id);
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
  const { verifier } = idsOf(profile);
  const restore = async (): Promise<void> => {
    await settings.set({ lockAfterMinutes: LOST_MINUTES }).catch(() => undefined);
  };
  if (settings.current.lockAfterMinutes !== null) return new Lock({ keychain, startsLocked: true, profile });
  const isLost = settings.troubles.length > 0;
  const asked = isLost ? isSetUp(keychain, verifier) : isSurelySetUp(keychain, verifier);
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
async function isSurelySetUp(keychain: Keychain, id: string): Promise<boolean> {
  return keychain.getText(id).then(
    (verifier) => verifier !== null,
    () => false,
  );
}

async function isSetUp(keychain: Keychain, id: string): Promise<boolean | 'perhaps'> {
  try {
    return (await readText(keychain, id)) !== null;
  } catch (error) {
    const failure = toFailure(error);
    return failure.kind === 'keychain' && failure.reason === 'absent' ? false : 'perhaps';
  }
}
