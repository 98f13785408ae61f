import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import type { StoredSource } from '../../../main/accounts/sources/source.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { makeDraft, makeSourcedDraft } from '../../unit/accounts/make-account.ts';
import { type PracticeRun, prefixUser, startPracticeRun } from './practice-server.ts';

const time = { ahead: 0 };
let run: PracticeRun;
let home: string;
let accounts: Accounts;
let keychain: ReturnType<typeof memoryKeychain>;

beforeAll(async () => {
  run = await startPracticeRun({ now: () => Date.now() + time.ahead });
});

afterAll(() => run.close());

beforeEach(async () => {
  time.ahead = 0;
  home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  keychain = memoryKeychain();
  accounts = await openAccounts();
});

afterEach(() => rm(home, { recursive: true, force: true }));

async function openAccounts(): Promise<Accounts> {
  const store = await AccountStore.open(join(home, 'accounts.json'));
  const localNow = () => Date.now() + time.ahead;
  return new Accounts({ store, keychain, dispatcher: run.dispatcher, environment: {}, home, localNow });
}

function draft(source: StoredSource, fields: Parameters<typeof makeSourcedDraft>[1] = {}) {
  const { endpoint, region, stsEndpoint } = run.draft();
  return makeSourcedDraft(source, { endpoint, region, stsEndpoint, ...fields });
}

const profile = { kind: 'profile', profile: { file: 'aliyun', name: 'prod' } } as const;

async function writeProfile({ accessKeyId, accessKeySecret }: Record<'accessKeyId' | 'accessKeySecret', string>) {
  await mkdir(join(home, '.aliyun'), { recursive: true });
  const fields = { mode: 'AK', access_key_id: accessKeyId, access_key_secret: accessKeySecret };
  const file = { current: 'prod', profiles: [{ name: 'prod', ...fields, region_id: 'cn-hangzhou' }] };
  await writeFile(join(home, '.aliyun', 'config.json'), JSON.stringify(file));
}

/** A program that prints credentials of the role, for as long as its file says. */
async function writeProgram(seconds: number): Promise<string> {
  const session = await run.accounts.add(run.draft({ remember: false }));
  const issued = await run.accounts
    .access(session.id)
    .assume({ roleArn: run.server.roleArn, sessionName: 'program', durationSeconds: seconds });
  const { accessKeyId, accessKeySecret, securityToken } = issued.accessKey;
  const path = join(home, 'credentials.sh');
  const printed = {
    ...{ mode: 'StsToken', access_key_id: accessKeyId, access_key_secret: accessKeySecret, sts_token: securityToken },
    expiration: new Date(issued.validUntil).toISOString(),
  };
  await writeFile(join(home, 'printed.json'), JSON.stringify(printed));
  await writeFile(path, `#!/bin/sh\nexec cat '${join(home, 'printed.json')}'\n`);
  await chmod(path, 0o700);
  return path;
}

const list = (id: string) =>
  accounts.run(id, 'waybill-samples', (connection) =>
    listObjects(connection, 'waybill-samples', { prefix: 'reports/' }),
  );

describe('an account with a profile', () => {
  test('is tested and used with its key, of which nothing is kept', async () => {
    await writeProfile(run.server);
    await accounts.check(draft(profile));
    const { id, origin } = await accounts.add(draft(profile));
    expect(origin).toBe('saved');
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    const kept = await readFile(join(home, 'accounts.json'), 'utf8');
    expect(kept).toContain('prod');
    expect(kept).not.toContain(run.server.accessKeyId);
    expect(kept).not.toContain(run.server.accessKeySecret);
    expect(await keychain.get(id)).toBeNull();
  });

  test('is there after a restart, without a keychain', async () => {
    await writeProfile(run.server);
    const { id } = await accounts.add(draft(profile));
    accounts = await openAccounts();
    expect(accounts.list().map((account) => account.id)).toEqual([id]);
    expect((await list(id)).objects.length).toBeGreaterThan(0);
  });

  test('signs with another key once the profile has one', async () => {
    await writeProfile(prefixUser);
    const { id } = await accounts.add(draft(profile));
    expect((await accounts.access(id).identity()).arn).toMatch(/:user\/reader$/);
    await writeProfile(run.server);
    expect((await accounts.access(id).identity()).arn).toMatch(/:root$/);
  });

  test('says that the profile is gone, and works again once it is back', async () => {
    const { id } = await accounts.add(draft(profile));
    const gone = {
      failure: { kind: 'credentials', cause: 'source-missing', source: { kind: 'profile', name: 'prod' } },
    };
    await expect(list(id)).rejects.toMatchObject(gone);
    await expect(accounts.readAgain(id)).rejects.toMatchObject(gone);
    await writeProfile(run.server);
    await accounts.readAgain(id);
    expect((await list(id)).objects.length).toBeGreaterThan(0);
  });

  test('is among the profiles that are found, without its secret', async () => {
    await writeProfile(run.server);
    const { profiles, problems } = await accounts.profiles();
    expect(problems).toEqual([]);
    expect(profiles).toMatchObject([{ profile: profile.profile, isCurrent: true, region: 'cn-hangzhou' }]);
    expect(JSON.stringify(profiles)).not.toContain(run.server.accessKeySecret);
  });
});

