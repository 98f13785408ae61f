import type { Account } from '../../accounts/account.ts';
import { MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import type { AssumedRole } from '../../accounts/access.ts';
import type { LedgerDraft } from './ledger.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { WaybillError } from '../../failure.ts';

/** What a ledger entry says of the one who handed it out. `own`: signed by a session that was made for it alone. */
export function handedOutBy(account: Account, own: boolean): Pick<LedgerDraft, 'accountId' | 'accountName' | 'signer'> {
  return { accountId: account.id, accountName: account.name, signer: signerOf(account, own) };
}

/**
 * The role to assume for what is made now alone, with the policy that it needs and for as long as it is to live.
 * @throws WaybillError `input` for an account without a role
 */
export function roleForOwnSession({ role }: Account, policy: string, expiresSeconds: number): AssumedRole {
  if (role === null) throw new WaybillError({ kind: 'input', field: 'ownSession', rule: 'no-role' });
  const { roleArn, sessionName, durationSeconds, externalId } = role;
  return {
    roleArn,
    sessionName,
    durationSeconds: Math.max(MIN_SESSION_SECONDS, Math.min(Math.ceil(expiresSeconds), durationSeconds)),
    externalId: externalId ?? undefined,
    policy: JSON.stringify(JSON.parse(policy)),
  };
}

/** The arguments that make an entry again: one that was to end at a moment lasts as long as it did. */
export function optionsToRenew({ options, madeAt, validUntil }: LedgerEntry): LedgerEntry['options'] {
  if (options['validUntil'] === undefined) return options;
  const others = Object.entries(options).filter(([name]) => name !== 'validUntil');
  return { ...Object.fromEntries(others), expiresSeconds: Math.max(1, Math.round((validUntil - madeAt) / 1000)) };
}

function signerOf({ accessKeyId, role, temporary }: Account, own: boolean): LedgerEntry['signer'] {
  if (role !== null) {
    return { kind: 'role', accessKeyId, roleArn: role.roleArn, sessionName: role.sessionName, own };
  }
  return { kind: temporary ? 'token' : 'key', accessKeyId };
}
