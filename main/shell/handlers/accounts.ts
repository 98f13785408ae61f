import type { Account, AccountDraft } from '../../accounts/account.ts';
import type { PracticeServer } from '../../practice/server.ts';
import { setupGuide } from '../../accounts/sts/setup-guide.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { readSent } from '../security/read-sent.ts';

type AccountCalls = Extract<keyof Handlers, `accounts.${string}`>;

/** Answers the calls about accounts. `practice` starts the practice server unless it is running. */
export function accountHandlers(
  { accounts, cdnDomains, pasted, queue }: Pick<Core, 'accounts' | 'cdnDomains' | 'pasted' | 'queue'>,
  practice: () => Promise<PracticeServer>,
  paths: GrantedPaths,
  confirm: (before: Account | null, draft: AccountDraft) => Promise<void>,
): Pick<Handlers, AccountCalls> {
  return {
    'accounts.list': () => accounts.list(),
    'accounts.keychain': () => accounts.keychainStatus(),
    'accounts.add': async ({ draft, pasteId }) => {
      const filled = pasted.fill(draft, pasteId);
      await confirm(null, filled);
      const findings = await accounts.check(filled);
      return accounts.add(filled, findings);
    },
    'accounts.update': async ({ id, draft, pasteId }) => {
      const filled = pasted.fill(draft, pasteId);
      await confirm(accounts.get(id), filled);
      const findings = await accounts.check(filled, id);
      const account = await accounts.update(id, filled, findings);
      queue.credentialsRenewed(id);
      return account;
    },
    'accounts.remove': async ({ id }) => {
      // First: with the account gone, nothing would lead to its keys any more.
      await cdnDomains.removeAccount(id);
      await accounts.remove(id);
      return null;
    },
    'accounts.openPractice': async () => accounts.openPractice(await practice()),
    'accounts.useEnvironment': () => accounts.useEnvironment(),
    'accounts.profiles': () => accounts.profiles(),
    'accounts.identity': ({ id }) => accounts.access(id).identity(),
    'accounts.readAgain': async ({ id }) => {
      await accounts.readAgain(id);
      queue.credentialsRenewed(id);
      return null;
    },
    'accounts.readPasted': async (sent) => pasted.read(await readSent(sent, paths)),
    'accounts.replaceCredentials': async ({ id, pasteId }) => {
      const { validUntil, ...key } = pasted.get(pasteId);
      const account = await accounts.replaceCredentials(id, key, validUntil);
      queue.credentialsRenewed(id);
      return account;
    },
    'accounts.setupGuide': async ({ accountId, ...values }) => {
      const alibabaAccountId = accountId === null ? null : await accounts.access(accountId).alibabaAccountId();
      return setupGuide({ ...values, alibabaAccountId });
    },
  };
}