describe('a role on top of a source', () => {
  const role = (durationSeconds: number) => ({ roleArn: run.server.roleArn, sessionName: 'chained', durationSeconds });

  test('is assumed with its key, and shows in who one is', async () => {
    await writeProfile(run.server);
    const { id } = await accounts.add(draft(profile, { role: { ...role(900), sourceIdentity: 'li@example.com' } }));
    expect((await accounts.access(id).identity()).arn).toMatch(/assumed-role\/waybill-practice/);
  });

  test('lasts an hour at most with temporary credentials, whatever was asked for', async () => {
    const command = [await writeProgram(3600)];
    const { id } = await accounts.add(draft({ kind: 'process', command }, { role: role(7200) }));
    expect(await accounts.access(id).longestSeconds()).toBe(3600);
    const { validUntil } = await accounts.session(id);
    expect(Number(validUntil) - Date.now()).toBeLessThanOrEqual(3_600_000);
    const { accessKey } = await accounts.session(id, 7_200_000);
    expect((await accounts.session(id, 7_200_000)).accessKey).toEqual(accessKey);
  });
});

describe('a change', () => {
  test('from a key to a source deletes the secret', async () => {
    await writeProfile(run.server);
    const { id } = await accounts.add(makeDraft({ ...run.draft(), remember: false }));
    const changed = await accounts.update(id, draft(profile));
    expect(changed).toMatchObject({ id, kind: 'sourced', origin: 'saved' });
    expect(changed).not.toHaveProperty('accessKeyId');
    await expect(accounts.update(id, makeDraft({ ...run.draft(), accessKeySecret: '' }))).rejects.toMatchObject({
      failure: { kind: 'input', field: 'accessKeySecret', rule: 'required' },
    });
  });

  test('from a source to a key signs with that', async () => {
    await writeProfile(prefixUser);
    const { id } = await accounts.add(draft(profile));
    await accounts.update(id, run.draft({ remember: false }));
    expect((await accounts.access(id).identity()).arn).toMatch(/:root$/);
  });

  test('of pasted credentials is refused: the source would overrule them', async () => {
    await writeProfile(run.server);
    const { id } = await accounts.add(draft(profile));
    const { accessKeyId, accessKeySecret } = run.server;
    const pasted = accounts.replaceCredentials(id, { accessKeyId, accessKeySecret, securityToken: null }, null);
    await expect(pasted).rejects.toMatchObject({ failure: { kind: 'input', field: 'account' } });
  });
});

test('a program is asked again before its credentials expire, while requests go on', async () => {
  const command = [await writeProgram(900)];
  const { id } = await accounts.add(draft({ kind: 'process', command }));
  const first = (await accounts.session(id)).accessKey.accessKeyId;
  await list(id);
  time.ahead = 14 * 60_000;
  await writeProgram(900);
  expect((await accounts.session(id)).accessKey.accessKeyId).not.toBe(first);
  await list(id);
});

test('no source is found, kept or used where sources are off, whichever it is', async () => {
  await writeProfile(run.draft());
  const saved = await accounts.add(draft(profile));
  let isOff = false;
  const store = await AccountStore.open(join(home, 'accounts.json'));
  const { dispatcher } = run;
  accounts = new Accounts({ store, keychain, dispatcher, environment: {}, home, areSourcesOff: () => isOff });
  expect((await accounts.profiles()).profiles).toHaveLength(1);
  isOff = true;
  expect(await accounts.profiles()).toEqual({ profiles: [], problems: [] });
  const off = { failure: { kind: 'input', rule: 'sources-off' } };
  const others = [
    profile,
    { kind: 'env' },
    { kind: 'ecs', roleName: null },
    { kind: 'cloudsso', profile: null },
    { kind: 'process', command: ['/bin/true'] },
  ] as const;
  for (const source of others) await expect(accounts.check(draft(source))).rejects.toMatchObject(off);
  await expect(accounts.session(saved.id)).rejects.toMatchObject(off);
});
