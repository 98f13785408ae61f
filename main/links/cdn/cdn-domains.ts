import { z } from 'zod';
import type { Keychain } from '../../accounts/keychain.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { WaybillError } from '../../failure.ts';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { type JsonContent, JsonFile, type JsonFormat } from '../../local-files/json-file.ts';
import { Turns } from '../../local-files/turns.ts';
import { formatEndpoint } from '../../oss/endpoint.ts';
import { type CdnDomain, cdnDomainSchema, cdnKeySchema } from './cdn-auth.ts';
import { cdnServer } from './cdn-link.ts';

const storedSchema = z.strictObject({
  accountId: z.uuid(),
  bucket: z.string(),
  /** A new one for each key: it tells links of one key from those of another, and names the key in the keychain. */
  keyId: z.uuid(),
  ...cdnDomainSchema.shape,
});
/** A CDN domain of a bucket of an account. Its key is in the keychain. */
export type StoredCdnDomain = Readonly<z.infer<typeof storedSchema>>;

const fileSchema = z.strictObject({ version: z.literal(1), domains: z.array(storedSchema) });
type CdnFile = z.infer<typeof fileSchema>;

const format: JsonFormat<CdnFile> = { version: 1, schema: fileSchema, fallback: { version: 1, domains: [] } };

/** What names a CDN domain. */
export interface CdnDomainRef {
  readonly accountId: string;
  readonly bucket: string;
  readonly domain: string;
}

/** The CDN domains of buckets, in one JSON file (cdn.json); their keys in the keychain, or in memory where there is none. */
export class CdnDomains {
  /** What was wrong with the file when it was opened. */
  readonly troubles: readonly FileTrouble[];
  readonly #file: JsonFile<CdnFile>;
  readonly #keychain: Keychain;
  /** Objects, since the log hides what registered objects hold for as long as they exist. */
  readonly #keys = new Map<string, { readonly cdnKey: string }>();
  #domains: readonly StoredCdnDomain[];
  /** One change after another: each writes the whole file. */
  readonly #turns = new Turns();

  private constructor(file: JsonFile<CdnFile>, keychain: Keychain, { value, troubles }: JsonContent<CdnFile>) {
    this.#file = file;
    this.#keychain = keychain;
    this.#domains = value.domains;
    this.troubles = troubles;
  }

  /** Reads the file at `path`. A missing file means no domains; a damaged one is set aside; a newer one stays. */
  static async open(path: string, keychain: Keychain): Promise<CdnDomains> {
    const file = new JsonFile(path, format);
    return new CdnDomains(file, keychain, await file.read());
  }

  /** The domains of a bucket, in the order of their names. */
  list(accountId: string, bucket: string): readonly StoredCdnDomain[] {
    const found = this.#domains.filter((one) => one.accountId === accountId && one.bucket === bucket);
    return found.toSorted((a, b) => a.domain.localeCompare(b.domain, 'en'));
  }

  /** One domain. @throws WaybillError `input` for one that isn't there */
  get({ accountId, bucket, domain }: CdnDomainRef): StoredCdnDomain {
    const found = this.list(accountId, bucket).find((one) => one.domain === domain);
    if (found === undefined) throw new WaybillError({ kind: 'input', field: 'domain', rule: 'unknown' });
    return found;
  }

  /** Whether a bucket has this domain, as it would be saved. @throws WaybillError `input` as cdnServer() */
  has({ accountId, bucket, domain }: CdnDomainRef): boolean {
    return this.list(accountId, bucket).some((one) => one.domain === plainDomain(domain));
  }

  /** The validity of links of a host in seconds, if all that is known of it agrees; null otherwise. */
  validityOf(host: string): number | null {
    const found = this.#domains.filter(({ domain }) => hostOf(domain) === host);
    const values = new Set(found.map(({ validitySeconds }) => validitySeconds));
    const [only = null] = values;
    return values.size === 1 ? only : null;
  }

