import type { AssumedRole } from '../../accounts/access.ts';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Session } from '../../accounts/sts/credentials.ts';
import { sessionNames } from '../../accounts/sts/role-assumer.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import type { LinkLifetime } from './link-options.ts';
import { lifetimeSeconds, lifetimeSecondsOrZero } from './validity.ts';

/**
 * Gets the session that signs a link. With `renew`, an account with a role gets a new session as long as the link's
 * lifetime, up to STS's maximum; otherwise the account's own session is used, refreshed if it expires too early.
 * @throws WaybillError what STS answered, such as a duration over the role's maximum
 */
export async function sessionForLink(
  accounts: Accounts,
  accountId: string,
  { seconds, renew }: { readonly seconds: number; readonly renew: boolean },
): Promise<Session> {
  const { role } = accounts.get(accountId);
  if (!renew || role === null) return accounts.session(accountId, seconds * 1000);
  return accounts.access(accountId).assume({ ...sessionNames(role), durationSeconds: renewedSeconds(seconds) });
}

/** When the session that sessionForLink() would return expires. Doesn't ask STS for a renewed one. */
export async function sessionEndForLink(
  accounts: Accounts,
  account: Account,
  { seconds, renew }: { readonly seconds: number; readonly renew: boolean },
): Promise<Session['validUntil']> {
  if (renew && account.role !== null) return endOfSession(accounts, account.id, renewedSeconds(seconds));
  return (await accounts.session(account.id, seconds * 1000)).validUntil;
}

/**
 * When the session that signingFor() would return expires: with `ownSession`, one of the account's role for the link alone.
 * Doesn't ask STS for a new one.
 * @throws WaybillError `input` no-role for `ownSession` without a role
 */
export async function signingEnd(
  accounts: Accounts,
  accountId: string,
  {
    bucket,
    lifetime,
    ownSession,
  }: { readonly bucket: string; readonly lifetime: LinkLifetime; readonly ownSession: boolean },
): Promise<Session['validUntil']> {
  const account = accounts.get(accountId);
  const { clock } = await accounts.connection(accountId, bucket);
  const seconds = lifetimeSecondsOrZero(lifetime, clock.now());
  if (ownSession) return endOfSession(accounts, accountId, ownSessionSeconds(roleOf(account), seconds));
  return sessionEndForLink(accounts, account, { seconds, renew: lifetime.renewSession === true });
}

/** When a session of the account's role would expire, if it were assumed now. */
async function endOfSession(accounts: Accounts, accountId: string, seconds: number): Promise<number> {
  const longest = await accounts.access(accountId).longestSeconds();
  return accounts.serverNow(accountId) + Math.min(seconds, longest) * 1000;
}

/** What signs URLs of a bucket: the connection of an account, and a session. */
export interface BucketSigner {
  readonly connection: Connection;
  readonly session: Session;
}

/**
 * Gets what signs URLs of a bucket: with a policy, a session of the account's role that is assumed for them alone.
 * @throws WaybillError as sessionForLink(); `input` no-role for a policy without a role, and for an invalid lifetime
 */
export async function signingFor(
  accounts: Accounts,
  accountId: string,
  {
    bucket,
    lifetime,
    policy,
  }: { readonly bucket: string; readonly lifetime: LinkLifetime; readonly policy: string | null },
): Promise<BucketSigner> {
  const account = accounts.get(accountId);
  const connection = await accounts.connection(accountId, bucket);
  const seconds = lifetimeSeconds(lifetime, connection.clock.now());
  const renew = lifetime.renewSession === true;
  const session =
    policy === null
      ? await sessionForLink(accounts, accountId, { seconds, renew })
      : await accounts.access(accountId).assume(roleForOwnSession(account, policy, seconds));
  return { connection, session };
}

/**
 * The role to assume for one link alone: with the policy that the link needs, and for its lifetime.
 * @throws WaybillError `input` for an account without a role
 */
function roleForOwnSession(account: Account, policy: string, expiresSeconds: number): AssumedRole {
  const role = roleOf(account);
  return {
    ...sessionNames(role),
    durationSeconds: ownSessionSeconds(role, expiresSeconds),
    policy: JSON.stringify(JSON.parse(policy)),
  };
}

function roleOf({ role }: Account): NonNullable<Account['role']> {
  if (role === null) throw new WaybillError({ kind: 'input', field: 'ownSession', rule: 'no-role' });
  return role;
}

/** Never longer than the account says, which may be less than STS's maximum: the role may allow no more. */
function ownSessionSeconds({ durationSeconds }: NonNullable<Account['role']>, seconds: number): number {
  return Math.max(MIN_SESSION_SECONDS, Math.min(Math.ceil(seconds), durationSeconds));
}

/** Exactly as requested: one second more could exceed the role's maximum. */
function renewedSeconds(seconds: number): number {
  return Math.max(MIN_SESSION_SECONDS, Math.min(Math.ceil(seconds), MAX_SESSION_SECONDS));
}
