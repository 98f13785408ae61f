import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyEditor, withoutStatements, withStatements } from '../../../main/links/revoking/policy-text.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { objectUser, type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'policies-here';
let run: PracticeRun;
let connection: Connection;

beforeAll(async () => {
  run = await startPracticeRun();
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
});
afterAll(() => run.close());

const theirs = `{ "Version" : "1",
  "Statement" : [ {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["20214760404935"],"Resource":["acs:oss:*:*:${bucket}/ü*"]} ] }
`;
const ours = { Effect: 'Deny', Action: ['oss:PutObject'], Principal: ['*'], Resource: [`acs:oss:*:*:${bucket}/x/*`] };

test('a policy is stored, read back as it was written, and removed', async () => {
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
  await putBucketPolicy(connection, bucket, theirs);
  expect(await getBucketPolicy(connection, bucket)).toBe(theirs);
  await deleteBucketPolicy(connection, bucket);
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
});

test('our statement comes and goes, and leaves what others wrote as it was', async () => {
  const editor = policyEditor();
  await putBucketPolicy(connection, bucket, theirs);
  await editor.change(connection, bucket, (policy) => withStatements(policy, [ours]));
  expect(JSON.parse((await getBucketPolicy(connection, bucket)) ?? '')).toMatchObject({ Statement: [{}, ours] });
  await editor.change(connection, bucket, (policy) => withoutStatements(policy, ({ Effect }) => Effect === 'Deny'));
  expect(await getBucketPolicy(connection, bucket)).toBe(theirs);
});

test('the last statement takes the policy with it', async () => {
  const editor = policyEditor();
  await putBucketPolicy(connection, bucket, theirs);
  await editor.change(connection, bucket, (policy) => withoutStatements(policy, () => true));
  expect(await getBucketPolicy(connection, bucket)).toBeNull();
});

test('who may not read or change the policy is told which right is missing', async () => {
  const { accessKeyId, accessKeySecret } = objectUser;
  const { id } = await run.accounts.add(run.draft({ remember: false, accessKeyId, accessKeySecret }));
  const poor = run.accounts.access(id).connectionIn('cn-hangzhou');
  const lacking = (action: string) => ({ failure: { kind: 'credentials', action } });
  await expect(getBucketPolicy(poor, bucket)).rejects.toMatchObject(lacking('oss:GetBucketPolicy'));
  await expect(putBucketPolicy(poor, bucket, theirs)).rejects.toMatchObject(lacking('oss:PutBucketPolicy'));
  await expect(deleteBucketPolicy(poor, bucket)).rejects.toMatchObject(lacking('oss:DeleteBucketPolicy'));
});