  /**
   * Adds a domain, or changes how it authenticates. An empty key keeps the stored one.
   * @throws WaybillError `input` for a host of OSS, a text that can't be a key, and a new domain without one; `keychain`
   *   while that is locked; `file`
   */
  save(accountId: string, bucket: string, settings: CdnDomain, key: string): Promise<StoredCdnDomain> {
    return this.#turns.run(async () => {
      const domain = plainDomain(settings.domain);
      const before = this.list(accountId, bucket).find((one) => one.domain === domain);
      if (key !== '' || before === undefined) checkKey(key);
      const keyId = key === '' && before !== undefined ? before.keyId : crypto.randomUUID();
      if (key !== '') await this.#keep(keyId, key);
      const stored = { ...settings, accountId, bucket, domain, keyId };
      await this.#write([...this.#domains.filter((one) => one !== before), stored]);
      if (before !== undefined && before.keyId !== keyId) await this.#forget(before.keyId);
      return stored;
    });
  }

  /** Removes a domain and its key. @throws WaybillError `keychain` while that is locked; `file` */
  remove(ref: CdnDomainRef): Promise<void> {
    return this.#turns.run(() => this.#drop([this.get(ref)]));
  }

  /** Removes the domains of an account, with their keys. @throws WaybillError `keychain` while that is locked; `file` */
  removeAccount(accountId: string): Promise<void> {
    return this.#turns.run(() => this.#drop(this.#domains.filter((one) => one.accountId === accountId)));
  }

  /** Removes everything. @throws WaybillError as removeAccount() */
  removeAll(): Promise<void> {
    return this.#turns.run(() => this.#drop(this.#domains));
  }

  /** The key of a domain. @throws WaybillError `input` cdn-no-key if it is gone; `keychain` */
  async key({ keyId }: Pick<StoredCdnDomain, 'keyId'>): Promise<{ readonly cdnKey: string }> {
    const kept = this.#keys.get(keyId);
    if (kept !== undefined) return kept;
    const cdnKey = await this.#keychain.getText(idOf(keyId));
    if (cdnKey === null) throw new WaybillError({ kind: 'input', field: 'key', rule: 'cdn-no-key' });
    return registerSecrets({ cdnKey });
  }

  /** Forgets the keys that are in memory alone. */
  clear(): void {
    this.#keys.clear();
  }

  async #drop(domains: readonly StoredCdnDomain[]): Promise<void> {
    for (const { keyId } of domains) await this.#forget(keyId);
    if (domains.length > 0) await this.#write(this.#domains.filter((one) => !domains.includes(one)));
  }

  async #keep(keyId: string, cdnKey: string): Promise<void> {
    if ((await this.#keychain.status()) === 'absent') this.#keys.set(keyId, registerSecrets({ cdnKey }));
    else await this.#keychain.setText(idOf(keyId), cdnKey);
  }

  async #forget(keyId: string): Promise<void> {
    if (this.#keys.delete(keyId) || (await this.#keychain.status()) === 'absent') return;
    await this.#keychain.delete(idOf(keyId));
  }

  async #write(domains: readonly StoredCdnDomain[]): Promise<void> {
    await this.#file.write({ version: 1, domains: [...domains] });
    this.#domains = domains;
  }
}

/** `cdn.example.com`, or `http://…` for a domain without a certificate. */
function plainDomain(domain: string): string {
  return formatEndpoint(cdnServer(domain)).replace(/^https:\/\//, '');
}

function hostOf(domain: string): string {
  return domain.replace(/^https?:\/\//, '');
}

function checkKey(key: string): void {
  if (cdnKeySchema.safeParse(key).success) return;
  throw new WaybillError({ kind: 'input', field: 'key', rule: 'cdn-key' });
}

/** The prefix keeps keys apart from accounts, which the keychain holds under their bare IDs. */
function idOf(keyId: string): string {
  return `cdn:${keyId}`;
}
