import type { Accounts } from '../../accounts/accounts.ts';
import { measurePrefix, searchKeys } from '../../browsing/scan.ts';
import type { Handlers } from '../ipc.ts';

type BrowsingCalls = 'objects.search' | 'objects.measure';

/** What takes looking through a whole prefix. */
export function browsingHandlers(accounts: Accounts): Pick<Handlers, BrowsingCalls> {
  return {
    'objects.search': ({ accountId, text, ...start }) =>
      accounts.run(accountId, start.bucket, (connection) => searchKeys(connection, start, text)),
    'objects.measure': ({ accountId, ...start }) =>
      accounts.run(accountId, start.bucket, (connection) => measurePrefix(connection, start)),
  };
}
