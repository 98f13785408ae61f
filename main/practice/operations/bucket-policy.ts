import { type Exchange, type Reply, bodyBytes, bucketOf } from '../exchange.ts';
import { isPublicBlocked, publicRefused } from './public-access.ts';
import { Refusal } from '../protocol/refusal.ts';
import { isPublicStatement, parseBucketPolicy } from '../signatures/bucket-policy.ts';

/** PutBucketPolicy. */
export async function putBucketPolicy(x: Exchange): Promise<Reply> {
  const text = (await bodyBytes(x)).toString('utf8');
  const policy = parseBucketPolicy(text);
  if (policy === null) {
    throw new Refusal(400, {
      code: 'InvalidPolicyDocument',
      message: 'The content of the policy does not meet the policy specifications.',
    });
  }
  if (policy.Statement.some(isPublicStatement) && isPublicBlocked(x.restrictions, bucketOf(x)))
    throw publicRefused('bucket policy');
  await x.store.update(bucketOf(x), { policy: text });
  return { status: 200, headers: {} };
}

/** GetBucketPolicy: the JSON as it was put. */
export async function getBucketPolicy(x: Exchange): Promise<Reply> {
  const { policy, name } = bucketOf(x).settings;
  if (policy !== undefined) {
    return Promise.resolve({ status: 200, headers: { 'Content-Type': 'application/json' }, body: policy });
  }
  throw new Refusal(404, {
    code: 'NoSuchBucketPolicy',
    message: 'The bucket policy does not exist.',
    extra: { BucketName: name },
  });
}

/** DeleteBucketPolicy. */
export async function deleteBucketPolicy(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { policy: undefined });
  return { status: 204, headers: {} };
}
