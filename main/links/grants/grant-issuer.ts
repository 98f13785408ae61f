import { z } from 'zod';
import type { AssumedRole } from '../../accounts/access.ts';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { sessionNamesFor } from '../../accounts/sts/role-assumer.ts';
import { staysInBucket } from '../../accounts/sts/session-policy.ts';
import { isWidened, policyCharacters, type Scope, scopePolicy, scopeSchema } from '../../accounts/sts/policy.ts';
import {
  MAX_POLICY_CHARACTERS,
  MAX_SESSION_SECONDS,
  MIN_SESSION_SECONDS,
  ROLE_ARN,
  SESSION_NAME,
} from '../../accounts/sts/sts-limits.ts';
import type { AssumedSession } from '../../accounts/sts/credentials.ts';
import { newSessionName, principalsOf } from '../../accounts/sts/session-principal.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { makeSignedUrl } from '../../oss/signing/signed-url.ts';
import { issuerOf, noteSchema, recipientSchema, type SharedSession } from '../ledger/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { assumeGrant, type Grant } from './grant.ts';
import { sealGrant } from './grant-code.ts';
import { formatGrant, type GrantFormat, maskedGrant } from './grant-formats.ts';

/** The arguments of a grant, as the page sends them. */
export const grantRequestSchema = z.strictObject({
  accountId: z.uuid(),
  scope: scopeSchema,
  /** An edited policy; null uses the smallest one for the scope. */
  policy: z.string().max(20_000).nullable(),
  /** From 900 to the role's maximum. */
  durationSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_SESSION_SECONDS),
  /** Null uses the account's own role. */
  roleArn: z.string().regex(ROLE_ARN).nullable(),
  /** Null: a name of its own, by which a bucket's policy can refuse this grant alone. */
  sessionName: z.string().regex(SESSION_NAME).nullable(),
  note: noteSchema,
  recipient: recipientSchema,
});
/** The arguments of a grant, as the page sends them. */
export type GrantRequest = Readonly<z.infer<typeof grantRequestSchema>>;

/** What a grant would be, before the role is assumed. */
export interface GrantPreview {
  /** The smallest session policy for the scope, indented. */
  readonly policy: string;
  /** The policy's length as STS counts it, and the maximum. */
  readonly characters: number;
  readonly limit: number;
  /** A name contains `*` or `?`, which are wildcards in policies: the grant covers more than was selected. */
  readonly widened: boolean;
  /** The role to assume by default; null if the request must name one. */
  readonly roleArn: string | null;
}

/** A grant without its secrets, which stay in main under `grantId`. */
export interface GrantCard extends Omit<Grant, 'accessKey'> {
  readonly grantId: string;
  readonly ledgerId: string;
  readonly accessKeyId: string;
}

/** How many issued grants are kept in memory. */
const MAX_KEPT = 50;

/** A file that needn't exist. */
const PROBE_NAME = 'waybill-check';

/** How much of a code is shown: its prefix, and enough to tell one from another. */
const SHOWN_CHARACTERS = 40;

interface GrantIssuerOptions {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
}

/** Issues grants and records each in the ledger. Their secrets are kept in memory and are lost with this run. */
export class GrantIssuer {
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;
  readonly #issued = new BoundedMap<string, Grant>(MAX_KEPT);

  constructor({ accounts, ledger }: GrantIssuerOptions) {
    this.#accounts = accounts;
    this.#ledger = ledger;
  }

  clear(): void {
    this.#issued.clear();
  }

  /** What a grant for the scope would be. Its policy may be too long; compare `characters` and `limit`. */
  preview(accountId: string, scope: Scope): GrantPreview {
    const policy = scopePolicy(scope);
    const roleArn = this.#accounts.grantingRole(accountId);
    const characters = JSON.stringify(JSON.parse(policy)).length;
    return { policy, characters, limit: MAX_POLICY_CHARACTERS, widened: isWidened(scope), roleArn };
  }

