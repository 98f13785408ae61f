import type { Accounts } from '../../accounts/accounts.ts';
import type { PracticeServer } from '../../practice/server.ts';
import type { TransferQueue } from '../../transfers/queue.ts';
import type { Handlers } from '../ipc.ts';

type AccountCalls = Extract<keyof Handlers, `accounts.${string}`>;

/** The accounts, as the renderer may use them. `practice` starts the practice server where it does not run yet. */
export function accountHandlers(
  accounts: Accounts,
  queue: TransferQueue,
  practice: () => Promise<PracticeServer>,
): Pick<Handlers, AccountCalls> {
  return {
    'accounts.list': () => accounts.list(),
    'accounts.add': async ({ draft }) => {
      await accounts.check(draft);
      return accounts.add(draft);
    },
    'accounts.update': async ({ id, draft }) => {
      await accounts.check(draft, id);
      const account = await accounts.update(id, draft);
      // What waited for working credentials goes on.
      resumeBlocked(queue, id);
      return account;
    },
    'accounts.remove': async ({ id }) => {
      await accounts.remove(id);
      return null;
    },
    'accounts.openPractice': async () => accounts.openPractice(await practice()),
    'accounts.useEnvironment': () => accounts.useEnvironment(),
  };
}

function resumeBlocked(queue: TransferQueue, accountId: string): void {
  const blocked = queue
    .list()
    .filter(
      ({ accountId: owner, state }) => owner === accountId && state.at === 'blocked' && state.need === 'credentials',
    );
  queue.resume(blocked.map(({ id }) => id));
}
