import type { Transfer } from '../../../main/contract/contract.ts';
import { call } from '../../lib/bridge.ts';
import { folderOf } from '../../lib/place.ts';
import type { App } from '../../model/app.ts';
import { reportTo } from '../../model/reporting.ts';
import type { TransferCommands } from './transfer-menu.ts';

/** What the menu of this transfer does. Failed calls become notifications. */
export function commandsOf({ id, accountId, bucket, key, direction }: Transfer, app: App): TransferCommands {
  const { accounts, browser, news } = app;
  const ids = [id];
  const run = (done: Promise<unknown>): void => void done.catch(reportTo(news));
  const account = direction === 'download' ? null : accounts.get(accountId);
  return {
    move: (where) => run(call('transfers.move', { ids, where })),
    prioritise: (priority) => run(call('transfers.prioritise', { ids, priority })),
    pause: () => run(call('transfers.pause', { ids })),
    resume: () => run(call('transfers.resume', { ids })),
    retry: () => run(call('transfers.retry', { ids })),
    cancel: () => run(call('transfers.cancel', { ids })),
    showFile: () => run(call('transfers.show', { id })),
    openFolder:
      account === null || bucket === null
        ? null
        : () => browser.open({ accountId: account.id, bucket, prefix: folderOf(key) }),
  };
}
