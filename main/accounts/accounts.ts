import type { Dispatcher } from 'undici';
import { WaybillError } from '../failure.ts';
import type { Bucket } from '../oss/operations/buckets.ts';
import { type AccessKey, type Connection, ServerClock } from '../oss/connection.ts';
import { Access, type AssumedRole } from './access.ts';
import type { Account, AccountDraft, EnvironmentAccount, KeychainStatus } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { RoleSession, Session } from './sts/credentials.ts';
import { accountOf, draftOf, secretOf } from './draft.ts';
import { type Environment, environmentDraft, readEnvironment } from './environment.ts';
import { type AccountSecret, type Keychain, memoryKeychain } from './keychain.ts';
import { type PracticeServer, practiceDraft } from './practice-account.ts';

/** Options of Accounts. */
export interface AccountsOptions {
  readonly store: AccountStore;
  readonly keychain: Keychain;
  readonly dispatcher: Dispatcher;
  /** Default: that of the process. */
  readonly environment?: Environment;
  /** The local clock, in Unix milliseconds. */
  readonly localNow?: () => number;
}

/** Runs an operation on a bucket as one account: Accounts.run(). */
export type RunAs = <T>(
  accountId: string,
  bucket: string,
  operation: (connection: Connection) => Promise<T>,
) => Promise<T>;

/** Fixed IDs, so that settings that refer to these accounts (the last one used) stay valid across runs. */
export const PRACTICE_ID = '00000000-0000-4000-8000-000000000001';
const ENVIRONMENT_ID = '00000000-0000-4000-8000-000000000002';

