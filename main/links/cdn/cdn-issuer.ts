import type { Dispatcher } from 'undici';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type IssueDetails, plainJson, type RecordedLink } from '../making/link-issuer.ts';
import { type CdnCheck, checkCdnLink } from './check-cdn-link.ts';
import type { CdnDomainRef, CdnDomains } from './cdn-domains.ts';
import { type CdnLink, type CdnLinkOptions, type CdnPlan, planCdnLink, signCdnLink } from './cdn-link.ts';

/** An object behind a CDN domain, and the options of its link. */
export interface CdnIssueRequest extends CdnDomainRef {
  readonly key: string;
  readonly options: CdnLinkOptions;
}

interface CdnIssuerOptions {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly domains: CdnDomains;
  readonly dispatcher: Dispatcher;
}

/** Signs links of CDN domains and records each in the ledger before anyone sees it. */
export class CdnIssuer {
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;
  readonly #domains: CdnDomains;
  readonly #dispatcher: Dispatcher;

  constructor({ accounts, ledger, domains, dispatcher }: CdnIssuerOptions) {
    this.#accounts = accounts;
    this.#ledger = ledger;
    this.#domains = domains;
    this.#dispatcher = dispatcher;
  }

  /** What a link would be. Signs and sends nothing. @throws WaybillError `input` for an unknown domain */
  plan(request: CdnIssueRequest): CdnPlan {
    return planCdnLink(this.#linkRequest(request));
  }

  /**
   * Issues a link.
   * @throws WaybillError as signCdnLink(); `input` cdn-no-key; `keychain`; `file` if it can't be recorded
   */
  async issue(
    request: CdnIssueRequest,
    { note = '', recipient = '', renews = null }: Pick<IssueDetails, 'note' | 'recipient' | 'renews'> = {},
  ): Promise<RecordedLink> {
    const { accountId, bucket, key, options } = request;
    const { domain, auth, keyId } = this.#domains.get(request);
    const { url, warnings, validUntil, limitedBy, sessionEndUnknown } = await this.#sign(request);
    const account = this.#accounts.get(accountId);
    const [ledgerId = ''] = await this.#ledger.record([
      {
        ...{ accountId, accountName: account.name, madeAt: this.#accounts.serverNow(accountId) },
        what: { kind: 'link', method: 'GET', bucket, key, versionId: null },
        signer: { kind: 'cdn', domain, auth: auth.type, keyId },
        options: plainJson(options),
        ...{ validUntil, sessionEndUnknown, note, recipient, renews },
      },
    ]);
    this.#ledger.rememberUrl(ledgerId, url);
    const made = { url, warnings, validUntil, limitedBy, sessionEndUnknown, ledgerId };
    return { ...made, noted: null, bucket, key, versionId: null, method: 'GET', headers: {} };
  }

  /** Tries a link that nobody gets to see. @throws WaybillError as issue(); `network` */
  async check(request: CdnIssueRequest, signal?: AbortSignal): Promise<CdnCheck> {
    return checkCdnLink(await this.#sign(request), this.#dispatcher, signal);
  }

  async #sign(request: CdnIssueRequest): Promise<CdnLink> {
    const owner = await this.#domains.key(this.#domains.get(request));
    return signCdnLink({ ...this.#linkRequest(request), privateKey: owner.cdnKey });
  }

  /** By the clock of the account's server, which a wrong clock of this computer doesn't shift. */
  #linkRequest(request: CdnIssueRequest) {
    const { key, options, accountId } = request;
    return { domain: this.#domains.get(request), key, options, now: this.#accounts.serverNow(accountId) };
  }
}
