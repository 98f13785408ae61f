import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { batchPolicy, linkPolicy } from '../../accounts/sts/policy.ts';
import { issuerOf } from '../ledger/ledger-entry.ts';
import type { Ledger, LedgerDraft } from '../ledger/ledger.ts';
import {
  type BatchWatch,
  commonFolder,
  isPinned,
  type LinkBatch,
  type LinkBatchRequest,
  signLinks,
} from './link-batch.ts';
import { linkParts } from './link-parts.ts';
import { signingFor } from './link-session.ts';
import { type LinkRequest, type SignedLink, signLink } from './sign-link.ts';
import { createUploadRequest, type UploadRequest, type UploadRequestOptions } from './upload-request.ts';
import type { LinkValidity } from './validity.ts';

/** A link that is recorded in the ledger. */
export interface RecordedLink extends SignedLink {
  readonly ledgerId: string;
}

/** What the ledger stores with a link, and what signs it. Omitted fields are empty. */
export interface IssueDetails {
  readonly note?: string | undefined;
  readonly recipient?: string | undefined;
  /** Sign with a session of the account's role, assumed for this link alone with the smallest policy. */
  readonly ownSession?: boolean | undefined;
  /** The ledger entry that this link replaces. */
  readonly renews?: string | null | undefined;
}

/** The links of a batch, and when they were signed, in Unix milliseconds. */
export interface IssuedBatch extends LinkBatch {
  readonly madeAt: number;
}

interface LinkIssuerOptions {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
}

/** Signs links and records each in the ledger before anyone sees it. */
export class LinkIssuer {
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;

  constructor({ accounts, ledger }: LinkIssuerOptions) {
    this.#accounts = accounts;
    this.#ledger = ledger;
  }

  /**
   * Issues a link for one object.
   * @throws WaybillError as signLink(); `input` no-role if `ownSession` needs one; `file` if it can't be recorded
   */
  async issue(accountId: string, request: LinkRequest, details: IssueDetails = {}): Promise<RecordedLink> {
    const { bucket, key, versionId } = request;
    const { method, headers } = linkParts(request, request);
    const policy = details.ownSession === true ? linkPolicy({ method, bucket, key, versionId, headers }) : null;
    const { connection, session } = await signingFor(this.#accounts, accountId, { bucket, lifetime: request, policy });
    const madeAt = connection.clock.now();
    const link = signLink(connection, session, request);
    const account = this.#accounts.get(accountId);
    const [ledgerId = ''] = await this.#ledger.record([draftOf({ account, request, link, madeAt, details })]);
    return { ...link, ledgerId };
  }

  /**
   * Issues links for many objects. A cancelled batch records nothing.
   * @throws WaybillError as signLinks() and issue(); `cancelled`
   */
  async issueBatch(
    accountId: string,
    request: LinkBatchRequest,
    details: IssueDetails,
    watch: BatchWatch,
  ): Promise<IssuedBatch> {
    const { bucket, keys, prefixes, format, options } = request;
    const { method = 'GET' } = options;
    const { headers } = linkParts(options, { key: '', versionId: null });
    const folder = commonFolder(request);
    const scope = { method, bucket, keys, prefixes, folder, pinned: isPinned(format), headers };
    const policy = details.ownSession === true ? batchPolicy(scope) : null;
    const signing = await signingFor(this.#accounts, accountId, { bucket, lifetime: options, policy });
    const batch = await signLinks({ ...signing, ...watch }, request);
    const madeAt = signing.connection.clock.now();
    // Point of no return: recorded links count as handed out.
    watch.signal?.throwIfAborted();
    const account = this.#accounts.get(accountId);
    await this.#ledger.record(
      batch.links.map(({ key, versionId }) => {
        const link = { ...options, bucket, key, versionId };
        return draftOf({ account, request: link, link: batch.validity, madeAt, details });
      }),
    );
    return { ...batch, madeAt };
  }

  /** Issues the links of an upload request. @throws WaybillError as createUploadRequest(); `file` if not recorded */
  async issueUploadRequest(
    accountId: string,
    asked: UploadRequestOptions,
    details: Pick<IssueDetails, 'note' | 'recipient'>,
  ): Promise<{ readonly request: UploadRequest; readonly validity: LinkValidity }> {
    const { bucket, options } = asked;
    const { connection, session } = await signingFor(this.#accounts, accountId, {
      bucket,
      lifetime: options,
      policy: null,
    });
    const { request, validity } = createUploadRequest(connection, session, asked);
    const madeAt = connection.clock.now();
    const account = this.#accounts.get(accountId);
    await this.#ledger.record(
      request.slots.map(({ key }) => {
        const upload = { ...options, method: 'PUT' as const, bucket, key, versionId: null };
        return draftOf({ account, request: upload, link: validity, madeAt, details });
      }),
    );
    return { request, validity };
  }
}

function draftOf(issued: {
  readonly account: Account;
  readonly request: LinkRequest;
  readonly link: Pick<SignedLink, 'validUntil' | 'sessionEndUnknown'>;
  readonly madeAt: number;
  readonly details: IssueDetails;
}): LedgerDraft {
  const { bucket, key, versionId, method = 'GET', ...options } = issued.request;
  const { note = '', recipient = '', renews = null, ownSession = false } = issued.details;
  return {
    ...issuerOf(issued.account, ownSession),
    madeAt: issued.madeAt,
    what: { kind: 'link', method, bucket, key, versionId },
    options: plainJson(ownSession ? { ...options, ownSession } : options),
    validUntil: issued.link.validUntil,
    sessionEndUnknown: issued.link.sessionEndUnknown,
    ...{ note, recipient, renews },
  };
}

/** Options as the ledger stores them, without undefined fields. */
export function plainJson(options: object): LedgerDraft['options'] {
  return JSON.parse(JSON.stringify(options)) as LedgerDraft['options'];
}
