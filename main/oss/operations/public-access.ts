import { isDenied, malformedReply, toFailure } from '../../failure.ts';
import type { Params } from '../canonical.ts';
import type { Connection } from '../connection.ts';
import { expectRoot, requiredText } from '../exchange/reply-fields.ts';
import { sendForHeaders, sendForXml } from '../exchange/request.ts';
import { child, writeXml } from '../exchange/xml.ts';
import { type BucketAcl, bucketAcls } from './acl.ts';

/*
 * What opens a bucket to everyone, and what blocks that: read and changed. Each answer is null for credentials that may not ask, which most
 * users of RAM may not.
 */

/**
 * GetBucketAcl: who may read or write the bucket without a signature.
 * @throws WaybillError `oss` MalformedReply for an ACL that OSS doesn't document
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketacl
 */
export async function getBucketAcl(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<BucketAcl | null> {
  return orUnknown(async () => {
    const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { acl: null }, signal });
    expectRoot(root, 'AccessControlPolicy');
    const list = child(root, 'AccessControlList');
    const grant = list === null ? '' : requiredText(list, 'Grant');
    const acl = bucketAcls.find((known) => known === grant);
    if (acl === undefined) throw malformedReply(200, 'AccessControlPolicy with an unknown Grant');
    return acl;
  });
}

/**
 * PutBucketAcl: sets who may read or write the bucket without a signature. Only the owner of the bucket may.
 * @throws WaybillError `credentials` for a public ACL under Block Public Access
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketacl
 */
export async function putBucketAcl(connection: Connection, bucket: string, acl: BucketAcl): Promise<void> {
  const headers = { 'x-oss-acl': acl };
  await sendForHeaders(connection, { method: 'PUT', bucket, params: { acl: null }, headers });
}

/**
 * PutBucketPublicAccessBlock: turns Block Public Access on or off for the bucket. Off, what its ACLs and its policy allow
 * everyone counts again.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketpublicaccessblock
 */
export async function putBucketPublicAccessBlock(connection: Connection, bucket: string, isOn: boolean): Promise<void> {
  const body = Buffer.from(writeXml('PublicAccessBlockConfiguration', [['BlockPublicAccess', String(isOn)]]));
  const headers = { 'content-type': 'application/xml' };
  await sendForHeaders(connection, { method: 'PUT', bucket, params: { publicAccessBlock: null }, headers, body });
}

/**
 * GetBucketPolicyStatus: whether OSS counts the bucket's policy as public.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketpolicystatus
 */
export function isPolicyPublic(connection: Connection, bucket: string, signal?: AbortSignal): Promise<boolean | null> {
  const [root, element] = ['PolicyStatus', 'IsPublic'];
  return flagOf(connection, { bucket, params: { policyStatus: null }, root, element, signal });
}

/**
 * GetBucketPublicAccessBlock: whether Block Public Access is on for the bucket; null: for the account (GetPublicAccessBlock).
 * On for one of them, OSS ignores what its ACLs and its policy allow everyone, and takes no more of it.
 * @param connection for the account, one to an endpoint of the service
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/block-public-access
 */
export function isPublicAccessBlocked(
  connection: Connection,
  bucket: string | null,
  signal?: AbortSignal,
): Promise<boolean | null> {
  const [root, element] = ['PublicAccessBlockConfiguration', 'BlockPublicAccess'];
  return flagOf(connection, { bucket, params: { publicAccessBlock: null }, root, element, signal });
}

interface Flag {
  readonly bucket: string | null;
  readonly params: Params;
  readonly root: string;
  readonly element: string;
  readonly signal?: AbortSignal | undefined;
}

function flagOf(connection: Connection, { bucket, params, root, element, signal }: Flag): Promise<boolean | null> {
  const place = bucket === null ? {} : { bucket };
  return orUnknown(async () => {
    const reply = await sendForXml(connection, { method: 'GET', ...place, params, signal });
    expectRoot(reply.root, root);
    return requiredText(reply.root, element).toLowerCase() === 'true';
  });
}

async function orUnknown<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isDenied(toFailure(error))) return null;
    throw error;
  }
}
