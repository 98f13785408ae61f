import { createHash } from 'node:crypto';
import type { Connection } from '../connection.ts';
import { malformedReply, toFailure, WaybillError } from '../../failure.ts';
import { MAX_BUCKET_POLICY, MAX_ERROR_BYTES, TEXT_TIMEOUT_MS } from '../limits.ts';
import { readText } from '../exchange/read-text.ts';
import { send, sendForHeaders } from '../exchange/request.ts';

/**
 * GetBucketPolicy: the policy of a bucket as JSON text, exactly as it is stored; null if it has none.
 * @throws WaybillError `oss` MalformedReply for text that isn't UTF-8 or is far too long
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketpolicy
 */
export async function getBucketPolicy(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const { status, body } = await send(connection, { method: 'GET', bucket, params: { policy: null }, signal });
    const limits = { maxBytes: MAX_ERROR_BYTES, timeoutMs: TEXT_TIMEOUT_MS };
    const text = await readText(body, limits, connection.endpoint.host);
    // Bytes that aren't UTF-8 were replaced, and what was cut off is longer than any policy.
    if (text.includes('\ufffd') || text.length > 2 * MAX_BUCKET_POLICY.bytes)
      throw malformedReply(status, 'a policy that cannot be kept as it is');
    return text;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.code === 'NoSuchBucketPolicy') return null;
    throw error;
  }
}

/**
 * PutBucketPolicy: replaces the policy of a bucket. OSS checks the whole of it as if it were new.
 * @throws WaybillError `input` for more than 16 KB
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketpolicy
 */
export async function putBucketPolicy(
  connection: Connection,
  bucket: string,
  policy: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = Buffer.from(policy);
  const { bytes } = MAX_BUCKET_POLICY;
  if (body.length > bytes) {
    throw new WaybillError({ kind: 'input', field: 'policy', rule: 'bucket-policy-full', limit: String(bytes) });
  }
  const headers = {
    'content-type': 'application/json',
    'content-md5': createHash('md5').update(body).digest('base64'),
  };
  await sendForHeaders(connection, { method: 'PUT', bucket, params: { policy: null }, headers, body, signal });
}

/**
 * DeleteBucketPolicy: removes the policy of a bucket.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletebucketpolicy
 */
export async function deleteBucketPolicy(connection: Connection, bucket: string, signal?: AbortSignal): Promise<void> {
  await sendForHeaders(connection, { method: 'DELETE', bucket, params: { policy: null }, signal });
}
