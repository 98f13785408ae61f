import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Session } from '../../accounts/sts/credentials.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';

/**
 * What signs a link. With `renew` an account with a role gets a session that lives as long as the link is to, though not
 * longer than OSS allows any; else the account's own, fresh enough where it can be renewed.
 * @throws WaybillError what STS said, such as a duration over the role's maximum
 */
export async function sessionForLink(
  accounts: Accounts,
  accountId: string,
  { seconds, renew }: { readonly seconds: number; readonly renew: boolean },
): Promise<Session> {
  const { role } = accounts.get(accountId);
  if (!renew || role === null) return accounts.session(accountId, seconds * 1000);
  const { roleArn, sessionName, externalId } = role;
  const durationSeconds = renewedSeconds(seconds);
  return accounts.assume(accountId, { roleArn, sessionName, durationSeconds, externalId: externalId ?? undefined });
}

/** When the session that sessionForLink() would give ends, without asking STS for one that is to be renewed. */
export async function sessionEndForLink(
  accounts: Accounts,
  account: Account,
  { seconds, renew }: { readonly seconds: number; readonly renew: boolean },
): Promise<Session['validUntil']> {
  if (renew && account.role !== null) return accounts.serverNow(account.id) + renewedSeconds(seconds) * 1000;
  return (await accounts.session(account.id, seconds * 1000)).validUntil;
}

/** Exactly as asked: a second more could be over the role's maximum. */
function renewedSeconds(seconds: number): number {
  return Math.max(MIN_SESSION_SECONDS, Math.min(Math.ceil(seconds), MAX_SESSION_SECONDS));
}