  /** Assumes the role, narrowed to the scope, and records the grant. @throws WaybillError `input`, what STS answered */
  async issue(request: GrantRequest, renews: string | null = null): Promise<GrantCard> {
    const { accountId, scope, durationSeconds, note, recipient } = request;
    const account = this.#accounts.get(accountId);
    const policy = request.policy ?? scopePolicy(scope);
    policyCharacters(policy);
    const connection = await this.#accounts.connection(accountId, scope.bucket);
    const role = { ...roleOf(account, request), durationSeconds };
    const terms = { scope, policy, role };
    const assume = (wanted: AssumedRole): Promise<AssumedSession> => this.#accounts.access(accountId).assume(wanted);
    const { grant, arn } = await assumeGrant(connection, assume, terms);
    const grantId = crypto.randomUUID();
    this.#issued.set(grantId, grant);
    // The policy of one bucket doesn't end what an edited policy allows in others.
    const isRevocable = request.sessionName === null && staysInBucket(policy, scope.bucket);
    const session = isRevocable ? sessionOf(grant, arn, role) : null;
    const [ledgerId = ''] = await this.#ledger.record([
      {
        ...issuerOf({ ...account, role }, { ...grant, own: true }),
        ...(session === null ? {} : { session }),
        madeAt: connection.clock.now(),
        what: { kind: 'grant', ...scope },
        options: { policy, roleArn: role.roleArn, sessionName: request.sessionName, durationSeconds },
        validUntil: grant.validUntil,
        sessionEndUnknown: false,
        ...{ note, recipient, renews },
      },
    ]);
    if (session !== null) await this.#ledger.probes.keep(session.accessKeyId, probeUrl(connection, grant));
    const { accessKey, ...card } = grant;
    return { ...card, grantId, ledgerId, accessKeyId: accessKey.accessKeyId };
  }

  /**
   * Writes a grant in one of its forms: `text` to hand out, `shown` to display, masked.
   * @throws WaybillError `input` for a grant that isn't in memory, or a weak passphrase
   */
  async output(
    grantId: string,
    format: GrantFormat | 'code',
    passphrase: string | null,
  ): Promise<{ readonly text: string; readonly shown: string }> {
    const grant = this.#issued.get(grantId);
    if (grant === undefined) throw new WaybillError({ kind: 'input', field: 'grant', rule: 'unknown' });
    if (format !== 'code') return { text: formatGrant(grant, format), shown: maskedGrant(grant, format) };
    const code = await sealGrant(grant, passphrase ?? '');
    // Its passphrase came from the page, which could open what it sees.
    return { text: code, shown: `${code.slice(0, SHOWN_CHARACTERS)}••••` };
  }
}

/** The session of a grant, as a bucket's policy names it; null for one that it can't name, such as that of a masked role ARN. */
function sessionOf(
  { accessKey, validUntil }: Grant,
  arn: string | null,
  role: Pick<AssumedRole, 'roleArn' | 'sessionName'>,
): SharedSession | null {
  try {
    return { accessKeyId: accessKey.accessKeyId, principals: [...principalsOf(arn, role)], validUntil };
  } catch {
    return null;
  }
}

/**
 * A HEAD link of a grant, by which it is seen that it was revoked. It needn't lead to a file: OSS checks rights first. One of a grant
 * that can't read shows nothing.
 */
function probeUrl({ endpoint, region, signVersion, clock }: Connection, grant: Grant): string {
  const { accessKey, bucket, keys, prefixes, validUntil } = grant;
  const signedAt = clock.now();
  return makeSignedUrl({
    ...{ method: 'HEAD', bucket, endpoint, region, signVersion, accessKey, signedAt },
    key: keys[0] ?? `${prefixes[0] ?? ''}${PROBE_NAME}`,
    expiresSeconds: Math.floor((validUntil - signedAt) / 1000),
  });
}

function roleOf({ role }: Account, { roleArn, sessionName }: GrantRequest) {
  const arn = roleArn ?? role?.roleArn;
  if (arn === undefined) throw new WaybillError({ kind: 'input', field: 'roleArn', rule: 'no-role' });
  return sessionNamesFor(role, { roleArn: arn, sessionName: sessionName ?? newSessionName() });
}
