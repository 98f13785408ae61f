import type { Account, LinkValidity } from '../../main/contract/contract.ts';

/**
 * Whether links of an account can be revoked: OSS can refuse a session, and only an account with a role can have one for
 * each link. `temporary`: someone else issued its credentials.
 */
export type Revocability = 'possible' | 'no-role' | 'temporary';

/** Says whether links of an account can be revoked, or why not. */
export function revocabilityOf(account: Account | null): Revocability {
  // The practice server has a role of its own.
  if (account !== null && (account.role !== null || account.origin === 'practice')) return 'possible';
  const isTemporary = account?.kind === 'key' && account.temporary;
  return isTemporary ? 'temporary' : 'no-role';
}

/** The sentence that says why a link expires before the moment that was chosen; null where it doesn't. */
export function limitKey(
  { limitedBy }: Pick<LinkValidity, 'limitedBy'>,
  isRevocable: boolean,
): 'share.limit.session' | 'share.limit.revocable' | 'share.limit.v4-limit' | null {
  if (limitedBy === 'expiry') return null;
  return limitedBy === 'session' && isRevocable ? 'share.limit.revocable' : `share.limit.${limitedBy}`;
}
