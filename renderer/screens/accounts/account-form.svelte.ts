import type {
  Account,
  AccountColour,
  AccountDraft,
  KeychainStatus,
  PastedAccount,
  Results,
} from '../../../main/contract/contract.ts';
import { endpointOfRegion, isInsecure } from '../../lib/account-endpoint.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { readAddress, toAddress } from '../../lib/place.ts';
import { toLocalInput } from '../../lib/expiry.ts';
import { minutesOf, readMinutes } from '../../lib/session-minutes.ts';
import type { AccountField, Problem } from './account-problems.ts';
import { CredentialPaste } from './credential-paste.svelte.ts';
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
  /** Local time in the format of <input type="datetime-local">; empty if unknown. */
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
  roleArn = $state('');
  sessionName = $state('waybill');
  roleMinutes = $state('60');
  /** The original role. Parts without a field, such as its external ID and session policy, are kept. */
  #role: AccountDraft['role'] = null;
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
    return chosen === null || typed || this.accessKeyId.trim() !== chosen.accessKeyId ? null : chosen;
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
    return this.#remembers ?? (origin === 'saved' || (this.keychain === 'available' && origin !== 'this-run'));
  }

  set remember(on: boolean) {
    this.#remembers = on;
  }

  problemOf(field: AccountField): Problem | null {
    return this.submitted ? (this.problems[field] ?? null) : null;
  }

  /** Tests the credentials against OSS, then saves. Returns the account, or null if something needs correction. */
  async submit(): Promise<Account | null> {
    this.submitted = true;
    this.saving.failure = null;
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
    const before = this.#pastable();
    this.forgetSecrets();
    if (this.name.trim() === '') this.name = pasted.name ?? '';
    this.accessKeyId = pasted.accessKeyId;
    this.#showEnd(pasted.validUntil);
    this.#fillServer(pasted);
    if (pasted.startPath !== null) this.startPath = toAddress(pasted.startPath);
    if (pasted.role !== null) this.#fillRole(pasted.role);
    this.#pasteChange = { before, after: this.#pastable() };
  }

  #undoPaste(): void {
    const change = this.#pasteChange;
    this.#pasteChange = null;
    if (change === null) return;
    Object.assign(this, unedited(change, this.#pastable()));
    this.#role = change.before.role;
    this.#exactEnd = change.before.exactEnd;
  }

  #pastable(): Pastable {
    const { name, accessKeyId, tokenEnd, server, region, endpoint, endpointRegion, startPath } = this;
    const { roleArn, sessionName, roleMinutes } = this;
    const place = { server, region, endpoint, endpointRegion, startPath };
    const fields = { name, accessKeyId, tokenEnd, ...place, roleArn, sessionName, roleMinutes };
    return { fields, role: this.#role, exactEnd: this.#exactEnd };
  }

  #fillRole(role: NonNullable<AccountDraft['role']>): void {
    this.#role = role;
    this.roleArn = role.roleArn;
    this.sessionName = role.sessionName;
    this.roleMinutes = minutesOf(role);
  }

  #fillServer({ endpoint, region }: PastedAccount): void {
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
    this.accessKeyId = account.accessKeyId;
    this.region = account.region;
    this.endpoint = account.endpoint;
    this.server = account.endpoint === endpointOfRegion(account.region, this.#regions) ? 'region' : 'endpoint';
    const isNamed = !account.cname && account.endpoint.includes(`oss-${account.region}`);
    this.endpointRegion = isNamed ? OF_ENDPOINT : account.region;
    this.cname = account.cname;
    this.signVersion = account.signVersion;
    this.startPath = account.startPath === null ? '' : toAddress(account.startPath);
    if (account.role !== null) this.#fillRole(account.role);
    this.stsEndpoint = account.stsEndpoint ?? '';
    this.defaultExpirySeconds = account.defaultExpirySeconds;
    this.#showEnd(account.tokenValidUntil);
  }

  #problems(): Partial<Record<AccountField, Problem>> {
    const problems: Partial<Record<AccountField, Problem>> = {};
    const keepsSecret = this.account !== null && this.accessKeyId.trim() === this.account.accessKeyId;
    if (this.accessKeyId.trim() === '') problems.accessKeyId = 'required';
    if (this.accessKeySecret.trim() === '' && !keepsSecret && this.pasted === null)
      problems.accessKeySecret = 'required';
    if (this.server === 'endpoint' && this.endpoint.trim() === '') problems.endpoint = 'required';
    if (this.server === 'region' && this.region.trim() === '') problems.region = 'required';
    if (this.startPath.trim() !== '' && !this.#readStartPath()) problems.startPath = 'start-path';
    return { ...problems, ...this.#roleProblems() };
  }

  #roleProblems(): Partial<Record<AccountField, Problem>> {
    const arn = this.roleArn.trim();
    if (arn === '') return {};
    const problems: Partial<Record<AccountField, Problem>> = {};
    if (!/^acs:ram::[0-9*]+:role\/.+$/.test(arn)) problems.roleArn = 'role-arn';
    if (!/^[\w.@-]{2,64}$/.test(this.sessionName)) problems.sessionName = 'session-name';
    if (this.#roleSeconds() === null) problems.roleMinutes = 'range';
    return problems;
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
    const typed = Date.parse(this.tokenEnd);
    return Number.isNaN(typed) ? null : typed;
  }

  /** The length of a session: the role's own until its minutes are edited, which show no seconds. Null if out of range. */
  #roleSeconds(): number | null {
    if (this.#role !== null && this.roleMinutes === minutesOf(this.#role)) return this.#role.durationSeconds;
    const minutes = readMinutes(this.roleMinutes);
    return minutes === null ? null : minutes * 60;
  }

  #draftRole(): AccountDraft['role'] {
    const [roleArn, durationSeconds] = [this.roleArn.trim(), this.#roleSeconds()];
    if (roleArn === '' || durationSeconds === null) return null;
    return { ...this.#role, roleArn, sessionName: this.sessionName, durationSeconds };
  }

  #draft(): AccountDraft {
    const region = this.#regionId();
    const token = this.securityToken.trim();
    return {
      name: this.name.trim() === '' ? this.accessKeyId.trim() : this.name.trim(),
      colour: this.colour,
      accessKeyId: this.accessKeyId.trim(),
      accessKeySecret: this.accessKeySecret.trim(),
      securityToken: token === '' ? null : token,
      tokenValidUntil: this.#readEnd(),
      endpoint: this.server === 'region' ? endpointOfRegion(region, this.#regions) : this.endpoint.trim(),
      region,
      cname: this.server === 'endpoint' && this.cname,
      signVersion: this.signVersion,
      startPath: this.#readStartPath(),
      role: this.#draftRole(),
      stsEndpoint: this.stsEndpoint.trim() === '' ? null : this.stsEndpoint.trim(),
      defaultExpirySeconds: this.defaultExpirySeconds,
      remember: this.remember,
    };
  }
}
