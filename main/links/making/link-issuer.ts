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
import type { LinkLifetime } from './link-options.ts';
import { type BucketSigner, signingFor } from './link-session.ts';
import { type RevocableRole, revocableSigning } from './revocable-session.ts';
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
  /** Sign with a session that a bucket's policy can refuse, under a name of its own; includes `ownSession`. */
  readonly revocable?: RevocableRole | undefined;
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
   * @throws WaybillError as signLink() and revocableSigning(); `input` no-role if `ownSession` needs one; `file` if it can't be
   *   recorded
   */
  async issue(accountId: string, request: LinkRequest, details: IssueDetails = {}): Promise<RecordedLink> {
    const { bucket, key, versionId } = request;
    const { method, headers } = linkParts(request, request);
    const policyFor = (isProbed: boolean): string =>
      linkPolicy({ method, bucket, key, versionId, headers }, { isProbed });
    const signing = await this.#signing(accountId, { bucket, lifetime: request, details, policyFor });
    const { connection, session, issuer } = signing;
    const madeAt = connection.clock.now();
    const link = signLink(connection, session, request);
    const [ledgerId = ''] = await this.#ledger.record([draftOf({ issuer, request, link, madeAt, details })]);
    this.#ledger.rememberUrl(ledgerId, link.noted ?? link.url);
    await this.#keepProbe(signing, request);
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
    const policyFor = (isProbed: boolean): string => batchPolicy({ ...scope, isProbed });
    const signing = await this.#signing(accountId, { bucket, lifetime: options, details, policyFor });
    const batch = await signLinks({ ...signing, ...watch }, request);
    const madeAt = signing.connection.clock.now();
    // Point of no return: recorded links count as handed out.
    watch.signal?.throwIfAborted();
    const { issuer } = signing;
    const requests = batch.links.map(({ key, versionId }) => ({ ...options, bucket, key, versionId }));
    const act = { id: crypto.randomUUID(), format, folder: batch.base };
    const ids = await this.#ledger.record(
      requests.map((link) => ({ ...draftOf({ issuer, request: link, link: batch.validity, madeAt, details }), act })),
    );
    if (method === 'GET')
      for (const [index, { url }] of batch.links.entries()) this.#ledger.rememberUrl(ids[index] ?? '', url);
    const [first] = requests;
    if (first !== undefined) await this.#keepProbe(signing, first);
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
    const issuer = issuerOf(this.#accounts.get(accountId), { ...session, own: false });
    const keys = request.slots.map(({ key }) => key);
    const act = { id: crypto.randomUUID(), format: 'request' as const, folder: commonFolder({ keys, prefixes: [] }) };
    await this.#ledger.record(
      keys.map((key) => {
        const upload = { ...options, method: 'PUT' as const, bucket, key, versionId: null };
        return { ...draftOf({ issuer, request: upload, link: validity, madeAt, details }), act };
      }),
    );
    return { request, validity };
  }

  /** What signs links, and what the ledger says about that. `policyFor` makes the least policy for a session of their own. */
  async #signing(
    accountId: string,
    { bucket, lifetime, details, policyFor }: SigningNeeds,
  ): Promise<BucketSigner & { readonly issuer: Issuer }> {
    const { ownSession = false, revocable } = details;
    const account = this.#accounts.get(accountId);
    if (revocable === undefined) {
      const policy = ownSession ? policyFor(false) : null;
      const signing = await signingFor(this.#accounts, accountId, { bucket, lifetime, policy });
      return { ...signing, issuer: issuerOf(account, { ...signing.session, own: ownSession }) };
    }
    const links = { bucket, lifetime, role: revocable, policy: policyFor(true) };
    const { connection, session, signer, shared } = await revocableSigning(this.#accounts, accountId, links);
    return {
      connection,
      session,
      issuer: { ...issuerOf(account, { ...session, own: true }), signer, session: shared },
    };
  }

  /** Keeps a HEAD link of a session that can be revoked: OSS's answer to it shows whether it is. */
  async #keepProbe(
    { connection, session, issuer }: BucketSigner & { readonly issuer: Issuer },
    link: LinkRequest,
  ): Promise<void> {
    if (issuer.session === undefined) return;
    const { accessKeyId, validUntil } = issuer.session;
    const { bucket, key, versionId, host, signVersion } = link;
    const { url } = signLink(connection, session, {
      ...{ bucket, key, versionId, host, signVersion, validUntil },
      ...{ method: 'HEAD', fileName: null, open: null },
    });
    await this.#ledger.probes.keep(accessKeyId, url);
  }
}

type Issuer = Pick<LedgerDraft, 'accountId' | 'accountName' | 'signer' | 'session'>;

interface SigningNeeds {
  readonly bucket: string;
  readonly lifetime: LinkLifetime;
  readonly details: IssueDetails;
  readonly policyFor: (isProbed: boolean) => string;
}

function draftOf(issued: {
  readonly issuer: Issuer;
  readonly request: LinkRequest;
  readonly link: Pick<SignedLink, 'validUntil' | 'sessionEndUnknown'>;
  readonly madeAt: number;
  readonly details: IssueDetails;
}): LedgerDraft {
  const { bucket, key, versionId, method = 'GET', ...options } = issued.request;
  const { note = '', recipient = '', renews = null, ownSession = false, revocable } = issued.details;
  return {
    ...issued.issuer,
    madeAt: issued.madeAt,
    what: { kind: 'link', method, bucket, key, versionId },
    options: plainJson({ ...options, ...(ownSession ? { ownSession } : {}), revocable }),
    validUntil: issued.link.validUntil,
    sessionEndUnknown: issued.link.sessionEndUnknown,
    ...{ note, recipient, renews },
  };
}

/** Options as the ledger stores them, without undefined fields. */
export function plainJson(options: object): LedgerDraft['options'] {
  return JSON.parse(JSON.stringify(options)) as LedgerDraft['options'];
}
