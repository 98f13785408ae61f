import type {
  Account,
  AccountColour,
  AccountDraft,
  FoundProfile,
  KeychainStatus,
  PastedAccount,
  Results,
} from '../../../main/contract/contract.ts';
import { endpointOfRegion, isInsecure } from '../../lib/account-endpoint.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { readAddress, toAddress } from '../../lib/place.ts';
import { momentOf, toLocalInput } from '../../lib/expiry.ts';
import { type AccountField, fieldAtFault, type Problem } from './account-problems.ts';
import { CredentialPaste } from './credential-paste.svelte.ts';
import { RoleFields } from './role-fields.svelte.ts';
import { SourceFields } from './sources/source-fields.svelte.ts';
import { type Pastable, type PasteChange, unedited } from './paste-change.ts';

/** Instead of a region: the one in the endpoint's host name. */
export const OF_ENDPOINT = 'endpoint';

interface FormStart {
  /** Null for a new account. */
  readonly account: Account | null;
  readonly colour: AccountColour;
  /** As it was when the window opened. The form asks again. */
  readonly keychain: KeychainStatus;
  readonly regions: Results['app.info']['regions'];
}

/** The account form. Secrets stay here only from typing to submitting. */
export class AccountForm {
  readonly #call: typeof call;
  readonly #regions: FormStart['regions'];
  readonly account: Account | null;
  readonly paste: CredentialPaste;

  name = $state('');
  colour = $state<AccountColour>('blue');
  accessKeyId = $state('');
  accessKeySecret = $state('');
  securityToken = $state('');
  /** Local time as toLocalInput() writes it; empty if unknown. */
  tokenEnd = $state('');
  /** The exact time behind `tokenEnd`, which shows only minutes. Used until the field is edited. */
  #exactEnd: number | null = null;
  server = $state<'region' | 'endpoint'>('region');
  region = $state('cn-hangzhou');
  endpoint = $state('');
  /** For a custom endpoint; the one that its host names is main's to read. */
  endpointRegion = $state<string>(OF_ENDPOINT);
  cname = $state(false);
  signVersion = $state<'v4' | 'v1'>('v4');
  startPath = $state('');
  readonly role = new RoleFields();
  readonly source = new SourceFields();
  stsEndpoint = $state('');
  defaultExpirySeconds = $state(3600);
  keychain = $state<KeychainStatus>('absent');
  /** The checkbox, once it was used. */
  #remembers = $state<boolean | null>(null);

  /** What a paste changed, until another text is read. */
  #pasteChange: PasteChange | null = null;

  submitted = $state(false);
  readonly saving = new Attempt();

