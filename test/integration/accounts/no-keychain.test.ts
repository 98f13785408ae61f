import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { makeAccount, makeDraft } from '../../unit/accounts/make-account.ts';

let folder: string;

beforeAll(async () => {
  process.env['DBUS_SESSION_BUS_ADDRESS'] = 'disabled:';
  folder = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const absent = { failure: { kind: 'keychain', reason: 'absent' } };

describe('a machine without a Secret Service', () => {
  test('is told as absent, without waiting for one', async () => {
    expect(await osKeychain().status()).toBe('absent');
  });

  test('keeps nothing and says so', async () => {
    await expect(osKeychain().set('id', { accessKeySecret: 's', securityToken: null })).rejects.toMatchObject(absent);
    await expect(osKeychain().get('id')).rejects.toMatchObject(absent);
  });

  test('gives accounts for this run, with nothing on disk', async () => {
    const store = await AccountStore.open(join(folder, 'accounts.json'));
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    const account = await accounts.add(makeDraft());
    expect(account.origin).toBe('this-run');
    expect((await accounts.session(account.id)).accessKey.accessKeySecret).toBe('the-secret');
    expect(await readdir(folder)).toEqual([]);
    await accounts.remove(account.id);
    expect(accounts.list()).toEqual([]);
  });

  test('leaves accounts that were saved before where they are, and takes their secret for this run', async () => {
    const store = await AccountStore.open(join(folder, 'before.json'));
    const before = makeAccount();
    await store.save(before);
    const accounts = new Accounts({ store, keychain: osKeychain(), dispatcher: new Agent(), environment: {} });
    await expect(accounts.session(before.id)).rejects.toMatchObject(absent);
    await accounts.update(before.id, makeDraft());
    expect((await accounts.session(before.id)).accessKey.accessKeySecret).toBe('the-secret');
    expect((await AccountStore.open(join(folder, 'before.json'))).all()).toEqual([before]);
  });
});
