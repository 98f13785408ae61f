import { type Exchange, type Reply, bodyBytes, bucketOf, xmlReply } from '../../exchange.ts';
import { isPublicBlocked, publicRefused } from '../public-access.ts';
import { Refusal } from '../../protocol/refusal.ts';
import { toXml } from '../../protocol/xml.ts';
import { isPublicStatement, lacksNetwork, parseBucketPolicy } from '../../signatures/bucket-policy.ts';

/** @see https://help.aliyun.com/zh/oss/user-guide/0030-00000001 and …0030-00000003 */
const MAX_POLICY_BYTES = 16 * 1024;
const MAX_STATEMENT_BYTES = 4095;

/** PutBucketPolicy: replaces the whole policy. */
export async function putBucketPolicy(x: Exchange): Promise<Reply> {
  const bytes = await bodyBytes(x);
  if (bytes.length > MAX_POLICY_BYTES) throw invalidPolicy('The policy is longer than 16 KB.', '0030-00000001');
  const text = bytes.toString('utf8');
  const policy = parseBucketPolicy(text);
  if (policy === null) throw invalidPolicy('The content of the policy does not meet the policy specifications.');
  // OSS doesn't say how it measures a statement: it is measured without blanks.
  const isLong = policy.Statement.some((one) => Buffer.byteLength(JSON.stringify(one)) > MAX_STATEMENT_BYTES);
  if (isLong) throw invalidPolicy('An item of the policy is longer than 4095 bytes.', '0030-00000003');
  if (x.restrictions.policyNetworks && policy.Statement.some(lacksNetwork)) {
    throw invalidPolicy('A statement with acs:SourceIp must have acs:SourceVpc.', '0030-00000008');
  }
  if (policy.Statement.some(isPublicStatement) && isPublicBlocked(x.restrictions, bucketOf(x)))
    throw publicRefused('bucket policy');
  await replacePolicy(x, text);
  return { status: 200, headers: {} };
}

/** The code beside the ECs is not documented. */
function invalidPolicy(message: string, ec?: string): Refusal {
  return new Refusal(400, { code: 'InvalidPolicyDocument', message, ...(ec === undefined ? {} : { ec }) });
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

/** GetBucketPolicyStatus: whether the policy opens the bucket to everyone, blocked or not. */
export async function getBucketPolicyStatus(x: Exchange): Promise<Reply> {
  const policy = parseBucketPolicy(bucketOf(x).settings.policy ?? '');
  return Promise.resolve(
    xmlReply(toXml('PolicyStatus', { IsPublic: policy?.Statement.some(isPublicStatement) === true })),
  );
}

/** DeleteBucketPolicy. */
export async function deleteBucketPolicy(x: Exchange): Promise<Reply> {
  await replacePolicy(x, undefined);
  return { status: 204, headers: {} };
}

/** GetBucketPolicy shows the new one at once, requests are held against it after a while. */
async function replacePolicy(x: Exchange, text: string | undefined): Promise<void> {
  const bucket = bucketOf(x);
  bucket.keepPolicy(x.nowMs, x.nowMs + x.restrictions.policyDelayMs);
  await x.store.update(bucket, { policy: text });
}
