import { checkRevocations } from '../links/check-revocations.ts';
import type { Core } from './core.ts';

/** How often policies of buckets are compared with the ledger, in milliseconds. Most of the time there is none to ask for. */
const EVERY_MS = 10 * 60_000;

/**
 * Compares what the ledger says to be revoked with the policies of buckets: now, each time that the app is unlocked, and now and
 * then. So a revocation goes on that Waybill was closed in, and no statement is left of links that have expired.
 */
export function watchRevocations({
  accounts,
  ledger,
  policies,
  lock,
}: Pick<Core, 'accounts' | 'ledger' | 'policies' | 'lock'>): void {
  let running = Promise.resolve();
  const check = (): void => {
    running = running.then(async () => {
      if (!lock.isLocked) await checkRevocations({ accounts, ledger, editor: policies });
    });
  };
  lock.onChange(check);
  setInterval(check, EVERY_MS).unref();
  check();
}
