import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { WaybillError } from '../../../main/failure.ts';
import { makeAccount, makeSourced } from './make-account.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-accounts-'));
  file = join(folder, 'accounts.json');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('accounts.json', () => {
  test('no file means no accounts, and reading creates none', async () => {
    const store = await AccountStore.open(file);
    expect(store.all()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('what was saved is there after a restart, in order', async () => {
    const store = await AccountStore.open(file);
    const [a, b] = [makeAccount({ name: 'a' }), makeAccount({ name: 'b' })];
    await Promise.all([store.save(a), store.save(b)]);
    await store.save({ ...a, name: 'renamed' });
    expect((await AccountStore.open(file)).all()).toEqual([{ ...a, name: 'renamed' }, b]);
  });

  test('a removed account is gone after a restart', async () => {
    const store = await AccountStore.open(file);
    const account = makeAccount();
    await store.save(account);
    await store.remove(account.id);
    expect((await AccountStore.open(file)).all()).toEqual([]);
  });

  test('only the user can read it', async () => {
    const store = await AccountStore.open(file);
    await store.save(makeAccount());
    const { mode } = await stat(file);
    expect(mode & 0o077).toBe(0);
  });

  test.each([
    ['half a file', '{ "version": 1, "accounts": ['],
    ['no JSON', 'hello'],
    ['an empty file', ''],
    ['no version', '{ "accounts": [] }'],
    ['an account without fields', '{ "version": 1, "accounts": [{ "id": 3 }] }'],
  ])('a damaged one is set aside and never written over: %s', async (_, text) => {
    await writeFile(file, text);
    const store = await AccountStore.open(file, () => Date.UTC(2026, 10, 24, 12, 30));
    expect(store.all()).toEqual([]);
    const setAside = `${file}.damaged-2026-11-24T123000.000Z`;
    expect(store.troubles).toEqual([{ kind: 'damaged', path: file, setAside }]);
    await store.save(makeAccount());
    expect(await readFile(setAside, 'utf8')).toBe(text);
  });

  test('a change that could not be written is not in memory either', async () => {
    const store = await AccountStore.open(join(folder, 'missing', 'accounts.json'));
    await expect(store.save(makeAccount())).rejects.toThrow(WaybillError);
    expect(store.all()).toEqual([]);
  });

  test('a failed change does not stop the next one', async () => {
    const store = await AccountStore.open(join(folder, 'later', 'accounts.json'));
    await expect(store.save(makeAccount())).rejects.toThrow(WaybillError);
    await mkdir(join(folder, 'later'));
    await store.save(makeAccount());
    expect(store.all()).toHaveLength(1);
  });

  test('one of an older version, which knew no kinds of accounts, is read with all its accounts', async () => {
    const old = {
      version: 1,
      accounts: [
        {
          ...{ name: 'Studio', colour: 'teal', accessKeyId: 'LTAI5tExample', region: 'cn-hangzhou', cname: false },
          ...{
            endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
            signVersion: 'v4',
            startPath: null,
            stsEndpoint: null,
          },
          role: { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800, externalId: 'ext' },
          ...{ defaultExpirySeconds: 3600, tokenValidUntil: null, origin: 'saved', temporary: false },
          id: '11111111-1111-4111-8111-111111111111',
        },
        {
          ...{ name: 'Visitor', colour: 'red', accessKeyId: 'STS.NUexample', region: 'cn-beijing', cname: true },
          ...{ endpoint: 'https://files.example.com', signVersion: 'v1', stsEndpoint: null, role: null },
          ...{
            startPath: { bucket: 'photos', prefix: 'a/' },
            defaultExpirySeconds: 60,
            tokenValidUntil: 1_795_000_000_000,
          },
          ...{ origin: 'saved', temporary: true, id: '22222222-2222-4222-8222-222222222222' },
          ways: { photos: { domain: 'https://files.example.com', region: 'cn-beijing', isHostRefused: true } },
        },
      ],
    };
    await writeFile(file, JSON.stringify(old));
    const store = await AccountStore.open(file);
    expect(store.troubles).toEqual([]);
    expect(store.all()).toEqual(old.accounts.map((account) => ({ ...account, kind: 'key' })));
  });

  test('is one that an older version reads, too, while every account has an AccessKey of its own', async () => {
    const store = await AccountStore.open(file);
    const sourced = makeSourced({ kind: 'ecs', roleName: 'uploader' });
    await store.save(makeAccount());
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1 });
    await store.save(sourced);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 2 });
    expect((await AccountStore.open(file)).all()[1]).toEqual(sourced);
    await store.remove(sourced.id);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1 });
  });

  test('one of a newer version stays as it is, and accounts that are added last for this run', async () => {
    const text = '{ "version": 99, "accounts": { "mine": 1 } }';
    await writeFile(file, text);
    const store = await AccountStore.open(file);
    expect(store.troubles).toEqual([{ kind: 'newer', path: file }]);
    await store.save(makeAccount());
    expect(store.all()).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('a folder in its place is set aside with what is in it', async () => {
    await mkdir(join(file, 'inside'), { recursive: true });
    const store = await AccountStore.open(file);
    expect(store.troubles).toMatchObject([{ kind: 'damaged', path: file }]);
    await store.save(makeAccount());
    expect((await AccountStore.open(file)).all()).toHaveLength(1);
    const [aside = ''] = (await readdir(folder)).filter((name) => name.includes('damaged'));
    expect(await readdir(join(folder, aside))).toEqual(['inside']);
  });
});
