import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { none } from './fields.ts';

const passphrase = z.string().min(1).max(1000);

/** Arguments of the calls about the lock. A locked window answers only `state`, `unlock` and `giveUp`. */
export const lockCalls = {
  'lock.state': none,
  'lock.enable': z.strictObject({ passphrase }),
  'lock.now': none,
  'lock.unlock': z.strictObject({ passphrase }),
  'lock.giveUp': none,
} satisfies Record<keyof LockResults, z.ZodType>;

/** Results of the calls about the lock. */
export interface LockResults {
  /** Returns whether the window is locked, and what the lock screen shows. */
  'lock.state': LockState;
  /** Sets the passphrase that unlocks the window. Fails with `input` for a short one, or with `keychain`. */
  'lock.enable': null;
  /** Locks the window and reloads the page; does nothing if no lock is set up. */
  'lock.now': null;
  /** Unlocks the window and reloads the page. Fails with `input` for a wrong passphrase or one too soon after it. */
  'lock.unlock': null;
  /** Forgets all accounts, their secrets and the stored link URLs, then unlocks. */
  'lock.giveUp': null;
}

/** What the lock screen needs to know. */
export interface LockState extends Pick<Settings, 'locale' | 'theme'> {
  readonly locked: boolean;
  readonly systemLocale: string;
}
