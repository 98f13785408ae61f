import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { principalsOf } from '../../../main/accounts/sts/session-principal.ts';
import type { Ended } from '../../../main/links/revoking/deny-and-try.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import {
  denyUntilSettled,
  type ProbeLink,
  restoreSession,
  type Revocation,
  revokeSession,
} from '../../../main/links/revoking/revoke-session.ts';
import { type Denial, denialStatements, withDenial } from '../../../main/links/revoking/session-denial.ts';
import type { AccessKey, Connection } from '../../../main/oss/connection.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'sessions-here';
const hour = 3_600_000;
const time = { ahead: 0, local: 0 };
let run: PracticeRun;
let connection: Connection;
let account: string;

beforeAll(async () => {
  const now = (): number => Date.now() + time.ahead;
  const roles = [{ arn: 'acs:ram::1000000000000001:role/sharing', name: 'Sharing', maxSessionSeconds: 3600 }];
  run = await startPracticeRun({ roles, now, localNow: () => now() + time.local });
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  account = id;
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
  await putObject(connection, { bucket, key: 'k', body: Buffer.from('content'), sizeBytes: 7 });
});
afterAll(() => run.close());
beforeEach(async () => {
  time.local = 0;
  await deleteBucketPolicy(connection, bucket);
});

interface Handed extends Revocation {
  readonly url: string;
  readonly accessKeyId: string;
}

let count = 0;
async function session(sessionName = `wb-${String(++count).padStart(8, '0')}`): Promise<Handed> {
  const { roleArn } = run.server;
  const wanted = { roleArn, sessionName, durationSeconds: 3600 };
  const { accessKey, validUntil, arn } = await run.accounts.access(account).assume(wanted);
  const url = linkOf(accessKey);
  const principals = principalsOf(arn, wanted);
  const { accessKeyId } = accessKey;
  return {
    bucket,
    signer: { kind: 'session', principals },
    validUntil,
    link: { url, method: 'GET' },
    url,
    accessKeyId,
  };
}

function linkOf(accessKey: AccessKey, method: 'GET' | 'HEAD' = 'GET', key = 'k'): string {
  const { endpoint, region, signVersion, clock } = connection;
  const signing = { endpoint, region, signVersion, accessKey, signedAt: clock.now(), expiresSeconds: 3600 };
  return makeSignedUrl({ ...signing, method, bucket, key, params: {}, headers: {}, additionalHeaders: [] });
}

const status = async (url: string, method = 'GET'): Promise<number> => (await fetch(url, { method })).status;
const wait = (): Promise<void> => Promise.resolve();
const revoke = (revoked: Revocation, parts: Partial<Parameters<typeof revokeSession>[2]> = {}): Promise<Ended> =>
  revokeSession(connection, revoked, { editor: policyEditor(), wait, ...parts });

test('a link that was used is refused once revoked; other links of the same object go on', async () => {
  const [one, other] = [await session(), await session()];
  const byKey = linkOf(await connection.accessKey());
  expect(await status(one.url)).toBe(200);
  expect(await revoke(one)).toMatchObject({ kind: 'ended' });
  expect(await status(one.url)).toBe(403);
  expect(await status(other.url)).toBe(200);
  expect(await status(byKey)).toBe(200);
  await restoreSession(connection, one, { editor: policyEditor() });
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
  expect(await status(one.url)).toBe(200);
});

test('with a policy that takes three seconds to act, nothing is revoked before it is', async () => {
  const slow = await session();
  run.server.restrictions.policyDelayMs = 3000;
  let waited = 0;
  const answers: number[] = [];
  const waitSlowly = async (ms: number): Promise<void> => {
    answers.push(await status(slow.url));
    waited += ms;
    time.ahead += ms;
  };
  const revoked = await revoke(slow, { wait: waitSlowly });
  run.server.restrictions.policyDelayMs = 0;
  expect(revoked).toMatchObject({ kind: 'ended' });
  expect(answers).toEqual([200, 200, 403]);
  expect(waited).toBe(6000);
});

test('one server that refuses a link is not enough, if another one still accepts it', async () => {
  const policy = { isWritten: true, after: '{}' };
  const change = () => Promise.resolve({ ...policy, isWritten: false });
  const answers = ['open', 'refused', 'open', 'open', 'refused', 'refused'] as const;
  let asked = 0;
  const ask = () => Promise.resolve(answers[asked++] ?? ('refused' as const));
  expect(await denyUntilSettled({ change, ask }, wait)).toMatchObject({ kind: 'ended' });
  expect(asked).toBe(6);
  let turn = 0;
  const flapping = () => Promise.resolve(turn++ % 2 === 0 ? ('refused' as const) : ('open' as const));
  expect(await denyUntilSettled({ change, ask: flapping }, wait)).toMatchObject({ why: 'still-taken' });
});

