import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { newSessionName, principalOf, principalsOf } from '../../accounts/sts/session-principal.ts';
import { sessionNamesFor } from '../../accounts/sts/role-assumer.ts';
import { MAX_CHAINED_SECONDS, MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import { WaybillError } from '../../failure.ts';
import { type SharedSession, signedBy } from '../ledger/ledger-entry.ts';
import type { LedgerDraft } from '../ledger/ledger.ts';
import type { LinkLifetime } from './link-options.ts';
import type { BucketSigner } from './link-session.ts';
import { lifetimeSeconds, lifetimeSecondsOrZero } from './validity.ts';

/** That links are to be revocable, and which role to assume for that; null: the account's own. */
export interface RevocableRole {
  readonly roleArn: string | null;
}

/** What signs links that can be revoked. */
export interface RevocableSigner extends BucketSigner {
  readonly signer: LedgerDraft['signer'];
  readonly shared: SharedSession;
}

/** The lifetime of links, the role that signs them, and the policy that allows them. */
interface RevocableLinks {
  readonly bucket: string;
  readonly lifetime: LinkLifetime;
  readonly role: RevocableRole;
  readonly policy: string;
}

/**
 * Assumes a role for some links alone, under a name that no other session has, so that a bucket's policy can refuse it and
 * nothing else. It lasts as long as the links, up to what the role allows.
 * @throws WaybillError `input` no-role without a role, `session-arn` for a masked one, and for an invalid lifetime; what STS
 *   answered
 */
export async function revocableSigning(
  accounts: Accounts,
  accountId: string,
  { bucket, lifetime, role, policy }: RevocableLinks,
): Promise<RevocableSigner> {
  const account = accounts.get(accountId);
  const roleArn = roleOf(accounts, account, role);
  const sessionName = newSessionName();
  principalOf(`${roleArn}/${sessionName}`);
  const connection = await accounts.connection(accountId, bucket);
  const seconds = lifetimeSeconds(lifetime, connection.clock.now());
  const { arn, ...session } = await accounts.access(accountId).assume({
    ...sessionNamesFor(account.role, { roleArn, sessionName }),
    durationSeconds: sessionSeconds(seconds, maxRevocableSeconds(account, { ...lifetime, ...role })),
    policy: JSON.stringify(JSON.parse(policy)),
  });
  const { accessKeyId } = session.accessKey;
  const principals = [...principalsOf(arn, { roleArn, sessionName })];
  return {
    ...{ connection, session },
    signer: { kind: 'role', accessKeyId: signedBy(account, session.accessKey), roleArn, sessionName, own: true },
    shared: { accessKeyId, principals, validUntil: session.validUntil },
  };
}

/** When the session of revocableSigning() would end, by the server's clock. Asks nobody. @throws WaybillError `input` no-role */
export function revocableEnd(
  accounts: Accounts,
  accountId: string,
  { lifetime, role }: Pick<RevocableLinks, 'lifetime' | 'role'>,
): number {
  const account = accounts.get(accountId);
  roleOf(accounts, account, role);
  const now = accounts.serverNow(accountId);
  const most = maxRevocableSeconds(account, { ...lifetime, ...role });
  return now + sessionSeconds(lifetimeSecondsOrZero(lifetime, now), most) * 1000;
}

/**
 * How long a link lasts at most that can be revoked, in seconds: a session takes 12 hours at most, and an hour where temporary
 * credentials assume the role. Sessions of the account's own role last as long as the account says, unless `renewSession` asks
 * for all that STS gives.
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function maxRevocableSeconds(
  account: Account,
  { roleArn, renewSession = false }: RevocableRole & Pick<LinkLifetime, 'renewSession'>,
): number {
  const { role } = account;
  // Most sources hand out temporary credentials, and which ones is known only once they are asked.
  const isTemporary = account.kind === 'sourced' || account.temporary;
  const most = isTemporary ? MAX_CHAINED_SECONDS : MAX_SESSION_SECONDS;
  const isOwn = role !== null && (roleArn === null || roleArn === role.roleArn);
  return isOwn && !renewSession ? Math.min(most, role.durationSeconds) : most;
}

function roleOf(accounts: Accounts, account: Account, { roleArn }: RevocableRole): string {
  const arn = roleArn ?? accounts.grantingRole(account.id);
  if (arn === null) throw new WaybillError({ kind: 'input', field: 'revocable', rule: 'no-role' });
  return arn;
}

function sessionSeconds(seconds: number, most: number): number {
  return Math.max(MIN_SESSION_SECONDS, Math.min(Math.ceil(seconds), most));
}
