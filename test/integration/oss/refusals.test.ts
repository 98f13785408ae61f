// What the service refuses for reasons of its own: the cause that main reads from its answer, and the words for it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { type Failure, toFailure } from '../../../main/failure.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { putObjectAcl } from '../../../main/oss/operations/acl.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { getObject, headObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { send, sendUnsigned } from '../../../main/oss/exchange/request.ts';
import { failureText } from '../../../main/words/failure-text.ts';
import { translator } from '../../../main/words/translator.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';

const user = { accessKeyId: 'RAMUSER', accessKeySecret: 'user-secret' };
let practice: PracticeBucket;
let connection: Connection;

beforeAll(async () => {
  const readOnly = { Effect: 'Allow', Action: ['oss:GetObject', 'oss:ListObjects'], Resource: '*' } as const;
  practice = await makePracticeBucket({
    users: [{ ...user, name: 'user', policy: { Version: '1', Statement: [readOnly] } }],
  });
  ({ connection } = practice);
  for (const key of ['k', 'app.apk']) await practice.put(key, 'content');
});

afterAll(() => practice.close());

afterEach(async () => {
  const { restrictions } = practice.server;
  restrictions.publicAccess = false;
  restrictions.signatureV1 = false;
  restrictions.packages = false;
  restrictions.account = null;
  await configure('DELETE', 'policy');
});

async function configure(method: string, sub: string, body = ''): Promise<void> {
  const { bucket } = practice;
  const content = body === '' ? {} : { body: Buffer.from(body) };
  (await send(connection, { method, bucket, params: { [sub]: null }, ...content })).body.resume();
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return toFailure(
    await work.then(
      () => 'nothing failed',
      (error: unknown) => error,
    ),
  );
}

const withV1 = (): Connection => ({ ...connection, signVersion: 'v1' });
const asUser = (): Connection => ({
  ...connection,
  accessKey: () => Promise.resolve({ ...user, securityToken: null }),
});

function link(key: string, changes: Partial<Parameters<typeof makeSignedUrl>[0]> = {}): string {
  const { accessKeyId, accessKeySecret } = practice.server;
  return makeSignedUrl({
    ...{ method: 'GET', bucket: practice.bucket, key, endpoint: connection.endpoint, region: connection.region },
    ...{ signVersion: 'v4', signedAt: Date.now(), expiresSeconds: 600 },
    accessKey: { accessKeyId, accessKeySecret, securityToken: null },
    ...changes,
  });
}

async function open(url: string): Promise<void> {
  (await sendUnsigned(url, { method: 'GET' }, connection.dispatcher)).body.resume();
}

function words(failure: Failure): string {
  const { title, next } = failureText(failure, translator('en'));
  return `${title} ${next}`;
}

const object = () => ({ bucket: practice.bucket, key: 'k' });

describe('Block Public Access', () => {
  test.each([
    ['an object’s public ACL', () => putObjectAcl(connection, object(), 'public-read')],
    [
      'a bucket that would be public',
      () => createBucket(connection, 'public-bucket', { storageClass: 'Standard', acl: 'public-read' }),
    ],
  ])('is named where it refuses %s, and no right is asked for', async (_what, act) => {
    practice.server.restrictions.publicAccess = true;
    const failure = await failureOf(act());
    expect(failure).toMatchObject({ kind: 'oss', cause: 'public-access-blocked' });
    expect(words(failure)).toContain('Block Public Access');
    expect(words(failure)).not.toContain('oss:');
  });
});

test('a bucket that takes V4 only is named for requests and for links', async () => {
  practice.server.restrictions.signatureV1 = true;
  expect(await failureOf(headObject(withV1(), object()))).toMatchObject({ kind: 'credentials', cause: 'v1-refused' });
  expect(await failureOf(open(link('k', { signVersion: 'v1' })))).toMatchObject({ kind: 'link', cause: 'v1-refused' });
});