test('a policy that never acts leaves it unconfirmed, and says so', async () => {
  const slow = await session();
  run.server.restrictions.policyDelayMs = hour;
  const revoked = await revoke(slow);
  run.server.restrictions.policyDelayMs = 0;
  expect(revoked).toMatchObject({ kind: 'unconfirmed', why: 'still-taken', policy: { isWritten: true } });
});

test('a HEAD link shows it as well, also of a file that isn’t there; without a link nothing is claimed', async () => {
  const name = 'wb-named';
  const denied = await session(name);
  const { accessKey } = await run.accounts
    .access(account)
    .assume({ roleArn: run.server.roleArn, sessionName: name, durationSeconds: 3600 });
  const link: ProbeLink = { url: linkOf(accessKey, 'HEAD', 'not-there'), method: 'HEAD' };
  expect(await revoke({ ...denied, link: null })).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
  expect(await revoke({ ...denied, link })).toMatchObject({ kind: 'ended', policy: { isWritten: false } });
  const other = await session();
  const head: ProbeLink = {
    url: linkOf((await run.accounts.access(account).session()).accessKey, 'HEAD'),
    method: 'HEAD',
  };
  // A link of somebody else stays open, so this one isn't claimed to be revoked.
  expect(await revoke({ ...other, link: head })).toMatchObject({ kind: 'unconfirmed', why: 'still-taken' });
});

test('two sessions with one name are refused together; by the ID of its token, one alone', async () => {
  const [first, second] = [await session('wb-twin'), await session('wb-twin')];
  const token: Revocation = { ...first, signer: { kind: 'token', accessKeyId: first.accessKeyId } };
  expect(await revoke(token)).toMatchObject({ kind: 'ended' });
  expect([await status(first.url), await status(second.url)]).toEqual([403, 200]);
  await restoreSession(connection, token, { editor: policyEditor() });
  expect(await revoke(first)).toMatchObject({ kind: 'ended' });
  expect([await status(first.url), await status(second.url)]).toEqual([403, 403]);
});

test('a long-term key loses one object, and keeps the others', async () => {
  const accessKey = await connection.accessKey();
  await putObject(connection, { bucket, key: 'k2', body: Buffer.from('content'), sizeBytes: 7 });
  const [url, other] = [linkOf(accessKey), linkOf(accessKey, 'GET', 'k2')];
  const { accessKeyId } = accessKey;
  const object: Revocation = {
    ...{ bucket, validUntil: connection.clock.now() + hour, link: { url, method: 'GET' } },
    signer: { kind: 'object', accessKeyId, key: 'k', method: 'GET' },
  };
  expect(await revoke(object)).toMatchObject({ kind: 'ended' });
  expect([await status(url), await status(other)]).toEqual([403, 200]);
  await restoreSession(connection, object, { editor: policyEditor() });
  expect(await status(url)).toBe(200);
});

test('the session that changes the policy is not denied itself', async () => {
  const own = await session();
  const accessKey = { accessKeyId: own.accessKeyId, accessKeySecret: 'x', securityToken: 'x' };
  const bySession = { ...connection, accessKey: () => Promise.resolve(accessKey) };
  const denied: Revocation = { ...own, signer: { kind: 'token', accessKeyId: own.accessKeyId } };
  await expect(revokeSession(bySession, denied, { editor: policyEditor(), wait })).rejects.toThrow(/ own-session$/);
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
});

test('what never had the right to read says nothing, whatever refuses it', async () => {
  const { roleArn } = run.server;
  const wanted = { roleArn, sessionName: 'wb-putonly', durationSeconds: 3600 };
  const policy = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: ['oss:PutObject'], Resource: [`acs:oss:*:*:${bucket}/k`] }],
  });
  const { accessKey, validUntil, arn } = await run.accounts.access(account).assume({ ...wanted, policy });
  const signer = { kind: 'session', principals: principalsOf(arn, wanted) } as const;
  const link: ProbeLink = { url: linkOf(accessKey, 'HEAD'), method: 'HEAD' };
  expect(await revoke({ bucket, signer, validUntil, link })).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
});

