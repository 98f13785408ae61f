import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { lockAtStart } from '../../../main/shell/security/lock.ts';
import { SettingsStore } from '../../../main/shell/settings-store.ts';
import { makeAccount, makeDraft } from '../../unit/accounts/make-account.ts';
import { makeKeyringFolder, type SecretService, startSecretService, withKeytar } from './secret-service.ts';

let service: SecretService;
let folder: Awaited<ReturnType<typeof makeKeyringFolder>>;
const id = crypto.randomUUID();
const secret = { accessKeySecret: 's', securityToken: null };

beforeAll(async () => {
  folder = await makeKeyringFolder();
  const unlocked = await startSecretService(folder.path, 'pw');
  await withKeytar(unlocked, `await keytar.setPassword('Waybill', '${id}', '${JSON.stringify(secret)}')`);
  await withKeytar(unlocked, `await keytar.setPassword('Waybill', 'lock', 'a verifier')`);
  await unlocked.stop();
  service = await startSecretService(folder.path, 'another password');
  Object.assign(process.env, service.environment);
});

afterAll(async () => {
  await service.stop();
  await folder.remove();
});

const locked = { failure: { kind: 'keychain', reason: 'locked' } };

describe('a locked keyring', () => {
  test('is told as locked, and gives nothing away', async () => {
    const keychain = osKeychain();
    expect(await keychain.status(id)).toBe('locked');
    expect(await keychain.get(id)).toBeNull();
  });

  test('takes nothing', async () => {
    await expect(osKeychain().set(crypto.randomUUID(), secret)).rejects.toMatchObject(locked);
  });

  test('refuses an account that is to be kept, so that the person can choose', async () => {
    const path = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
    const store = await AccountStore.open(join(path, 'accounts.json'));
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    await expect(accounts.add(makeDraft())).rejects.toMatchObject(locked);
    expect(accounts.list()).toEqual([]);
    expect(await readdir(path)).toEqual([]);
    expect((await accounts.add(makeDraft({ remember: false }))).origin).toBe('this-run');
    await rm(path, { recursive: true });
  });

  test('known to be locked refuses it as well, and never keeps it for this run only', async () => {
    const path = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
    const store = await AccountStore.open(join(path, 'accounts.json'));
    await store.save(makeAccount({ id }));
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    expect(await accounts.keychainStatus()).toBe('locked');
    await expect(accounts.add(makeDraft())).rejects.toMatchObject(locked);
    expect(accounts.list()).toEqual([makeAccount({ id })]);
    await rm(path, { recursive: true });
  });

  test('does not let an account go whose secret would stay behind', async () => {
    const path = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
    const store = await AccountStore.open(join(path, 'accounts.json'));
    await store.save(makeAccount({ id }));
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    await expect(accounts.remove(id)).rejects.toMatchObject(locked);
    expect(accounts.list()).toHaveLength(1);
    await rm(path, { recursive: true });
  });

  test('leaves the app locked where the settings are damaged, and no passphrase opens it', async () => {
    const path = await mkdtemp(join(tmpdir(), 'waybill-lock-'));
    await writeFile(join(path, 'settings.json'), 'damaged');
    const lock = await lockAtStart(await SettingsStore.open(join(path, 'settings.json')), osKeychain());
    expect(lock.isLocked).toBe(true);
    await expect(lock.unlock('anything')).rejects.toMatchObject(locked);
    expect(lock.isLocked).toBe(true);
    await rm(path, { recursive: true });
  });
});
