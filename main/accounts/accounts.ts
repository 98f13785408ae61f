import { homedir } from 'node:os';
import { WaybillError } from '../failure.ts';
import type { Bucket } from '../oss/operations/buckets.ts';
import type { AccessKey, Connection } from '../oss/connection.ts';
import type { Access } from './access.ts';
import { AccessPool } from './access-pool.ts';
import type { DomainFinding } from './bucket-ways.ts';
import { checkAccess } from './check-access.ts';
import type { AccountsOptions } from './accounts-options.ts';
import type { Account, AccountDraft, BucketWay, KeyDraft, EnvironmentAccount, KeychainStatus } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { Session } from './sts/credentials.ts';
import { accountOf, draftOf, type KeptDraft, keptWays, outlasts, placed, secretOf } from './draft.ts';
import { environmentDraft, readEnvironment } from './environment-account.ts';
import type { AccountSecret, Keychain } from './keychain.ts';
import { AccountSecrets } from './secrets.ts';
import { listProfiles, type ProfileList } from './sources/profiles/profiles.ts';
import type { SourceContext } from './sources/source.ts';
import { type PracticeServer, practiceDraft } from './practice-account.ts';

/** Fixed IDs, so that settings that refer to these accounts (the last one used) stay valid across runs. */
export const PRACTICE_ID = '00000000-0000-4000-8000-000000000001';
const ENVIRONMENT_ID = '00000000-0000-4000-8000-000000000002';

