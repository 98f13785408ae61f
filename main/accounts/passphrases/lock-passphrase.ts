import { createHash } from 'node:crypto';
import { WaybillError } from '../../failure.ts';
import { Turns } from '../../local-files/turns.ts';
import type { Keychain } from '../keychain.ts';
import { checkPassphrase } from './strength.ts';
import { createVerifier, isOutdated, verifies } from './verifier.ts';

/** The ID in the keychain under which nothing stays; no account uses it, nor those of `idsOf()`. */
const PROBE_ID = 'lock-probe';

/** Where the keychain holds a lock's verifier and its failed attempts. */
interface LockIds {
  readonly verifier: string;
  readonly attempts: string;
}

/** All profiles of a user share one keychain, but each has a lock of its own. */
function idsOf(profile: string): LockIds {
  return { verifier: `lock${profile}`, attempts: `lock-attempts${profile}` };
}

/** The profile of a folder of state that `--user-data-dir` names; the usual folder's is ''. */
export function lockProfileOf(userData: string): string {
  return `-${createHash('sha256').update(userData).digest('hex').slice(0, 16)}`;
}

/** Failed attempts without a delay, and the longest delay after further ones, in milliseconds. */
const FREE_ATTEMPTS = 3;
const MAX_WAIT_MS = 60_000;

/** Dependencies of LockPassphrase. */
export interface LockPassphraseOptions {
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  /** Tells the profiles of a user apart; '' for the usual one. */
  readonly profile: string;
  /** A clock that never goes back, in milliseconds: the system's can be set. */
  readonly now: () => number;
}

/** What a passphrase turned out to be; `not-set`: there is certainly none to compare it with. */
type Answer = 'right' | 'wrong' | 'not-set';

/** The passphrase of the app lock, in the keychain: what it is compared with, and how often it was typed wrong. */
export class LockPassphrase {
  readonly #keychain: LockPassphraseOptions['keychain'];
  readonly #ids: LockIds;
  readonly #now: () => number;
  /** What writes or deletes the verifier: one that is renewed must not come back once it was deleted. */
  readonly #writes = new Turns();
  #failedAttempts = 0;
  #earlier: Promise<void> | null = null;
  #nextAttemptAt = 0;

  constructor({ keychain, profile, now }: LockPassphraseOptions) {
    this.#keychain = keychain;
    this.#ids = idsOf(profile);
    this.#now = now;
  }

  /** Whether there is one, as far as an unlocked keychain tells. @throws WaybillError `keychain` */
  async isStored(): Promise<boolean> {
    return (await this.#keychain.getText(this.#ids.verifier)) !== null;
  }

  /** As isStored(), but sure of it where the keychain may be locked. @throws WaybillError `keychain` */
  async isSurelyStored(): Promise<boolean> {
    return (await this.#read(this.#ids.verifier)) !== null;
  }

  /** Replaces the passphrase. @throws WaybillError `input` if it is weak, `keychain` if it can't be stored */
  async set(passphrase: string): Promise<void> {
    checkPassphrase(passphrase, 'lock');
    await this.#writes.run(() => this.#store(passphrase));
  }

  /** @throws WaybillError `keychain` while that is locked */
  forget(): Promise<void> {
    return this.#writes.run(() => this.#keychain.delete(this.#ids.verifier));
  }

  /** How long until the next attempt counts, in milliseconds. @throws WaybillError `keychain` */
  async waitMs(): Promise<number> {
    await this.#addEarlierAttempts();
    return this.#leftMs();
  }

  /**
   * Compares a passphrase. After FREE_ATTEMPTS failures the delay doubles with each further one. A start counts on, and
   * begins the delay again: how long the program was closed, only a clock could tell that anyone can set.
   * @throws WaybillError `input` during the delay, `keychain` if the verifier can't be read
   */
  async check(passphrase: string): Promise<Answer> {
    await this.#addEarlierAttempts();
    // Nothing may come between this and the count.
    const waitMs = this.#leftMs();
    if (waitMs > 0) {
      const limit = String(Math.ceil(waitMs / 1000));
      throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-wait', limit });
    }
    // Count the attempt before checking it, so that concurrent attempts count too.
    this.#failedAttempts += 1;
    this.#delayNext(this.#failedAttempts);
    await this.#keychain.setText(this.#ids.attempts, String(this.#failedAttempts)).catch(() => undefined);
    const verifier = await this.#read(this.#ids.verifier);
    if (verifier === null) return 'not-set';
    if ((await verifies(verifier, passphrase)) !== true) return 'wrong';
    if (isOutdated(verifier)) await this.#renew(verifier, passphrase).catch(() => undefined);
    return 'right';
  }

  /** Once the lock is open, by whatever means. */
  async forgetAttempts(): Promise<void> {
    this.#failedAttempts = 0;
    this.#nextAttemptAt = 0;
    await this.#keychain.delete(this.#ids.attempts).catch(() => undefined);
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

  /** Counts those of earlier runs, once, however many calls wait for it. @throws WaybillError `keychain` */
  #addEarlierAttempts(): Promise<void> {
    this.#earlier ??= this.#readEarlierAttempts().catch((error: unknown) => {
      this.#earlier = null;
      throw error;
    });
    return this.#earlier;
  }

  async #readEarlierAttempts(): Promise<void> {
    const text = (await this.#read(this.#ids.attempts)) ?? '';
    this.#failedAttempts = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    this.#delayNext(this.#failedAttempts);
  }

  #leftMs(): number {
    return Math.max(0, this.#nextAttemptAt - this.#now());
  }

  #delayNext(failedAttempts: number): void {
    const doublings = failedAttempts - FREE_ATTEMPTS;
    if (doublings >= 0) this.#nextAttemptAt = this.#now() + Math.min(1000 * 2 ** doublings, MAX_WAIT_MS);
  }

  /**
   * A text of the keychain; null if there is certainly none. A locked Secret Service also reports "not found", and only a
   * write reveals that it is locked. The write may have unlocked it, so ask again. @throws WaybillError `keychain`
   */
  async #read(id: string): Promise<string | null> {
    const text = await this.#keychain.getText(id);
    if (text !== null) return text;
    await this.#keychain.delete(PROBE_ID);
    return this.#keychain.getText(id);
  }
}