/** All accounts: saved ones, and temporary ones that exist until Waybill quits. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #keychain: Keychain;
  readonly #dispatcher: Dispatcher;
  readonly #environment: Environment;
  readonly #localNow: () => number;
  /** Secrets that aren't in the keychain. */
  readonly #memory = memoryKeychain();
  readonly #thisRun = new Map<string, Account>();
  readonly #access = new Map<string, Access>();
  readonly #clocks = new Map<string, ServerClock>();
  #practiceRoleArn: string | null = null;
  readonly #listeners = new Set<(accounts: readonly Account[]) => void>();

  constructor(options: AccountsOptions) {
    this.#store = options.store;
    this.#keychain = options.keychain;
    this.#dispatcher = options.dispatcher;
    this.#environment = options.environment ?? process.env;
    this.#localNow = options.localNow ?? Date.now;
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
    return this.#keychain.status(this.#store.all()[0]?.id);
  }

  /**
   * Tests a draft with one real request. With `id`, an empty secret stands for that account's stored one.
   * @throws WaybillError the failure of that request
   */
  async check(draft: AccountDraft, id: string | null = null): Promise<void> {
    const secret = await this.#secretOf(draft, id === null ? null : this.get(id));
    const loadSecret = () => Promise.resolve(secret);
    await this.#makeAccess(draft, loadSecret).check();
  }

  /** Adds an account: saved, or until Waybill quits if the draft says so or there is no keychain. */
  async add(draft: AccountDraft): Promise<Account> {
    const secret = await this.#secretOf(draft, null);
    return this.#keep(crypto.randomUUID(), draft, secret, null);
  }

  /** Replaces an account's fields. An empty secret keeps the stored one. */
  async update(id: string, draft: AccountDraft): Promise<Account> {
    const before = this.get(id);
    return this.#keep(id, draft, await this.#secretOf(draft, before), before);
  }

  /**
   * Replaces an account's credentials after testing the new ones with a real request. `validUntil` is in Unix
   * milliseconds, null if unknown.
   * @throws WaybillError the failure of that request; `expired-token` for expired credentials; `input` for credentials
   *   of another Alibaba Cloud account. The old ones then stay in place.
   */
  async replaceCredentials(id: string, key: AccessKey, validUntil: number | null): Promise<Account> {
    const { accessKeyId, accessKeySecret, securityToken } = key;
    const account = draftOf(this.get(id));
    const draft = { ...account, accessKeyId, accessKeySecret, securityToken, tokenValidUntil: validUntil };
    if (validUntil !== null && validUntil <= this.serverNow(id)) {
      throw new WaybillError({ kind: 'credentials', cause: 'token-expired' });
    }
    const access = this.#makeAccess(draft, () => Promise.resolve({ accessKeySecret, securityToken }));
    await access.check();
    if ((await this.#access.get(id)?.isForeign(access)) === true) {
      throw new WaybillError({ kind: 'input', field: 'paste', rule: 'other-account' });
    }
    return this.update(id, draft);
  }

  /** Deletes an account and its secret. @throws WaybillError `keychain` while that is locked */
  async remove(id: string): Promise<void> {
    if (this.get(id).origin === 'saved') await this.#unsave(id);
    this.#access.delete(id);
    this.#thisRun.delete(id);
    await this.#memory.delete(id);
    this.#changed();
  }

  /** Clears cached secrets and sessions, which are loaded again when needed. Running work is unaffected. */
  clearCaches(): void {
    this.#access.clear();
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
    return readEnvironment(this.#environment);
  }

  /**
   * Adds an account with the environment's credentials, until Waybill quits.
   * @throws WaybillError `credentials` if there are none
   */
  async useEnvironment(): Promise<Account> {
    const draft = environmentDraft(this.#environment);
    if (draft === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
    return this.#forThisRun(ENVIRONMENT_ID, draft, 'environment');
  }

  /** A connection to the bucket's region, or for requests without a bucket. */
  connection(id: string, bucket: string | null = null): Promise<Connection> {
    return this.#accessOf(id).connection(bucket);
  }

  /** A connection to a region, to create a bucket there. */
  connectionIn(id: string, region: string): Connection {
    return this.#accessOf(id).connectionIn(region);
  }

  /** Runs an operation. Repeats it once if the session had expired or the bucket is in another region. */
  run<T>(id: string, bucket: string | null, operation: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#accessOf(id).run(bucket, operation);
  }

  /** All buckets of the account. */
  buckets(id: string, signal?: AbortSignal): Promise<readonly Bucket[]> {
    return this.#accessOf(id).buckets(signal);
  }

  /** The credentials that sign, valid for the next `validForMs` milliseconds or as long as the account allows. */
  session(id: string, validForMs = 0): Promise<Session> {
    return this.#accessOf(id).session(validForMs);
  }

  /** A separate session, for a grant or a single link. */
  assume(id: string, wanted: AssumedRole): Promise<RoleSession> {
    return this.#accessOf(id).assume(wanted);
  }

  /** The ID of the Alibaba Cloud account behind the key; null if STS doesn't reveal it. */
  alibabaAccountId(id: string): Promise<string | null> {
    return this.#accessOf(id).alibabaAccountId();
  }

  /** Discards the account's expired session. False: it can't be renewed without the user. */
  renew(id: string): boolean {
    return this.#accessOf(id).renew();
  }

  /** The estimated time of the account's server, in Unix milliseconds. */
  serverNow(id: string): number {
    return this.#clockOf(this.get(id).endpoint).now();
  }

  /** Server time minus local time, in milliseconds, as far as the account's server has corrected it. */
  clockOffsetMs(id: string): number {
    return this.#clockOf(this.get(id).endpoint).offsetMs;
  }

  #accessOf(id: string): Access {
    const account = this.get(id);
    const known = this.#access.get(id);
    if (known !== undefined) return known;
    const access = this.#makeAccess(account, () => this.#storedSecret(account));
    this.#access.set(id, access);
    return access;
  }

  #makeAccess(identity: Account | AccountDraft, loadSecret: () => Promise<AccountSecret>): Access {
    return new Access({ identity, loadSecret, dispatcher: this.#dispatcher, clock: this.#clockOf(identity.endpoint) });
  }

  #clockOf(endpoint: string): ServerClock {
    const clock = this.#clocks.get(endpoint) ?? new ServerClock(this.#localNow);
    this.#clocks.set(endpoint, clock);
    return clock;
  }

  async #storedSecret({ id, origin }: Account): Promise<AccountSecret> {
    const secret = (await this.#memory.get(id)) ?? (origin === 'saved' ? await this.#keychain.get(id) : null);
    if (secret === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
    return secret;
  }

  #secretOf(draft: AccountDraft, before: Account | null): Promise<AccountSecret> {
    return secretOf(draft, before, (account) => this.#storedSecret(account));
  }

  async #keep(id: string, draft: AccountDraft, secret: AccountSecret, before: Account | null): Promise<Account> {
    const wasSaved = before?.origin === 'saved';
    const keychain = draft.remember ? await this.keychainStatus() : 'absent';
    // Without a keychain a saved account stays saved, but its secret is lost when Waybill quits.
    const origin = draft.remember && (keychain !== 'absent' || wasSaved) ? 'saved' : 'this-run';
    const account = accountOf(id, draft, { origin, temporary: secret.securityToken !== null });
    if (origin === 'saved') await this.#save(account, secret, keychain);
    else {
      await this.#memory.set(id, secret);
      if (wasSaved) await this.#unsave(id);
      this.#thisRun.set(id, account);
    }
    this.#access.delete(id);
    this.#changed();
    return account;
  }

  /** Stores the secret first: an account without a secret is useless, a secret without an account merely unused. */
  async #save(account: Account, secret: AccountSecret, keychain: KeychainStatus): Promise<void> {
    if (keychain === 'absent') await this.#memory.set(account.id, secret);
    else {
      await this.#keychain.set(account.id, secret);
      await this.#memory.delete(account.id);
    }
    await this.#store.save(account);
    this.#thisRun.delete(account.id);
  }

  /** Keeps the account if its secret can't be deleted from a locked keychain, where it would stay forever. */
  async #unsave(id: string): Promise<void> {
    await this.#keychain.delete(id).catch((error: unknown) => {
      const failure = error instanceof WaybillError ? error.failure : null;
      if (failure?.kind !== 'keychain' || failure.reason !== 'absent') throw error;
    });
    await this.#store.remove(id);
  }

  async #forThisRun(id: string, draft: AccountDraft, origin: 'practice' | 'environment'): Promise<Account> {
    const secret = await this.#secretOf(draft, null);
    const account = accountOf(id, draft, { origin, temporary: secret.securityToken !== null });
    await this.#memory.set(id, secret);
    this.#thisRun.set(id, account);
    this.#access.delete(id);
    this.#changed();
    return account;
  }

  #changed(): void {
    const accounts = this.list();
    for (const listener of this.#listeners) listener(accounts);
  }
}
