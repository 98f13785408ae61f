import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { linkPolicy } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import type { GrantCard, Grants } from '../grants/grants.ts';
import { handedOutBy, optionsToRenew, roleForOwnSession } from '../ledger/handed-out.ts';
import type { Ledger, LedgerDraft } from '../ledger/ledger.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { linkOptionFields } from './link-options.ts';
import { sessionForLink } from './link-session.ts';
import { shareLink, type ShareRequest } from './share-link.ts';
import type { SharedLink } from './shared-link.ts';
import { lifetimeSeconds } from './validity.ts';

/** A link that was made and remembered. */
export interface RecordedLink extends SharedLink {
  readonly ledgerId: string;
}

/** What goes with a link without being part of it. */
export interface LinkRecord {
  readonly note: string;
  readonly recipient: string;
  /** Signed by a session of the account's role made for this link alone, with the smallest policy. */
  readonly ownSession: boolean;
  readonly renews: string | null;
}

/** What was made again. */
export type Renewed =
  { readonly kind: 'link'; readonly link: RecordedLink } | { readonly kind: 'grant'; readonly grant: GrantCard };

/** What MadeLinks works with. */
interface MadeLinksOptions {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly grants: Grants;
}

/** What was not given is empty. */
type RecordFields = { readonly [F in keyof LinkRecord]?: LinkRecord[F] | undefined };

const linkAgain = z.object({ ...linkOptionFields, ownSession: z.boolean().default(false) });
const grantAgain = z.object({
  policy: z.string(),
  roleArn: z.string(),
  sessionName: z.string(),
  durationSeconds: z.int(),
});

/** Makes links, and writes each into the ledger before anybody gets to see it. */
export class MadeLinks {
  readonly #options: MadeLinksOptions;

  constructor(options: MadeLinksOptions) {
    this.#options = options;
  }

  /** @throws WaybillError as shareLink(); `input` no-role for a session of its own; `file` when it can't be recorded */
  async make(accountId: string, request: ShareRequest, more: RecordFields = {}): Promise<RecordedLink> {
    const { accounts, ledger } = this.#options;
    const { note = '', recipient = '', ownSession = false, renews = null } = more;
    const record = { note, recipient, ownSession, renews };
    const account = accounts.get(accountId);
    const connection = await accounts.connection(accountId, request.bucket);
    const seconds = lifetimeSeconds(request, connection.clock.now());
    const { bucket, key, versionId, method = 'GET' } = request;
    const session = record.ownSession
      ? await accounts.assume(
          accountId,
          roleForOwnSession(account, linkPolicy({ method, bucket, key, versionId }), seconds),
        )
      : await sessionForLink(accounts, accountId, { seconds, renew: request.renewSession === true });
    const madeAt = connection.clock.now();
    const link = shareLink(connection, session, request);
    const [ledgerId = ''] = await ledger.record([linkDraft({ account, request, link, madeAt, record })]);
    return { ...link, ledgerId };
  }

  /** Makes an entry again with the same options, for as long as the first one. @throws WaybillError as make() */
  async renew(id: string): Promise<Renewed> {
    const entry = this.#options.ledger.get(id);
    const { accountId, what, note, recipient } = entry;
    if (what.kind === 'link') {
      const { method, bucket, key, versionId } = what;
      const { ownSession, ...options } = parseOptions(linkAgain, optionsToRenew(entry));
      const request = { ...options, method, bucket, key, versionId };
      const link = await this.make(accountId, request, { note, recipient, ownSession, renews: id });
      return { kind: 'link', link };
    }
    const { bucket, keys, prefixes, allow, sourceIp } = what;
    const scope = { bucket, keys, prefixes, allow, sourceIp };
    const options = parseOptions(grantAgain, entry.options);
    return {
      kind: 'grant',
      grant: await this.#options.grants.make({ accountId, scope, ...options, note, recipient }, id),
    };
  }
}

/** What the ledger remembers of a link. */
export function linkDraft(made: {
  readonly account: Account;
  readonly request: ShareRequest;
  readonly link: Pick<SharedLink, 'validUntil' | 'sessionEndUnknown'>;
  readonly madeAt: number;
  readonly record: LinkRecord;
}): LedgerDraft {
  const { bucket, key, versionId, method = 'GET', ...options } = made.request;
  const { note, recipient, renews, ownSession } = made.record;
  return {
    ...handedOutBy(made.account, ownSession),
    madeAt: made.madeAt,
    what: { kind: 'link', method, bucket, key, versionId },
    options: plainJson(ownSession ? { ...options, ownSession } : options),
    validUntil: made.link.validUntil,
    sessionEndUnknown: made.link.sessionEndUnknown,
    ...{ note, recipient, renews },
  };
}

/** Leaves out what is undefined. */
function plainJson(options: object): LedgerEntry['options'] {
  return JSON.parse(JSON.stringify(options)) as LedgerEntry['options'];
}

function parseOptions<T>(schema: z.ZodType<T>, options: LedgerEntry['options']): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
}
