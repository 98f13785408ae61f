import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../main/oss/connection.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import {
  type CorsConfiguration,
  type CorsRule,
  deleteBucketCors,
  getBucketCors,
  putBucketCors,
} from '../../../main/oss/operations/cors.ts';
import { pageCorsRule } from '../../../main/links/pages/cors-rule.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'rules-here';
let run: PracticeRun;
let connection: Connection;

beforeAll(async () => {
  run = await startPracticeRun();
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
});
afterAll(() => run.close());

const plain: CorsRule = {
  allowedOrigins: ['https://*.example.com', 'null'],
  allowedMethods: ['GET', 'DELETE'],
  allowedHeaders: ['x-oss-meta-*'],
  exposeHeaders: ['x-oss-next'],
  maxAgeSeconds: 0,
  others: [],
};

test('rules are stored, read back in their order and removed', async () => {
  expect(await getBucketCors(connection, bucket)).toBeNull();
  const cors: CorsConfiguration = {
    rules: [plain, pageCorsRule, { ...plain, maxAgeSeconds: null }],
    responseVary: true,
    others: [],
  };
  await putBucketCors(connection, bucket, cors);
  expect(await getBucketCors(connection, bucket)).toEqual(cors);
  await deleteBucketCors(connection, bucket);
  expect(await getBucketCors(connection, bucket)).toBeNull();
});

test('between the numbers of two pages of OSS it decides itself; beyond both, nothing is sent', async () => {
  const rules = (count: number) => ({ rules: Array<CorsRule>(count).fill(plain), responseVary: null, others: [] });
  await expect(putBucketCors(connection, bucket, rules(11))).rejects.toMatchObject({
    failure: { kind: 'oss', code: 'CORSRuleBeyondLimit' },
  });
  await expect(putBucketCors(connection, bucket, rules(21))).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'cors-full' },
  });
  const long = { ...plain, allowedOrigins: [`https://${'a'.repeat(17_000)}`] };
  await expect(putBucketCors(connection, bucket, { ...rules(1), rules: [long] })).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'cors-too-large' },
  });
});
