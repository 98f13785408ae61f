import { app } from 'electron';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';

type LockCalls = Extract<keyof Handlers, `lock.${string}`>;

/** Answers the calls about the app lock. */
export function lockHandlers({ accounts, ledger, lock, settings }: Core): Pick<Handlers, LockCalls> {
  return {
    'lock.state': () => {
      const { locale, theme } = settings.current;
      return { locked: lock.isLocked, locale, theme, systemLocale: app.getLocale() };
    },
    'lock.enable': async ({ passphrase }) => {
      await lock.setPassphrase(passphrase);
      return null;
    },
    'lock.now': () => {
      if (settings.current.lockAfterMinutes !== null) lock.lock();
      return null;
    },
    'lock.unlock': async ({ passphrase }) => {
      await lock.unlock(passphrase);
      return null;
    },
    'lock.giveUp': async () => {
      for (const { id } of accounts.list()) await accounts.remove(id);
      for (const { id, urlKept } of ledger.all()) if (urlKept) await ledger.deleteUrl(id);
      await lock.giveUp(settings);
      return null;
    },
  };
}