test.each([
  ['UserDisable', 'account-disabled'],
  ['BucketDisable', 'account-disabled'],
  ['AbnormalBucketOwnerStatus', 'account-disabled'],
  ['InDebt', 'arrears'],
  ['InDebtOverdue', 'arrears'],
] as const)('the account’s state %s is %s, not a missing right', async (state, cause) => {
  practice.server.restrictions.account = state;
  const calls = [
    () => listObjects(connection, practice.bucket),
    () => open(link('k')),
    () => headObject(connection, object()),
  ];
  for (const call of calls) {
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ kind: 'oss', cause });
    expect(words(failure)).not.toMatch(/oss:|right/);
  }
});

test('an app that no link may serve is named', async () => {
  practice.server.restrictions.packages = true;
  expect(await failureOf(open(link('app.apk')))).toMatchObject({ kind: 'oss', cause: 'apk-forbidden' });
  (await getObject(connection, { bucket: practice.bucket, key: 'app.apk' })).body.resume();
});

test('hotlink protection is named for a link', async () => {
  await configure(
    'PUT',
    'referer',
    '<RefererConfiguration><AllowEmptyReferer>false</AllowEmptyReferer>' +
      '<RefererList><Referer>https://*.example.com</Referer></RefererList></RefererConfiguration>',
  );
  expect(await failureOf(open(link('k')))).toMatchObject({ kind: 'link', cause: 'denied-by-referer' });
  expect(await headObject(connection, object())).toMatchObject({ sizeBytes: 7 });
  await configure(
    'PUT',
    'referer',
    '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList/></RefererConfiguration>',
  );
});

describe('a policy', () => {
  const statement = (fields: object) =>
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: 'oss:GetObject', Resource: `acs:oss:*:*:${practice.bucket}/*`, ...fields }],
    });

  test('of the bucket denies what RAM allows, and OSS’s sentence says so', async () => {
    await configure('PUT', 'policy', statement({ Principal: ['user'] }));
    const failure = await failureOf(headObject(asUser(), object()));
    expect(failure).toMatchObject({ kind: 'credentials', cause: 'denied-by-policy', ec: '0003-00000101' });
    expect(failure).toMatchObject({ message: 'Access denied by bucket policy.' });
  });

  test('of RAM that allows nothing is told with the action that OSS names', async () => {
    const failure = await failureOf(putObjectAcl(asUser(), object(), 'private'));
    expect(failure).toMatchObject({ cause: 'denied-by-policy', ec: '0003-00000001', action: 'oss:PutObjectAcl' });
  });
});

test('a session that its own policy limits is told so by OSS’s sentence, with the action that it lacks', async () => {
  const { accessKeyId, accessKeySecret, roleArn, stsEndpoint } = practice.server;
  const statement = { Effect: 'Allow', Action: 'oss:PutObject', Resource: `acs:oss:*:*:${practice.bucket}/*` };
  const { accessKey } = await assumeRole({
    ...{ accessKey: { accessKeyId, accessKeySecret, securityToken: null }, stsEndpoint: `http://${stsEndpoint}` },
    ...{ roleArn, sessionName: 'narrow', durationSeconds: 900, clock: connection.clock },
    ...{ policy: JSON.stringify({ Version: '1', Statement: [statement] }), dispatcher: connection.dispatcher },
  });
  const refused = {
    ...{ cause: 'denied-by-policy', ec: '0003-00000301', message: "Access denied by authorizer's policy." },
  };
  const session = { ...connection, accessKey: () => Promise.resolve(accessKey) };
  const own = await failureOf(headObject(session, object()));
  expect(own).toMatchObject({ kind: 'credentials', ...refused, action: 'oss:GetObject' });
  expect(await failureOf(open(link('k', { accessKey })))).toMatchObject({ kind: 'link', ...refused });
});

test('a signature for another region is told apart from a bucket that is elsewhere', async () => {
  const elsewhere = { ...connection, region: 'cn-shanghai' };
  const failure = await failureOf(headObject(elsewhere, object()));
  expect(failure).toMatchObject({ kind: 'credentials', cause: 'wrong-region-signature', ec: '0002-00000226' });
  const url = link('k', { region: 'cn-shanghai' });
  expect(await failureOf(open(url))).toMatchObject({
    kind: 'link',
    cause: 'wrong-region-signature',
    ec: '0002-00000228',
  });
});
