import { z } from 'zod';
import type { Account, AccountColour } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { PastedAccount, PastedAccounts } from '../../accounts/pasting/pasted-accounts.ts';
import {
  isWidened,
  type Permission,
  policyCharacters,
  type Scope,
  scopePolicy,
  scopeSchema,
} from '../../accounts/sts/policy.ts';
import {
  MAX_POLICY_CHARACTERS,
  MAX_SESSION_SECONDS,
  MIN_SESSION_SECONDS,
  ROLE_ARN,
  SESSION_NAME,
} from '../../accounts/sts/sts-limits.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import { parseEndpoint } from '../../oss/endpoint.ts';
import { startPrefix, type Grant, makeGrant } from './grant.ts';
import { openGrant, sealGrant } from './grant-code.ts';
import { formatGrant, type GrantFormat, maskedGrant } from './grant-formats.ts';
import { handedOutBy } from '../ledger/handed-out.ts';
import { noteSchema, recipientSchema } from '../ledger/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** How to make a grant, as the screen sends it. */
export const grantRequestSchema = z.strictObject({
  accountId: z.uuid(),
  scope: scopeSchema,
  /** The policy as a person changed it; null: the smallest one for the scope. */
  policy: z.string().max(20_000).nullable(),
  /** 900 up to the role's maximum. */
  durationSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_SESSION_SECONDS),
  /** Null: the account's own role. */
  roleArn: z.string().regex(ROLE_ARN).nullable(),
  sessionName: z.string().regex(SESSION_NAME).nullable(),
  note: noteSchema,
  recipient: recipientSchema,
});
/** How to make a grant, as the screen sends it. */
export type GrantRequest = Readonly<z.infer<typeof grantRequestSchema>>;

/** What a grant would be, before it is made. */
export interface GrantPreview {
  /** The smallest session policy for the scope, laid out for reading. */
  readonly policy: string;
  /** Its length as STS counts it, and what that may be at most. */
  readonly characters: number;
  readonly limit: number;
  /** A name has `*` or `?`, which policies take for wildcards: more is let in than was named. */
  readonly widened: boolean;
  /** The role to assume unless another is named; null: one must be named. */
  readonly roleArn: string | null;
}

/** A grant without its secrets, which stay in main under `grantId`. */
export interface GrantCard extends Omit<Grant, 'accessKey'> {
  readonly grantId: string;
  readonly ledgerId: string;
  readonly accessKeyId: string;
}

/** A grant code that was opened: what it is good for. Its secrets stay in main under `pasteId`. */
export interface OpenedGrant extends PastedAccount {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly allow: readonly Permission[];
}

/** How many grants of each kind are remembered; the oldest go first. */
const KEPT = 50;

/** What Grants works with. */
interface GrantsOptions {
  readonly accounts: Accounts;
  readonly pasted: PastedAccounts;
  readonly ledger: Ledger;
}

/** The grants that were made and opened in this run. Their secrets live in memory and end with it. */
export class Grants {
  readonly #options: GrantsOptions;
  readonly #made = new Map<string, Grant>();
  readonly #opened = new Map<string, Grant>();

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** What a grant for the scope would be; its policy may be too long, which `characters` tells. */
  preview(accountId: string, scope: Scope): GrantPreview {
    const policy = scopePolicy(scope);
    const roleArn = this.#options.accounts.grantingRole(accountId);
    const characters = JSON.stringify(JSON.parse(policy)).length;
    return { policy, characters, limit: MAX_POLICY_CHARACTERS, widened: isWidened(scope), roleArn };
  }

