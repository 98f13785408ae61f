import type { Account, AccountColour, KeyDraft } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import type { PastedAccount, PastedAccounts } from '../../accounts/pasting/pasted-accounts.ts';
import type { Permission } from '../../accounts/sts/policy.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { isDenied, toFailure, WaybillError } from '../../failure.ts';
import { parseEndpoint } from '../../oss/endpoint.ts';
import { type Grant, startPrefix } from './grant.ts';
import { openGrant } from './grant-code.ts';

/** An opened grant code: what it allows. Its secrets stay in main under `pasteId`. */
export interface OpenedGrant extends PastedAccount {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly allow: readonly Permission[];
}

/** How many opened grants are kept in memory. */
const MAX_KEPT = 50;

interface ReceivedGrantsOptions {
  readonly accounts: Accounts;
  readonly pasted: PastedAccounts;
}

/** The grant codes that were opened in this run. Their secrets are kept in memory only. */
export class ReceivedGrants {
  readonly #accounts: Accounts;
  readonly #pasted: PastedAccounts;
  readonly #opened = new BoundedMap<string, Grant>(MAX_KEPT);

  constructor({ accounts, pasted }: ReceivedGrantsOptions) {
    this.#accounts = accounts;
    this.#pasted = pasted;
  }

  clear(): void {
    this.#opened.clear();
  }

  /** Opens a grant code. @throws WaybillError `input` wrong-passphrase, grant-damaged, grant-version */
  async open(text: string, passphrase: string): Promise<OpenedGrant> {
    const grant = await openGrant(text, passphrase);
    parseEndpoint(grant.endpoint, { cname: grant.cname });
    const { bucket, keys, prefixes, allow, endpoint, region, validUntil, accessKey } = grant;
    const startPath = { bucket, prefix: startPrefix(grant) };
    const known = { source: 'grant', name: null, role: null, endpoint, region, validUntil, startPath } as const;
    const pasted = this.#pasted.keep({ ...known, ...accessKey });
    registerSecrets(accessKey);
    this.#opened.set(pasted.pasteId, grant);
    return { ...pasted, bucket, keys, prefixes, allow };
  }

  /**
   * Adds an opened grant as an account that starts in the grant's folder and expires with it.
   * @throws WaybillError `credentials` expired-token if it has expired, `input` if it isn't in memory
   */
  async accept(
    pasteId: string,
    how: { readonly name: string; readonly colour: AccountColour; readonly remember: boolean },
  ): Promise<Account> {
    const grant = this.#opened.get(pasteId);
    if (grant === undefined) throw new WaybillError({ kind: 'input', field: 'grant', rule: 'unknown' });
    const { bucket, endpoint, region, cname, signVersion, validUntil, accessKey } = grant;
    const draft: KeyDraft = {
      kind: 'key',
      ...how,
      ...accessKey,
      ...{ endpoint, region, cname, signVersion, tokenValidUntil: validUntil },
      startPath: { bucket, prefix: startPrefix(grant) },
      role: null,
      stsEndpoint: null,
      defaultExpirySeconds: 3600,
    };
    await this.#accounts.check(draft).catch((error: unknown) => {
      // A grant may not allow listing. OSS denies only requests whose signature it has verified.
      if (!isDenied(toFailure(error))) throw error;
    });
    return this.#accounts.add(draft);
  }
}