test('a statement that someone else overwrote is written again before anything is claimed', async () => {
  const one = await session();
  const theirs = `{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:DeleteObject"],"Principal":["201"],"Resource":["acs:oss:*:*:${bucket}/*"]}]}`;
  let waits = 0;
  // They read the policy before the change, and write it while Waybill waits.
  const meddle = async (): Promise<void> => {
    if (waits++ === 0) await putBucketPolicy(connection, bucket, theirs);
  };
  const revoked = await revoke(one, { wait: meddle });
  expect(revoked).toMatchObject({ kind: 'ended' });
  expect(waits).toBe(2);
  expect(await status(one.url)).toBe(403);
  expect(await getBucketPolicy(connection, bucket)).toContain(theirs.slice(0, -2));
});

test('who is overwritten again and again claims nothing', async () => {
  const one = await session();
  const meddle = (): Promise<void> => deleteBucketPolicy(connection, bucket);
  await expect(revoke(one, { wait: meddle })).rejects.toMatchObject({ failure: { rule: 'changed-meanwhile' } });
});

test('what was denied before a crash goes on where it was', async () => {
  const one = await session();
  const crash = new Error('crash');
  let isDenied = false;
  const denied = async (): Promise<void> => {
    isDenied =
      (await getBucketPolicy(connection, bucket))?.includes(one.signer.kind === 'session' ? 'wb-' : '') === true;
    throw crash;
  };
  await expect(revoke(one, { denied })).rejects.toBe(crash);
  expect(isDenied).toBe(true);
  expect(await revoke(one)).toMatchObject({ kind: 'ended', policy: { isWritten: false } });
});

test('near its end a link is asked, since clocks differ; long after it nothing is changed', async () => {
  const one = await session();
  // This computer is ahead by less than OSS would object to: the session seems to have ended, and hasn't.
  time.ahead += hour - 5 * 60_000;
  time.local = 10 * 60_000;
  expect(await revoke(one)).toMatchObject({ kind: 'ended' });
  expect(await status(one.url)).toBe(403);
  await deleteBucketPolicy(connection, bucket);
  time.local = 0;
  time.ahead += 6 * 60_000;
  expect(await revoke(one)).toEqual({ kind: 'expired' });
  time.ahead += hour;
  expect(await revoke({ ...one, link: null })).toEqual({ kind: 'expired' });
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
});

test('a clock that is hours ahead doesn’t make a link expired', async () => {
  const [one, other] = [await session(), await session()];
  time.local = 3 * hour;
  expect(await revoke({ ...one, link: null })).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
  expect(await status(one.url)).toBe(403);
  expect(await revoke(other)).toMatchObject({ kind: 'ended' });
});

test('a clock that is hours ahead takes no statement away that still counts', async () => {
  const [one, other] = [await session(), await session()];
  await revoke(one);
  // OSS says so only once it is asked for the policy.
  time.local = 3 * hour;
  await revoke({ ...other, validUntil: other.validUntil + 5 * hour });
  expect(await status(one.url)).toBe(403);
});

test('after the end of the sessions nothing of Waybill’s is left', async () => {
  const first = await session();
  await revoke(first);
  time.ahead += 3 * hour;
  const second = await session();
  await revoke(second);
  const policy = (await getBucketPolicy(connection, bucket)) ?? '';
  expect(policy.match(/wb-\d{8}/g)).toHaveLength(1);
  await restoreSession(connection, second, { editor: policyEditor() });
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
});

test('a role whose name and ARN differ in letter case is denied by both', async () => {
  const wanted = { roleArn: 'acs:ram::1000000000000001:role/sharing', sessionName: 'wb-cased', durationSeconds: 3600 };
  const { accessKey, validUntil, arn } = await run.accounts.access(account).assume(wanted);
  expect(arn).toBe('acs:sts::1000000000000001:assumed-role/Sharing/wb-cased');
  const url = linkOf(accessKey);
  const signer = { kind: 'session', principals: principalsOf(arn, wanted) } as const;
  const asked: Revocation = { bucket, signer, validUntil, link: { url, method: 'GET' } };
  const small = { ...asked, signer: { ...signer, principals: principalsOf(null, wanted) } };
  // What is denied by the wrong name alone isn't claimed to be revoked.
  expect(await revoke(small)).toMatchObject({ kind: 'unconfirmed', why: 'still-taken' });
  expect(await revoke(asked)).toMatchObject({ kind: 'ended' });
  expect(await status(url)).toBe(403);
});

