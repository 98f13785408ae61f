import { WaybillError } from '../../failure.ts';
import { formatLinks } from '../../links/making/link-list.ts';
import { type LinkValidity, validityOf } from '../../links/making/validity.ts';
import type { SignedLink } from '../../links/making/sign-link.ts';
import { renew } from '../../links/renewal.ts';
import { baseName } from '../../oss/key-path.ts';
import type { DropFolder } from '../../settings.ts';
import type { Core } from '../core.ts';
import type { TrayLink } from './tray-menu.ts';

/** Links that were put on the clipboard. */
export interface CopiedLinks extends LinkValidity, Pick<SignedLink, 'warnings'> {
  readonly made: number;
}

/** How many links the menu offers. */
const MOST_LINKS = 10;

/** The links of the tray item. They go to the clipboard and nowhere else. */
export class TrayLinks {
  readonly #core: Pick<Core, 'accounts' | 'ledger' | 'links' | 'grants' | 'cdn'>;
  readonly #copy: (text: string) => Promise<void>;

  /** @param copy puts a text on the clipboard */
  constructor(
    core: Pick<Core, 'accounts' | 'ledger' | 'links' | 'grants' | 'cdn'>,
    copy: (text: string) => Promise<void>,
  ) {
    this.#core = core;
    this.#copy = copy;
  }

  /** The newest links that work and that can be copied, or created again with the same options. */
  latest(): readonly TrayLink[] {
    return this.#core.ledger.latestLinks(MOST_LINKS);
  }

  /**
   * Copies a download link of each object, for the account's usual time; several as a list, one a line.
   * @throws WaybillError as LinkIssuer.issue()
   */
  async copyNew({ accountId, bucket }: DropFolder, keys: readonly string[]): Promise<CopiedLinks> {
    const { accounts, links } = this.#core;
    const options = { expiresSeconds: accounts.get(accountId).defaultExpirySeconds, fileName: null, open: null };
    const [key = '', ...others] = keys;
    if (others.length === 0) {
      const link = await links.issue(accountId, { bucket, key, versionId: null, ...options });
      await this.#copy(link.url);
      return { ...validityOf(link), warnings: link.warnings, made: 1 };
    }
    const request = { bucket, keys, prefixes: [], format: 'text', options } as const;
    const batch = await links.issueBatch(accountId, request, {}, {});
    const { base, validity, madeAt, warnings } = batch;
    const head = { bucket, base, validUntil: validity.validUntil, madeAt };
    await this.#copy([...formatLinks('text', head, batch.links)].join(''));
    return { ...validity, warnings, made: batch.links.length };
  }

  /**
   * Copies a link of the ledger. A download link whose URL isn't known any more, or that has expired meanwhile, is created
   * again for as long as it was.
   * @throws WaybillError `input` for an unknown ID, and not-renewable for other links; as renew()
   */
  async copyAgain(ledgerId: string): Promise<{ readonly name: string; readonly validity: LinkValidity }> {
    const { ledger } = this.#core;
    const { what, state, validUntil, sessionEndUnknown } = ledger.get(ledgerId);
    const name = what.kind === 'link' ? baseName(what.key) : '';
    const url = state === 'live' || state === 'ending-soon' ? await ledger.urlOf(ledgerId) : null;
    if (url !== null) {
      await this.#copy(url);
      return { name, validity: { validUntil, sessionEndUnknown, limitedBy: 'expiry' } };
    }
    const isDownload = what.kind === 'link' && what.method === 'GET';
    const renewed = isDownload ? await renew(this.#core, ledgerId) : null;
    if (renewed?.kind !== 'link') throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
    await this.#copy(renewed.link.noted ?? renewed.link.url);
    return { name, validity: validityOf(renewed.link) };
  }
}
