import { checkRevocations } from '../links/check-revocations.ts';
import type { Core } from './core.ts';

/** How often policies of buckets are compared with the ledger, in milliseconds. Most of the time there is none to ask for. */
const EVERY_MS = 10 * 60_000;

/**
 * Compares what the ledger says is revoked with the policies of buckets: now, each time the app is unlocked, and every ten
 * minutes. A revocation during which Waybill was closed is finished this way, and statements about expired links are removed.
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
