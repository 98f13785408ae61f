import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { makeDraft } from '../../unit/accounts/make-account.ts';
import { makeKeyringFolder, type SecretService, startSecretService, withKeytar } from './secret-service.ts';

let service: SecretService;
let keyrings: Awaited<ReturnType<typeof makeKeyringFolder>>;
let folder: string;

beforeAll(async () => {
  keyrings = await makeKeyringFolder();
  service = await startSecretService(keyrings.path, 'pw');
  Object.assign(process.env, service.environment);
  folder = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
});

afterAll(async () => {
  await service.stop();
  await keyrings.remove();
  await rm(folder, { recursive: true, force: true });
});

async function openAccounts(file: string): Promise<Accounts> {
  const store = await AccountStore.open(join(folder, file));
  return new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
}

async function kept(id: string): Promise<unknown> {
  return JSON.parse(await withKeytar(service, `await keytar.getPassword('Waybill', '${id}')`));
}

async function everyFile(): Promise<string> {
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

const draft = makeDraft({ accessKeySecret: 'SECRET-one', securityToken: 'TOKEN-one' });

describe('saved accounts', () => {
  test('keep their secrets in the keychain and nowhere else', async () => {
    const accounts = await openAccounts('a.json');
    const { id, origin } = await accounts.add(draft);
    expect(origin).toBe('saved');
    expect(await kept(id)).toEqual({ accessKeySecret: 'SECRET-one', securityToken: 'TOKEN-one' });
    const text = await everyFile();
    expect(text).toContain(id);
    expect(text).not.toMatch(/SECRET|TOKEN/);
    expect(JSON.stringify(accounts.list())).not.toMatch(/SECRET|TOKEN/);
  });

  test('sign again after a restart', async () => {
    const { id } = await (await openAccounts('b.json')).add(draft);
    const accounts = await openAccounts('b.json');
    expect(accounts.list().map((account) => account.id)).toEqual([id]);
    expect(await accounts.session(id)).toEqual({
      accessKey: { accessKeyId: draft.accessKeyId, accessKeySecret: 'SECRET-one', securityToken: 'TOKEN-one' },
      validUntil: 'unknown',
    });
    expect(await accounts.keychainStatus()).toBe('available');
  });

  test('changed without typing the secret again keep it', async () => {
    const accounts = await openAccounts('c.json');
    const { id } = await accounts.add(draft);
    const changed = await accounts.update(id, { ...draft, name: 'Renamed', accessKeySecret: '', securityToken: null });
    expect(changed).toMatchObject({ id, name: 'Renamed', temporary: true });
    expect((await accounts.session(id)).accessKey.accessKeySecret).toBe('SECRET-one');
  });

  test('changed to "this run only" leave disk and keychain', async () => {
    const accounts = await openAccounts('d.json');
    const { id } = await accounts.add(draft);
    const changed = await accounts.update(id, { ...draft, accessKeySecret: '', remember: false });
    expect(changed.origin).toBe('this-run');
    expect(await kept(id)).toBeNull();
    expect((await openAccounts('d.json')).list()).toEqual([]);
    expect((await accounts.session(id)).accessKey.accessKeySecret).toBe('SECRET-one');
  });

  test('of this run can be kept after all', async () => {
    const accounts = await openAccounts('e.json');
    const { id } = await accounts.add({ ...draft, remember: false });
    expect(await kept(id)).toBeNull();
    await accounts.update(id, { ...draft, accessKeySecret: '' });
    expect(await kept(id)).toMatchObject({ accessKeySecret: 'SECRET-one' });
    expect(accounts.list()).toHaveLength(1);
    expect((await openAccounts('e.json')).list()).toHaveLength(1);
  });

  test('of this run that are kept with another secret sign with that one', async () => {
    const accounts = await openAccounts('k.json');
    const { id } = await accounts.add({ ...draft, remember: false });
    await accounts.update(id, { ...draft, accessKeySecret: 'SECRET-two' });
    expect((await accounts.session(id)).accessKey.accessKeySecret).toBe('SECRET-two');
  });

  test('removed are gone from disk and keychain', async () => {
    const accounts = await openAccounts('f.json');
    const { id } = await accounts.add(draft);
    await accounts.remove(id);
    expect(await kept(id)).toBeNull();
    expect(accounts.list()).toEqual([]);
    expect((await openAccounts('f.json')).list()).toEqual([]);
  });

  test('whose secret somebody deleted say that it is missing', async () => {
    const accounts = await openAccounts('g.json');
    const { id } = await accounts.add(draft);
    await withKeytar(service, `await keytar.deletePassword('Waybill', '${id}')`);
    await expect((await openAccounts('g.json')).session(id)).rejects.toMatchObject({
      failure: { kind: 'credentials', cause: 'missing' },
    });
  });

  test('tell whoever listens, until told to stop', async () => {
    const accounts = await openAccounts('h.json');
    const seen: number[] = [];
    const stop = accounts.onChange((list) => {
      seen.push(list.length);
    });
    const { id } = await accounts.add(draft);
    await accounts.update(id, { ...draft, name: 'n' });
    await accounts.remove(id);
    stop();
    await accounts.add(draft);
    expect(seen).toEqual([1, 1, 0]);
  });
});

describe('accounts that are never kept', () => {
  test('that of the practice server', async () => {
    const accounts = await openAccounts('i.json');
    const server = {
      endpoint: 'http://127.0.0.1:1',
      stsEndpoint: 'http://127.0.0.1:1',
      region: 'cn-hangzhou',
      accessKeyId: 'practice',
      accessKeySecret: 'SECRET-practice',
      roleArn: 'acs:ram::1:role/practice',
    };
    const first = await accounts.openPractice(server);
    expect(accounts.grantingRole(first.id)).toBe('acs:ram::1:role/practice');
    expect(first.origin).toBe('practice');
    expect(await accounts.openPractice(server)).toEqual(first);
    expect((await accounts.session(first.id)).accessKey.accessKeySecret).toBe('SECRET-practice');
    await accounts.openPractice({ ...server, accessKeySecret: 'SECRET-of-another-run' });
    expect((await accounts.session(first.id)).accessKey.accessKeySecret).toBe('SECRET-of-another-run');
    expect(accounts.list()).toEqual([first]);
    expect(await kept(first.id)).toBeNull();
    expect(await everyFile()).not.toContain('SECRET');
  });

  test('that of the environment', async () => {
    const store = await AccountStore.open(join(folder, 'j.json'));
    const environment = { OSS_ACCESS_KEY_ID: 'LTAI-env', OSS_ACCESS_KEY_SECRET: 'SECRET-env' };
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment });
    expect(accounts.environment()).toMatchObject({ accessKeyId: 'LTAI-env' });
    const { id, origin } = await accounts.useEnvironment();
    expect(origin).toBe('environment');
    expect((await accounts.session(id)).accessKey.accessKeySecret).toBe('SECRET-env');
    expect(await kept(id)).toBeNull();
    expect(await readdir(folder)).not.toContain('j.json');
  });

  test('that of an environment that has none is missing', async () => {
    const store = await AccountStore.open(join(folder, 'l.json'));
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    expect(accounts.environment()).toBeNull();
    await expect(accounts.useEnvironment()).rejects.toMatchObject({
      failure: { kind: 'credentials', cause: 'missing' },
    });
    expect(accounts.list()).toEqual([]);
  });
});