  readonly insecure = $derived(this.server === 'endpoint' && isInsecure(this.endpoint));
  /** The pasted credentials that main fills in for the empty secret; null once others are typed. */
  readonly pasted = $derived.by((): PastedAccount | null => {
    const { chosen } = this.paste;
    const typed = this.accessKeySecret.trim() !== '' || this.securityToken.trim() !== '';
    const isKept = !typed && this.source.kind === 'key' && this.accessKeyId.trim() === chosen?.accessKeyId;
    return isKept ? chosen : null;
  });
  readonly problems = $derived(this.#problems());

  constructor({ account, colour, keychain, regions }: FormStart, callMain: typeof call) {
    this.#call = callMain;
    this.#regions = regions;
    this.account = account;
    this.paste = new CredentialPaste(callMain, (pasted) => this.#fillPasted(pasted));
    this.colour = account?.colour ?? colour;
    this.keychain = keychain;
    if (account !== null) this.#fill(account);
    void this.#askKeychain();
  }

  /** Save the account, not only for this run. A saved one stays saved without a keychain, which may come back. */
  get remember(): boolean {
    const origin = this.account?.origin ?? null;
    const canSave = this.keychain === 'available' || this.source.kind !== 'key';
    return this.#remembers ?? (origin === 'saved' || (canSave && origin !== 'this-run'));
  }

  set remember(on: boolean) {
    this.#remembers = on;
  }

  problemOf(field: AccountField): Problem | null {
    if (!this.submitted) return null;
    return this.problems[field] ?? (fieldAtFault(this.saving.failure) === field ? 'refused' : null);
  }

  /** Tests the credentials against OSS, then saves. Returns the account, or null if something needs correction. */
  async submit(): Promise<Account | null> {
    this.submitted = true;
    this.saving.failure = null;
    await this.role.checkPolicy(this.#call);
    if (Object.keys(this.problems).length > 0) return null;
    let saved: Account | null = null;
    await this.saving.run(
      () => this.#save(this.#draft()),
      (account) => {
        saved = account;
        this.forgetSecrets();
      },
    );
    return saved;
  }

  /** Takes a profile of another program, and for a new account where that says OSS is. */
  takeProfile({ profile, endpoint, region }: FoundProfile): void {
    this.source.kind = 'profile';
    this.source.profile = profile;
    if (this.account === null) this.#fillServer({ endpoint, region });
  }

  forgetSecrets(): void {
    this.accessKeySecret = '';
    this.securityToken = '';
    this.paste.forget();
  }

  async #askKeychain(): Promise<void> {
    try {
      this.keychain = await this.#call('accounts.keychain', {});
    } catch {
      // What was known at the start still counts.
    }
  }

  async #save(draft: AccountDraft): Promise<Account> {
    const { account, pasted } = this;
    if (pasted?.source === 'grant' && account === null) {
      const { name, colour, remember } = draft;
      return this.#call('grants.accept', { pasteId: pasted.pasteId, name, colour, remember });
    }
    const secrets = { draft, pasteId: pasted?.pasteId };
    return account === null
      ? this.#call('accounts.add', secrets)
      : this.#call('accounts.update', { ...secrets, id: account.id });
  }

  /** Fields that the text doesn't mention become what they were before the older paste, unless they were edited. */
  #fillPasted(pasted: PastedAccount | null): void {
    this.#undoPaste();
    this.saving.failure = null;
    if (pasted === null) return;
    this.source.kind = 'key';
    const before = this.#pastable();
    this.forgetSecrets();
    if (this.name.trim() === '') this.name = pasted.name ?? '';
    this.accessKeyId = pasted.accessKeyId;
    this.#showEnd(pasted.validUntil);
    this.#fillServer(pasted);
    if (pasted.startPath !== null) this.startPath = toAddress(pasted.startPath);
    if (pasted.role !== null) this.role.fill(pasted.role);
    this.#pasteChange = { before, after: this.#pastable() };
  }

  #undoPaste(): void {
    const change = this.#pasteChange;
    this.#pasteChange = null;
    if (change === null) return;
    const { fields, role } = unedited(change, this.#pastable());
    Object.assign(this, fields);
    Object.assign(this.role, role);
    this.role.exactSeconds = change.before.exactSeconds;
    this.#exactEnd = change.before.exactEnd;
  }

  #pastable(): Pastable {
    const { name, accessKeyId, tokenEnd, server, region, endpoint, endpointRegion, startPath } = this;
    const fields = { name, accessKeyId, tokenEnd, server, region, endpoint, endpointRegion, startPath };
    const { exactSeconds } = this.role;
    return { fields, role: this.role.texts(), exactSeconds, exactEnd: this.#exactEnd };
  }

  #fillServer({ endpoint, region }: Pick<PastedAccount, 'endpoint' | 'region'>): void {
    if (region !== null) this.region = region;
    if (endpoint === null && region === null) return;
    const isOwn =
      endpoint !== null &&
      endpoint.replace(/^(?!https?:)/, 'https://') !== endpointOfRegion(this.region, this.#regions);
    this.server = isOwn ? 'endpoint' : 'region';
    this.endpoint = endpoint ?? '';
    this.endpointRegion = region ?? OF_ENDPOINT;
  }

