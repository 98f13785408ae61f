import { z } from 'zod';
import type { Settings } from '../settings.ts';

const passphrase = z.string().min(1).max(1000);

/** Calls about the lock of the window. While it is locked these are the only ones that are answered. */
export const lockCalls = {
  'lock.state': z.strictObject({}),
  'lock.enable': z.strictObject({ passphrase }),
  'lock.now': z.strictObject({}),
  'lock.unlock': z.strictObject({ passphrase }),
  'lock.giveUp': z.strictObject({}),
} satisfies Record<keyof LockResults, z.ZodType>;

/** What they give back. */
export interface LockResults {
  'lock.state': LockState;
  /** This passphrase opens it from now on. */
  'lock.enable': null;
  /** The page is loaded anew, locked; nothing happens where no lock is set up. */
  'lock.now': null;
  /** The page is loaded anew. */
  'lock.unlock': null;
  /** Forgets all accounts, their secrets and the links that were kept, then opens. */
  'lock.giveUp': null;
}

/** What the lock screen needs to know. */
export interface LockState extends Pick<Settings, 'locale' | 'theme'> {
  readonly locked: boolean;
  readonly systemLocale: string;
}
