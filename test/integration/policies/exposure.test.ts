import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Access } from '../../../main/accounts/access.ts';
import { bucketExposures, objectAccess } from '../../../main/policies/exposure.ts';
import { putObjectAcl } from '../../../main/oss/operations/acl.ts';
import { putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { putBucketAcl, putBucketPublicAccessBlock } from '../../../main/oss/operations/public-access.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const blind = {
  accessKeyId: 'BLINDUSER',
  accessKeySecret: 'blind-secret',
  name: 'blind',
  policy: { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:ListBuckets', Resource: '*' }] },
} as const;
const acls = { 'open-read': 'public-read', 'open-write': 'public-read-write', 'shut-bucket': 'private' } as const;
const everyone = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Principal: ['*'], Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:by-policy/*'] }],
};
let run: PracticeRun;
let owner: Access;

beforeAll(async () => {
  run = await startPracticeRun({ users: [blind] });
  owner = await accessOf({});
  const connection = owner.connectionIn('cn-hangzhou');
  for (const [bucket, acl] of Object.entries({ ...acls, 'by-policy': 'private' as const })) {
    await createBucket(connection, bucket, { storageClass: 'Standard', acl });
  }
  await putBucketPolicy(connection, 'by-policy', JSON.stringify(everyone));
});
afterAll(() => run.close());
beforeEach(() => {
  run.server.restrictions.publicAccess = false;
  run.requests.length = 0;
});

async function accessOf(fields: Parameters<PracticeRun['draft']>[0]): Promise<Access> {
  const { id } = await run.accounts.add(run.draft({ remember: false, ...fields }));
  await run.accounts.buckets(id);
  return run.accounts.access(id);
}

const openingsOf = async (access: Access, ...buckets: readonly string[]) =>
  (await bucketExposures(access, buckets)).map(({ opening }) => opening);

test('a bucket is open by its ACL, by its policy, or not at all', async () => {
  expect(await openingsOf(owner, 'open-read', 'open-write', 'by-policy', 'shut-bucket')).toEqual([
    'public-read',
    'public-read-write',
    'policy',
    'none',
  ]);
});

test('a list takes two requests a bucket at most, and one for the account', async () => {
  await openingsOf(owner, ...Object.keys(acls), 'by-policy');
  expect(run.requests.filter((request) => request.endsWith('?bucketInfo'))).toHaveLength(4);
  // The ACL of the other two decides.
  expect(run.requests.filter((request) => request.endsWith('?policyStatus'))).toHaveLength(2);
  expect(run.requests.filter((request) => request === 'GET /?publicAccessBlock')).toHaveLength(1);
  expect(run.requests).toHaveLength(7);
});

test('what Block Public Access overrules is not open, for the account or for a bucket', async () => {
  run.server.restrictions.publicAccess = true;
  expect(await openingsOf(owner, 'open-read', 'by-policy')).toEqual(['none', 'none']);
  run.server.restrictions.publicAccess = false;
  const connection = owner.connectionIn('cn-hangzhou');
  await putBucketPublicAccessBlock(connection, 'open-read', true);
  expect(await openingsOf(owner, 'open-read', 'open-write')).toEqual(['none', 'public-read-write']);
  await putBucketPublicAccessBlock(connection, 'open-read', false);
  expect(await openingsOf(owner, 'open-read')).toEqual(['public-read']);
});

test('a changed ACL counts', async () => {
  const connection = owner.connectionIn('cn-hangzhou');
  await putBucketAcl(connection, 'shut-bucket', 'public-read');
  expect(await openingsOf(owner, 'shut-bucket')).toEqual(['public-read']);
  await putBucketAcl(connection, 'shut-bucket', 'private');
  expect(await openingsOf(owner, 'shut-bucket')).toEqual(['none']);
});

test('a key that may ask nothing leaves all unknown, and soon stops asking', async () => {
  const visitor = await accessOf({ accessKeyId: blind.accessKeyId, accessKeySecret: blind.accessKeySecret });
  run.requests.length = 0;
  const buckets = Array.from({ length: 50 }, (_, index) => `open-read-${index}`);
  expect(new Set(await openingsOf(visitor, ...buckets))).toEqual(new Set(['unknown']));
  expect(run.requests.length).toBeLessThanOrEqual(8 * 4);
});

test('a bucket that is gone is unknown, and the others are known all the same', async () => {
  expect(await openingsOf(owner, 'gone-long-ago', 'open-read')).toEqual(['unknown', 'public-read']);
});

test('an object tells its own ACL, and whether something overrules it', async () => {
  const connection = owner.connectionIn('cn-hangzhou');
  const object = { bucket: 'shut-bucket', key: 'a' };
  await putObject(connection, { ...object, body: Buffer.from('x'), sizeBytes: 1 });
  expect(await objectAccess(connection, object)).toEqual({ acl: 'default', isBlocked: false });
  await putObjectAcl(connection, object, 'public-read');
  expect(await objectAccess(connection, object)).toEqual({ acl: 'public-read', isBlocked: false });
  run.server.restrictions.publicAccess = true;
  expect(await objectAccess(connection, object)).toEqual({ acl: 'public-read', isBlocked: true });
});

test('an object whose ACL may not be asked says that nothing is known', async () => {
  const visitor = await accessOf({ accessKeyId: blind.accessKeyId, accessKeySecret: blind.accessKeySecret });
  const object = { bucket: 'open-read', key: 'a' };
  expect(await objectAccess(visitor.connectionIn('cn-hangzhou'), object)).toEqual({ acl: null, isBlocked: false });
});