describe('where the policy can’t be changed', () => {
  const withStatement = (statement: object): string => JSON.stringify({ Version: '1', Statement: [statement] });
  const anyone = {
    Effect: 'Allow',
    Action: ['oss:GetObject'],
    Principal: ['*'],
    Resource: [`acs:oss:*:*:${bucket}/open/*`],
  };

  test.each([
    ['one that doesn’t parse', '{"Version":"1","Statement":[],"Statement":[]}', 'bucket-policy-unreadable'],
    [
      'an address without a network',
      withStatement({ ...anyone, Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } } }),
      'bucket-policy-source-ip',
    ],
    ['one that is public, under Block Public Access', withStatement(anyone), 'bucket-policy-public'],
    [
      'one that is full',
      withStatement({
        ...anyone,
        Principal: ['201'],
        Resource: Array(4).fill(`acs:oss:*:*:${bucket}/${'a'.repeat(900)}`),
      }).replace(/"Statement":\[(.*)\]}$/, (_, one: string) => `"Statement":[${Array(4).fill(one).join(',')}]}`) +
        ' '.repeat(1000),
      'bucket-policy-full',
    ],
  ])('for %s, it says so, changes nothing and claims nothing', async (_, policy, rule) => {
    const one = await session();
    await putBucketPolicy(connection, bucket, policy);
    const { restrictions } = run.server;
    restrictions.policyNetworks = true;
    restrictions.publicAccess = rule === 'bucket-policy-public';
    try {
      await expect(revoke(one)).rejects.toMatchObject({ failure: { kind: 'input', rule } });
      expect(await getBucketPolicy(connection, bucket)).toBe(policy);
    } finally {
      restrictions.policyNetworks = false;
      restrictions.publicAccess = false;
    }
    expect(await status(one.url)).toBe(200);
  });

  test.each(['oss:GetBucketPolicy', 'oss:PutBucketPolicy'])(
    'for want of %s, it names that, and what to add',
    async (right) => {
      const one = await session();
      const wanted = { roleArn: run.server.roleArn, sessionName: 'limited', durationSeconds: 3600 };
      const rights = ['oss:GetBucketPolicy', 'oss:PutBucketPolicy'].filter((other) => other !== right);
      const policy = JSON.stringify({
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: rights, Resource: ['*'] }],
      });
      const { accessKey } = await run.accounts.access(account).assume({ ...wanted, policy });
      const limited = { ...connection, accessKey: () => Promise.resolve(accessKey) };
      const parts = { editor: policyEditor(), wait };
      const refused = revokeSession(limited, one, parts);
      await expect(refused).rejects.toMatchObject({
        failure: { kind: 'credentials', cause: 'denied-by-policy', action: right },
      });
      expect(await status(one.url)).toBe(200);
      // Somebody with the rights pastes what is shown.
      const statements = denialStatements(one, connection.clock.now());
      await putBucketPolicy(connection, bucket, JSON.stringify({ Version: '1', Statement: statements }));
      expect(await status(one.url)).toBe(403);
      const again = revokeSession(limited, one, parts);
      if (right === 'oss:PutBucketPolicy')
        expect(await again).toMatchObject({ kind: 'ended', policy: { isWritten: false } });
      else await expect(again).rejects.toMatchObject({ failure: { action: right } });
    },
  );
});

test('OSS takes a policy of 250 revoked sessions, and the next one is told that it is full', async () => {
  const [last, next] = [await session(), await session()];
  const now = connection.clock.now();
  const denialOf = (id: number): Denial => ({
    bucket,
    signer: {
      kind: 'session',
      principals: [`arn:sts::1000000000000001:assumed-role/waybill/wb-${String(id).padStart(8, '0')}`],
    },
    validUntil: now + ((id % 12) + 1) * hour,
  });
  let policy: string | null = null;
  for (let id = 0; id < 249; id++) policy = withDenial(policy, denialOf(id), now);
  await putBucketPolicy(connection, bucket, policy ?? '');
  expect(await revoke(last)).toMatchObject({ kind: 'ended' });
  expect(await status(last.url)).toBe(403);
  const full = (await getBucketPolicy(connection, bucket)) ?? '';
  expect(new Set(full.match(/assumed-role\/[\w-]+\/wb-\w+/g)).size).toBe(250);
  for (let id = 1000; id < 1010; id++) {
    const outcome = revoke({ ...denialOf(id), link: null }).then(
      () => 'fits',
      (error: unknown) => error,
    );
    if ((await outcome) !== 'fits') break;
  }
  const before = await getBucketPolicy(connection, bucket);
  await expect(revoke(next)).rejects.toMatchObject({ failure: { rule: 'bucket-policy-full' } });
  expect(await getBucketPolicy(connection, bucket)).toBe(before);
  expect(await status(next.url)).toBe(200);
});