  /** Assumes the role, narrowed to the scope, and records the grant. @throws WaybillError `input`, or what STS said */
  async make(request: GrantRequest, renews: string | null = null): Promise<GrantCard> {
    const { accounts, ledger } = this.#options;
    const { accountId, scope, durationSeconds } = request;
    const account = accounts.get(accountId);
    const policy = request.policy ?? scopePolicy(scope);
    policyCharacters(policy);
    const connection = await accounts.connection(accountId, scope.bucket);
    const role = { ...roleOf(account, request), durationSeconds };
    const grant = await makeGrant(connection, (wanted) => accounts.assume(accountId, wanted), { scope, policy, role });
    const grantId = crypto.randomUUID();
    keep(this.#made, grantId, grant);
    const by = handedOutBy(account, true);
    const [ledgerId = ''] = await ledger.record([
      {
        ...by,
        signer: { kind: 'role', accessKeyId: account.accessKeyId, own: true, ...pick(role) },
        madeAt: connection.clock.now(),
        what: { kind: 'grant', ...scope },
        options: { policy, ...pick(role), durationSeconds },
        validUntil: grant.validUntil,
        sessionEndUnknown: false,
        note: request.note,
        recipient: request.recipient,
        renews,
      },
    ]);
    const { accessKey, ...shown } = grant;
    return { ...shown, grantId, ledgerId, accessKeyId: accessKey.accessKeyId };
  }

  /**
   * A grant in one of its forms: `text` to be handed out, `shown` to look at. An encrypted code is no secret.
   * @throws WaybillError `input` for an unknown grant or a short passphrase
   */
  async output(
    grantId: string,
    format: GrantFormat | 'code',
    passphrase: string | null,
  ): Promise<{ readonly text: string; readonly shown: string }> {
    const grant = this.#made.get(grantId);
    if (grant === undefined) throw new WaybillError({ kind: 'input', field: 'grant', rule: 'unknown' });
    if (format !== 'code') return { text: formatGrant(grant, format), shown: maskedGrant(grant, format) };
    const code = await sealGrant(grant, passphrase ?? '');
    return { text: code, shown: code };
  }

  /** Opens a grant code. @throws WaybillError `input` wrong-passphrase, grant-damaged, grant-version */
  async open(text: string, passphrase: string): Promise<OpenedGrant> {
    const grant = await openGrant(text, passphrase);
    parseEndpoint(grant.endpoint, { cname: grant.cname });
    const { bucket, keys, prefixes, allow, endpoint, region, validUntil, accessKey } = grant;
    const startPath = { bucket, prefix: startPrefix(grant) };
    const known = { source: 'grant', name: null, role: null, endpoint, region, validUntil, startPath } as const;
    const pasted = this.#options.pasted.keep({ ...known, ...accessKey });
    keep(this.#opened, pasted.pasteId, grant);
    return { ...pasted, bucket, keys, prefixes, allow };
  }

  /**
   * Adds an opened grant as an account that begins, and ends, where the grant does.
   * @throws WaybillError `credentials` expired-token for one that has ended
   */
  async accept(
    pasteId: string,
    how: { readonly name: string; readonly colour: AccountColour; readonly remember: boolean },
  ): Promise<Account> {
    const grant = this.#opened.get(pasteId);
    if (grant === undefined) throw new WaybillError({ kind: 'input', field: 'grant', rule: 'unknown' });
    const { bucket, endpoint, region, cname, signVersion, validUntil, accessKey } = grant;
    const draft = {
      ...how,
      ...accessKey,
      ...{ endpoint, region, cname, signVersion, tokenValidUntil: validUntil },
      startPath: { bucket, prefix: startPrefix(grant) },
      role: null,
      stsEndpoint: null,
      defaultExpirySeconds: 3600,
    };
    const { accounts } = this.#options;
    await accounts.check(draft).catch((error: unknown) => {
      // A grant need not allow listing: OSS only denies what it knows the signer of.
      const failure = toFailure(error);
      if (failure.kind !== 'credentials' || failure.reason !== 'denied') throw error;
    });
    return accounts.add(draft);
  }
}

type RoleNames = Pick<NonNullable<Account['role']>, 'roleArn' | 'sessionName' | 'externalId'>;

/** The account's external ID goes with the account's own role only. */
function roleOf({ role }: Account, { roleArn, sessionName }: GrantRequest) {
  const arn = roleArn ?? role?.roleArn;
  if (arn === undefined) throw new WaybillError({ kind: 'input', field: 'roleArn', rule: 'no-role' });
  const externalId = arn === role?.roleArn ? (role.externalId ?? undefined) : undefined;
  return { roleArn: arn, sessionName: sessionName ?? role?.sessionName ?? 'waybill', externalId };
}

function pick({ roleArn, sessionName }: RoleNames): Pick<RoleNames, 'roleArn' | 'sessionName'> {
  return { roleArn, sessionName };
}

function keep(grants: Map<string, Grant>, id: string, grant: Grant): void {
  grants.set(id, grant);
  const [oldest] = grants.keys();
  if (grants.size > KEPT && oldest !== undefined) grants.delete(oldest);
}
