import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import { AccountStore } from '../../accounts/account-store.ts';
import { Accounts } from '../../accounts/accounts.ts';
import { type Keychain, osKeychain } from '../../accounts/keychain.ts';
import { LockPassphrase, lockProfileOf } from '../../accounts/passphrases/lock-passphrase.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { text } from '../terminal/sentences.ts';
import { passLock } from './pass-lock.ts';

/** The value of --user-data-dir. */
interface FolderValues {
  readonly 'user-data-dir'?: string | undefined;
}

/** The folder of the window's state: --user-data-dir, which the window takes, too, or where Electron puts it. */
export function userDataFolder({ 'user-data-dir': chosen }: FolderValues, env: CommandContext['env']): string {
  if (chosen !== undefined) return resolve(chosen);
  return join(applicationData(env), 'Waybill');
}

/** @see https://www.electronjs.org/docs/latest/api/app#appgetpathname */
function applicationData(env: CommandContext['env']): string {
  const home = homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (process.platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  const config = env['XDG_CONFIG_HOME'] ?? '';
  return config === '' ? join(home, '.config') : config;
}

/**
 * The accounts that the window saved, in its order. Its file is only read, so that a window that runs meanwhile keeps its
 * own changes.
 * @throws WaybillError `file` for a list that can't be read, or is of a newer version
 */
export async function windowAccounts(
  values: FolderValues,
  { env, dispatcher, signal, now }: CommandContext,
  keychain: Keychain = osKeychain(),
): Promise<Accounts> {
  const path = join(userDataFolder(values, env), 'accounts.json');
  const store = await AccountStore.peek(path);
  if (store.troubles.length > 0) throw new WaybillError({ kind: 'file', reason: 'read-error', path });
  return new Accounts({
    store,
    keychain,
    dispatcher,
    signal,
    environment: env,
    ...(now === undefined ? {} : { localNow: now }),
  });
}

/** The account of a name, or of an ID where several have that name. @throws UsageError */
function findAccount(accounts: readonly Account[], name: string): Account {
  const found = accounts.filter((account) => account.id === name || account.name === name);
  const [account] = found;
  if (account === undefined) throw new UsageError(text('cli.account.unknown', { name }));
  if (found.length === 1) return account;
  throw new UsageError(text('cli.account.several', { name, ids: found.map(({ id }) => id).join(', ') }));
}

/**
 * The window's accounts, and the one that --account names, once its secret may be used: where the window has a lock, after
 * its passphrase.
 * @throws UsageError for an unknown name, or a lock without a terminal; WaybillError `keychain`, `file`
 */
export async function openAccount(
  values: FolderValues & { readonly account: string },
  context: CommandContext,
): Promise<{ readonly accounts: Accounts; readonly account: Account }> {
  const keychain = osKeychain();
  const accounts = await windowAccounts(values, context, keychain);
  const account = findAccount(accounts.list(), values.account);
  const passphrase = await lockOf(account, values, context, keychain);
  if (passphrase !== null) await passLock(passphrase, context);
  return { accounts, account };
}

/**
 * The lock that an account is behind: that of its folder; of a chosen folder also the usual one's, where it is an account of
 * that. Otherwise a copy of the list in another folder would open what the lock protects. Null: none.
 * @throws WaybillError `keychain`
 */
async function lockOf(
  account: Account,
  values: FolderValues,
  { env }: CommandContext,
  keychain: Keychain,
): Promise<LockPassphrase | null> {
  const chosen = values['user-data-dir'];
  const own = chosen === undefined ? '' : lockProfileOf(resolve(chosen));
  const profiles = chosen !== undefined && (await isUsual(account, env)) ? [own, ''] : [own];
  for (const profile of profiles) {
    const passphrase = passphraseOf(profile, keychain);
    if (await isInKeychain(passphrase, account)) return passphrase;
  }
  return (await isLockOn(userDataFolder(values, env))) ? passphraseOf(own, keychain) : null;
}

function passphraseOf(profile: string, keychain: Keychain): LockPassphrase {
  return new LockPassphrase({ keychain, profile, now: () => performance.now() });
}

/** Whether it may be an account of the usual folder; where that has no list, any may be. */
async function isUsual({ id }: Account, env: CommandContext['env']): Promise<boolean> {
  const store = await AccountStore.peek(join(userDataFolder({}, env), 'accounts.json'));
  const all = store.all();
  return all.length === 0 || all.some((account) => account.id === id);
}

/**
 * Whether the keychain has a passphrase. One that is locked hides it, and with it the secret of an account, but not where
 * credentials come from elsewhere.
 * @throws WaybillError `keychain`
 */
async function isInKeychain(passphrase: LockPassphrase, { kind }: Account): Promise<boolean> {
  if (kind === 'key') return passphrase.isStored();
  return passphrase.isSurelyStored().catch((error: unknown) => {
    const failure = toFailure(error);
    // Where there is no keychain, no lock could be set up.
    if (failure.kind === 'keychain' && failure.reason === 'absent') return false;
    throw error;
  });
}

const settingsSchema = z.object({ lockAfterMinutes: z.number().nullable() });

/** Whether the window's settings say that it locks. Damaged ones don't count: the keychain says so, too. */
async function isLockOn(userData: string): Promise<boolean> {
  const text = await readFile(join(userData, 'settings.json'), 'utf8').catch(() => '');
  try {
    return settingsSchema.parse(JSON.parse(text)).lockAfterMinutes !== null;
  } catch {
    return false;
  }
}
