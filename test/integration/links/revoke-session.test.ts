import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { revokeSession, sessionPrincipal } from '../../../main/links/revoking/session-denial.ts';
import type { AccessKey, Connection } from '../../../main/oss/connection.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { deleteBucketPolicy, getBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'sessions-here';
const hour = 3_600_000;
const time = { ahead: 0 };
let run: PracticeRun;
let connection: Connection;
let account: string;

beforeAll(async () => {
  const now = (): number => Date.now() + time.ahead;
  run = await startPracticeRun({ now, localNow: now });
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  account = id;
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
  await putObject(connection, { bucket, key: 'k', body: Buffer.from('content'), sizeBytes: 7 });
});
afterAll(() => run.close());
beforeEach(() => deleteBucketPolicy(connection, bucket));

async function session(sessionName: string) {
  const { roleArn } = run.server;
  const { accessKey, validUntil } = await run.accounts
    .access(account)
    .assume({ roleArn, sessionName, durationSeconds: 3600 });
  return { link: linkOf(accessKey), denial: { bucket, principal: sessionPrincipal(roleArn, sessionName), validUntil } };
}

function linkOf(accessKey: AccessKey, method: 'GET' | 'HEAD' = 'GET'): string {
  const { endpoint, region, signVersion, clock } = connection;
  const signing = { region, signVersion, accessKey, signedAt: clock.now(), expiresSeconds: 3600 };
  return makeSignedUrl({
    ...signing,
    endpoint,
    method,
    bucket,
    key: 'k',
    params: {},
    headers: {},
    additionalHeaders: [],
  });
}

const status = async (url: string, method = 'GET') => (await fetch(url, { method })).status;
const wait = () => Promise.resolve();

test('a link that was used is refused once revoked; other links of the same object go on', async () => {
  const [one, other] = [await session('wb-00000001'), await session('wb-00000002')];
  const byKey = linkOf(await connection.accessKey());
  expect(await status(one.link)).toBe(200);
  const link = { url: one.link, method: 'GET' } as const;
  const revoked = await revokeSession(connection, { ...one.denial, link }, { editor: policyEditor(), wait });
  expect(revoked).toMatchObject({ kind: 'ended' });
  expect(await status(one.link)).toBe(403);
  expect(await status(other.link)).toBe(200);
  expect(await status(byKey)).toBe(200);
});

test('with a policy that takes three seconds to act, nothing is revoked before it is', async () => {
  const slow = await session('wb-00000003');
  run.server.restrictions.policyDelayMs = 3000;
  let waited = 0;
  const waitSlowly = async (ms: number): Promise<void> => {
    expect(await status(slow.link)).toBe(200);
    waited += ms;
    time.ahead += ms;
  };
  const link = { url: slow.link, method: 'GET' } as const;
  const revoked = await revokeSession(
    connection,
    { ...slow.denial, link },
    { editor: policyEditor(), wait: waitSlowly },
  );
  run.server.restrictions.policyDelayMs = 0;
  expect(revoked).toMatchObject({ kind: 'ended' });
  expect(waited).toBe(4000);
});

test('a kept link for HEAD shows it as well; without one, nothing is claimed', async () => {
  const { denial } = await session('wb-00000004');
  const { roleArn } = run.server;
  const again = await run.accounts
    .access(account)
    .assume({ roleArn, sessionName: 'wb-00000004', durationSeconds: 3600 });
  const unseen = await revokeSession(connection, { ...denial, link: null }, { editor: policyEditor(), wait });
  expect(unseen).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
  const link = { url: linkOf(again.accessKey, 'HEAD'), method: 'HEAD' } as const;
  expect(await revokeSession(connection, { ...denial, link }, { editor: policyEditor(), wait })).toMatchObject({
    kind: 'ended',
    policy: { isWritten: false },
  });
});

test('after the end of the sessions nothing of Waybill’s is left', async () => {
  const first = await session('wb-00000005');
  await revokeSession(connection, { ...first.denial, link: null }, { editor: policyEditor(), wait });
  time.ahead += 3 * hour;
  const second = await session('wb-00000006');
  await revokeSession(connection, { ...second.denial, link: null }, { editor: policyEditor(), wait });
  expect(await getBucketPolicy(connection, bucket)).not.toContain('wb-00000005');
  expect(await revokeSession(connection, { ...first.denial, link: null }, { editor: policyEditor(), wait })).toEqual({
    kind: 'expired',
  });
});