/** All accounts: saved ones, and temporary ones that exist until Waybill quits. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #keychain: Keychain;
  /** Where sources of credentials are looked up. */
  readonly place: Pick<SourceContext, 'environment' | 'home' | 'areSourcesOff'>;
  readonly #onFound: (accountId: string, finding: DomainFinding) => void;
  readonly #secrets: AccountSecrets;
  readonly #thisRun = new Map<string, Account>();
  readonly #pool: AccessPool;
  #practiceRoleArn: string | null = null;
  readonly #listeners = new Set<(accounts: readonly Account[]) => void>();

  constructor(options: AccountsOptions) {
    this.#store = options.store;
    this.#keychain = options.keychain;
    this.#secrets = new AccountSecrets(options.keychain);
    const { environment = process.env, home = homedir(), areSourcesOff } = options;
    this.place = { environment, home, areSourcesOff };
    this.#onFound = options.onFound ?? (() => undefined);
    this.#pool = new AccessPool({
      dispatcher: options.dispatcher,
      localNow: options.localNow ?? Date.now,
      place: this.place,
      signal: options.signal,
      load: (account) => this.#secrets.load(account),
      onFound: (id, finding) => void this.#found(id, finding),
    });
  }

  list(): readonly Account[] {
    return [...this.#store.all(), ...this.#thisRun.values()];
  }

  /** @throws WaybillError `input` for an unknown ID */
  get(id: string): Account {
    const account = this.list().find((other) => other.id === id);
    if (account === undefined) throw new WaybillError({ kind: 'input', field: 'account', rule: 'unknown' });
    return account;
  }

  /** Calls `listener` with the complete list after each change. Returns a function that unsubscribes it. */
  onChange(listener: (accounts: readonly Account[]) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Whether secrets can be stored. Takes at most a few seconds. */
  keychainStatus(): Promise<KeychainStatus> {
    return this.#keychain.status(this.#store.all().find(({ kind }) => kind === 'key')?.id);
  }

  /**
   * Tests a draft with real requests. With `id`, an empty secret stands for that account's stored one. Returns what it
   * found about custom domains that the account needs, for add() or update().
   * @throws WaybillError as probe()
   */
  async check(draft: AccountDraft, id: string | null = null): Promise<readonly DomainFinding[]> {
    const before = id === null ? null : this.get(id);
    const secret = await this.#secretOf(draft, before);
    return (await this.#pool.probe({ ...placed(draft), ...keptWays(before, draft) }, secret)).findings;
  }

  /** Adds an account: saved, or until Waybill quits if the draft says so or there is no keychain. */
  async add(draft: AccountDraft, findings: readonly DomainFinding[] = []): Promise<Account> {
    const secret = await this.#secretOf(draft, null);
    return this.#withWays(await this.#keep(crypto.randomUUID(), { draft }, secret, null), findings);
  }

  /** Replaces an account's fields. An empty secret keeps the stored one. */
  async update(id: string, draft: AccountDraft, findings: readonly DomainFinding[] = []): Promise<Account> {
    const before = this.get(id);
    return this.#replace(before, { draft, ...keptWays(before, draft) }, findings);
  }

  /**
   * Replaces an account's credentials after testing the new ones with a real request. `validUntil` is in Unix
   * milliseconds, null if unknown.
   * @throws WaybillError the failure of that request; `expired-token` for expired credentials; `input` for credentials
   *   of another Alibaba Cloud account. The old ones then stay in place.
   */
  async replaceCredentials(id: string, key: AccessKey, validUntil: number | null): Promise<Account> {
    const { accessKeyId, accessKeySecret, securityToken } = key;
    const before = this.get(id);
    if (before.kind !== 'key') throw new WaybillError({ kind: 'input', field: 'account', rule: 'unknown' });
    const draft = { ...draftOf(before), accessKeyId, accessKeySecret, securityToken, tokenValidUntil: validUntil };
    if (validUntil !== null && validUntil <= this.serverNow(id)) {
      throw new WaybillError({ kind: 'credentials', cause: 'token-expired' });
    }
    const { access, findings } = await this.#pool.probe(
      { ...draft, ways: before.ways },
      { accessKeySecret, securityToken },
    );
    if ((await this.#pool.known(id)?.isForeign(access)) === true) {
      throw new WaybillError({ kind: 'input', field: 'paste', rule: 'other-account' });
    }
    return this.#replace(before, { draft, ways: before.ways }, findings);
  }

  /** Deletes an account and its secret. @throws WaybillError `keychain` while that is locked */
  async remove(id: string): Promise<void> {
    const account = this.get(id);
    await this.#unstore(account);
    if (account.origin === 'saved') await this.#store.remove(id);
    this.#pool.drop(id);
    this.#thisRun.delete(id);
    await this.#secrets.forget(id);
    this.#changed();
  }

  /** Clears cached secrets and sessions, which are loaded again when needed. Running work is unaffected. */
  clearCaches(): void {
    this.#pool.clear();
  }

  /** Adds the account of a practice server, until Waybill quits. */
  async openPractice(server: PracticeServer): Promise<Account> {
    this.#practiceRoleArn = server.roleArn;
    return this.#forThisRun(PRACTICE_ID, practiceDraft(server), 'practice');
  }

  /** The default role for grants (ARN): the account's own, or the practice server's; null without one. */
  grantingRole(id: string): string | null {
    return this.get(id).role?.roleArn ?? (id === PRACTICE_ID ? this.#practiceRoleArn : null);
  }

  /** Credentials found in the environment, or null. */
  environment(): EnvironmentAccount | null {
    return readEnvironment(this.place.environment);
  }

  /**
   * Adds an account with the environment's credentials, until Waybill quits.
   * @throws WaybillError `credentials` if there are none
   */
  async useEnvironment(): Promise<Account> {
    const draft = environmentDraft(this.place.environment);
    if (draft === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
    return this.#forThisRun(ENVIRONMENT_ID, draft, 'environment');
  }

  /** The profiles of other programs on this computer, without their secrets. */
  profiles(): Promise<ProfileList> {
    return listProfiles(this.place);
  }

  /** Asks the source of an account's credentials again, and tests them with a real request. @throws WaybillError as check() */
  async readAgain(id: string): Promise<void> {
    this.#pool.drop(id);
    await checkAccess(this.access(id), this.get(id));
  }

  /** Records how the objects of a bucket are reached from now on. @throws WaybillError `file` */
  async setWay(id: string, bucket: string, way: BucketWay): Promise<void> {
    const change = (account: Account): Account => ({ ...account, ways: { ...account.ways, [bucket]: way } });
    const { origin } = this.get(id);
    if (origin === 'saved') await this.#store.edit(id, change);
    else this.#thisRun.set(id, change(this.get(id)));
    this.#changed();
  }

  /** A connection for the bucket's objects, or for requests without a bucket. */
  connection(id: string, bucket: string | null = null): Promise<Connection> {
    return this.access(id).connection(bucket);
  }

  /** Runs an operation. Repeats it once if the session had expired or the bucket is in another region. */
  run<T>(id: string, bucket: string | null, operation: (connection: Connection) => Promise<T>): Promise<T> {
    return this.access(id).run(bucket, operation);
  }

  /** All buckets of the account. */
  buckets(id: string, signal?: AbortSignal): Promise<readonly Bucket[]> {
    return this.access(id).buckets(signal);
  }

  /** The credentials that sign, valid for the next `validForMs` milliseconds or as long as the account allows. */
  session(id: string, validForMs = 0): Promise<Session> {
    return this.access(id).session(validForMs);
  }

  /** The estimated time of the account's server, in Unix milliseconds. */
  serverNow(id: string): number {
    return this.#pool.clockOf(this.get(id).endpoint).now();
  }

  /** Server time minus local time, in milliseconds, as far as the account's server has corrected it. */
  clockOffsetMs(id: string): number {
    return this.#pool.clockOf(this.get(id).endpoint).offsetMs;
  }

  /** One account's access to OSS. */
  access(id: string): Access {
    return this.#pool.of(this.get(id));
  }

  #secretOf(draft: AccountDraft, before: Account | null): Promise<AccountSecret | null> {
    return secretOf(draft, before, (account) => this.#secrets.load(account));
  }

  async #replace(before: Account, kept: KeptDraft, findings: readonly DomainFinding[]): Promise<Account> {
    const secret = await this.#secretOf(kept.draft, before);
    return this.#withWays(await this.#keep(before.id, kept, secret, before), findings);
  }

  async #keep(id: string, kept: KeptDraft, secret: AccountSecret | null, before: Account | null): Promise<Account> {
    const { draft, ways } = kept;
    const wasSaved = before?.origin === 'saved';
    const keychain = draft.remember && secret !== null ? await this.keychainStatus() : 'absent';
    // Without a keychain a saved account stays saved, but its secret is lost when Waybill quits. A source has no secret.
    const isKept = secret === null || keychain !== 'absent' || wasSaved;
    const origin = draft.remember && isKept ? 'saved' : 'this-run';
    const temporary = isTemporary(secret);
    const account = { ...accountOf(id, draft, { origin, temporary }), ...(ways === undefined ? {} : { ways }) };
    if (secret === null || origin !== 'saved') await this.#unstore(before);
    // The secret first: an account without one is useless, a secret without an account merely unused.
    if (secret === null) await this.#secrets.forget(id);
    else await this.#secrets.put(account, secret, keychain);
    await this.#put(account, wasSaved);
    this.#pool.drop(id);
    this.#changed();
    return account;
  }

  /** Where the account belongs by its origin. */
  async #put(account: Account, wasSaved: boolean): Promise<void> {
    const { id, origin } = account;
    if (origin === 'saved') {
      await this.#store.save(account);
      this.#thisRun.delete(id);
    } else {
      if (wasSaved) await this.#store.remove(id);
      this.#thisRun.set(id, account);
    }
  }

  async #withWays(account: Account, findings: readonly DomainFinding[]): Promise<Account> {
    for (const finding of findings) {
      if (!outlasts(account, finding)) await this.#found(account.id, finding);
    }
    return this.get(account.id);
  }

  async #found(id: string, finding: DomainFinding): Promise<void> {
    // An account that is removed meanwhile, or a file that can't be written, is no reason to fail: it is found again.
    await this.setWay(id, finding.bucket, finding.way).catch(() => undefined);
    if (finding.domains !== null) this.#onFound(id, finding);
  }

  /** Comes first: the account stays if its secret can't be deleted from a locked keychain, where it would stay forever. */
  async #unstore(account: Account | null): Promise<void> {
    if (account?.kind === 'key' && account.origin === 'saved') await this.#secrets.unstore(account.id);
  }

  async #forThisRun(id: string, draft: KeyDraft, origin: 'practice' | 'environment'): Promise<Account> {
    const { accessKeySecret, securityToken } = placed(draft);
    const account = accountOf(id, draft, { origin, temporary: securityToken !== null });
    await this.#secrets.keep(id, { accessKeySecret, securityToken });
    this.#thisRun.set(id, account);
    this.#pool.drop(id);
    this.#changed();
    return account;
  }

  #changed(): void {
    const accounts = this.list();
    for (const listener of this.#listeners) listener(accounts);
  }
}

function isTemporary(secret: AccountSecret | null): boolean {
  return secret !== null && secret.securityToken !== null;
}