  #fill(account: Account): void {
    this.name = account.name;
    this.region = account.region;
    this.endpoint = account.endpoint;
    this.server = account.endpoint === endpointOfRegion(account.region, this.#regions) ? 'region' : 'endpoint';
    const isNamed = !account.cname && account.endpoint.includes(`oss-${account.region}`);
    this.endpointRegion = isNamed ? OF_ENDPOINT : account.region;
    this.cname = account.cname;
    this.signVersion = account.signVersion;
    this.startPath = account.startPath === null ? '' : toAddress(account.startPath);
    if (account.role !== null) this.role.fill(account.role);
    this.stsEndpoint = account.stsEndpoint ?? '';
    this.defaultExpirySeconds = account.defaultExpirySeconds;
    if (account.kind === 'sourced') this.source.fill(account.source);
    else {
      this.accessKeyId = account.accessKeyId;
      this.#showEnd(account.tokenValidUntil);
    }
  }

  #problems(): Partial<Record<AccountField, Problem>> {
    const problems: Partial<Record<AccountField, Problem>> = {};
    if (this.source.kind === 'key') Object.assign(problems, this.#keyProblems());
    else if (this.name.trim() === '' && this.source.usualName === '') problems.name = 'required';
    if (this.server === 'endpoint' && this.endpoint.trim() === '') problems.endpoint = 'required';
    if (this.server === 'region' && this.region.trim() === '') problems.region = 'required';
    if (this.startPath.trim() !== '' && !this.#readStartPath()) problems.startPath = 'start-path';
    return { ...problems, ...this.source.problems(), ...this.role.problems() };
  }

  #keyProblems(): Partial<Record<AccountField, Problem>> {
    const { account } = this;
    const keepsSecret = account?.kind === 'key' && this.accessKeyId.trim() === account.accessKeyId;
    const hasSecret = this.accessKeySecret.trim() !== '' || keepsSecret || this.pasted !== null;
    return {
      ...(this.accessKeyId.trim() === '' ? { accessKeyId: 'required' as const } : {}),
      ...(hasSecret ? {} : { accessKeySecret: 'required' as const }),
    };
  }

  /** Empty where main reads it from the endpoint. */
  #regionId(): string {
    if (this.server === 'region') return this.region.trim();
    return this.endpointRegion === OF_ENDPOINT ? '' : this.endpointRegion;
  }

  #readStartPath(): { bucket: string; prefix: string } | null {
    const address = readAddress(this.startPath);
    if (address === null || address.bucket === null) return null;
    return { bucket: address.bucket, prefix: address.key };
  }

  #showEnd(moment: number | null): void {
    this.#exactEnd = moment;
    this.tokenEnd = moment === null ? '' : toLocalInput(moment);
  }

  #readEnd(): number | null {
    if (this.#exactEnd !== null && this.tokenEnd === toLocalInput(this.#exactEnd)) return this.#exactEnd;
    const typed = momentOf(this.tokenEnd);
    return Number.isNaN(typed) ? null : typed;
  }

  #draft(): AccountDraft {
    const region = this.#regionId();
    const source = this.source.source();
    const { accessKeyId } = this;
    const usualName = source === null ? accessKeyId.trim() : this.source.usualName;
    const shared = {
      name: this.name.trim() === '' ? usualName : this.name.trim(),
      colour: this.colour,
      endpoint: this.server === 'region' ? endpointOfRegion(region, this.#regions) : this.endpoint.trim(),
      region,
      cname: this.server === 'endpoint' && this.cname,
      signVersion: this.signVersion,
      startPath: this.#readStartPath(),
      role: this.role.draft(),
      stsEndpoint: this.stsEndpoint.trim() === '' ? null : this.stsEndpoint.trim(),
      defaultExpirySeconds: this.defaultExpirySeconds,
      remember: this.remember,
    };
    if (source !== null) return { ...shared, kind: 'sourced', source };
    const token = this.securityToken.trim();
    return {
      ...shared,
      kind: 'key',
      accessKeyId: accessKeyId.trim(),
      accessKeySecret: this.accessKeySecret.trim(),
      securityToken: token === '' ? null : token,
      tokenValidUntil: this.#readEnd(),
    };
  }
}
