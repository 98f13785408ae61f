import assert from 'node:assert/strict';
import { pageCorsRule } from '../../main/links/pages/cors-rule.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../main/oss/operations/bucket-policy.ts';
import { getBucketStat } from '../../main/oss/operations/bucket-stat.ts';
import { deleteBucketCors, getBucketCors, putBucketCors } from '../../main/oss/operations/cors.ts';
import { getBucketLifecycle } from '../../main/oss/operations/lifecycle.ts';
import {
  getBucketAcl,
  isPublicAccessBlocked,
  putBucketAcl,
  putBucketPublicAccessBlock,
} from '../../main/oss/operations/public-access.ts';
import type { Place } from './place.ts';

/** What a bucket says of itself: CORS rules, policy, access and rules, written and read back. */
export async function accessSteps({ bucket, connection, steps }: Place): Promise<void> {
  await steps.run('PutBucketCors, GetBucketCors, DeleteBucketCors', async () => {
    assert.equal(await getBucketCors(connection, bucket), null);
    const rules = [pageCorsRule, { ...pageCorsRule, allowedOrigins: ['null'], maxAgeSeconds: null }];
    await putBucketCors(connection, bucket, { rules, responseVary: true, others: [] });
    assert.deepEqual(await getBucketCors(connection, bucket), { rules, responseVary: true, others: [] });
    await deleteBucketCors(connection, bucket);
    assert.equal(await getBucketCors(connection, bucket), null);
  });
  await steps.run('PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy', async () => {
    assert.equal(await getBucketPolicy(connection, bucket), null);
    const resource = `acs:oss:*:*:${bucket}/nothing/*`;
    const policy = `{ "Version": "1",\n "Statement": [{"Effect":"Deny","Action":["oss:PutObject"],"Principal":["*"],"Resource":["${resource}"]}] }`;
    await putBucketPolicy(connection, bucket, policy);
    const stored = await getBucketPolicy(connection, bucket);
    assert.deepEqual(JSON.parse(stored ?? ''), JSON.parse(policy));
    await deleteBucketPolicy(connection, bucket);
    assert.equal(await getBucketPolicy(connection, bucket), null);
    return stored === policy ? 'kept byte for byte' : 'kept in another form';
  });
  await steps.run('GetBucketStat, GetBucketLifecycle', async () => {
    const { objectCount } = await getBucketStat(connection, bucket);
    assert.ok(objectCount >= 0);
    assert.deepEqual(await getBucketLifecycle(connection, bucket), []);
  });
  await steps.run('PutBucketAcl', async () => {
    await putBucketAcl(connection, bucket, 'private');
    assert.equal(await getBucketAcl(connection, bucket), 'private');
  });
  await steps.run('PutBucketPublicAccessBlock, GetBucketPublicAccessBlock', async () => {
    for (const isOn of [true, false]) {
      await putBucketPublicAccessBlock(connection, bucket, isOn);
      assert.equal(await isPublicAccessBlocked(connection, bucket), isOn);
    }
  });
}
