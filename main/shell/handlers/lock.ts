import { app } from 'electron';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';

type LockCalls = Extract<keyof Handlers, `lock.${string}`>;

/** Answers the calls about the app lock. */
export function lockHandlers({
  accounts,
  cdnDomains,
  ledger,
  lock,
  network,
  queue,
  settings,
}: Pick<Core, 'accounts' | 'cdnDomains' | 'ledger' | 'lock' | 'network' | 'queue' | 'settings'>): Pick<
  Handlers,
  LockCalls
> {
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
      await queue.forget();
      await cdnDomains.removeAll();
      for (const { id } of accounts.list()) await accounts.remove(id);
      await ledger.clear();
      await network.setPassword(null);
      // Last: it unlocks, and what comes before may fail while the keychain is locked.
      await lock.giveUp(settings);
      return null;
    },
  };
}
