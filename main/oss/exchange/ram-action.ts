import { own } from '../../own.ts';
import type { Params } from '../canonical.ts';

interface RequestTarget {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly params?: Params;
}

/** Sub-resources in the query, with the noun of their RAM action on an object and on a bucket. */
const subResources: Readonly<Record<string, { readonly object?: string; readonly bucket?: string }>> = {
  acl: { object: 'ObjectAcl', bucket: 'BucketAcl' },
  tagging: { object: 'ObjectTagging', bucket: 'BucketTagging' },
  versioning: { bucket: 'BucketVersioning' },
  bucketInfo: { bucket: 'BucketInfo' },
  location: { bucket: 'BucketLocation' },
  bucketArchiveDirectRead: { bucket: 'BucketArchiveDirectRead' },
  cors: { bucket: 'BucketCors' },
  policy: { bucket: 'BucketPolicy' },
  policyStatus: { bucket: 'BucketPolicyStatus' },
  publicAccessBlock: { bucket: 'BucketPublicAccessBlock' },
};

/** Verbs of RAM actions by HTTP method. */
const verbs: Readonly<Record<string, string>> = { GET: 'Get', HEAD: 'Get', PUT: 'Put', POST: 'Put', DELETE: 'Delete' };

/**
 * The RAM action that a request needs, to be named when OSS denies it without saying. Requests for a specific version
 * need an action of their own. A copy also needs GetObject on its source, which isn't covered here.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/ram-policy-actions
 */
export function ramActionOf({ method, bucket, key, params = {} }: RequestTarget): string {
  if (bucket === undefined) {
    if ('publicAccessBlock' in params) return 'oss:GetPublicAccessBlock';
    return 'regions' in params ? 'oss:DescribeRegions' : 'oss:ListBuckets';
  }
  return key === undefined ? bucketAction(method, params) : objectAction(method, params);
}

/** Sub-resources first, then the operations that RAM names unlike their request. */
function bucketAction(method: string, params: Params): string {
  const verb = own(verbs, method) ?? 'Get';
  for (const [name, { bucket }] of Object.entries(subResources)) {
    if (Object.hasOwn(params, name) && bucket !== undefined) return `oss:${verb}${bucket}`;
  }
  if ('cname' in params) return 'oss:ListCname';
  if ('delete' in params) return 'oss:DeleteObject';
  if ('versions' in params) return 'oss:ListObjectVersions';
  if ('uploads' in params) return 'oss:ListMultipartUploads';
  return verb === 'Get' ? 'oss:ListObjects' : `oss:${verb}Bucket`;
}

function objectAction(method: string, params: Params): string {
  const verb = own(verbs, method) ?? 'Get';
  if ('uploadId' in params && verb === 'Delete') return 'oss:AbortMultipartUpload';
  if ('uploadId' in params && verb === 'Get') return 'oss:ListParts';
  const found = Object.entries(subResources).find(
    ([name, { object }]) => Object.hasOwn(params, name) && object !== undefined,
  );
  const action = 'restore' in params ? 'RestoreObject' : `${verb}${found?.[1].object ?? 'Object'}`;
  return `oss:${'versionId' in params ? action.replace('Object', 'ObjectVersion') : action}`;
}

/** Whether a request reads or changes objects; any other manages the bucket, or the service. */
export function isDataCall({ bucket, key, params = {} }: RequestTarget): boolean {
  return (
    key !== undefined ||
    (bucket !== undefined && ['list-type', 'versions', 'uploads', 'delete'].some((name) => Object.hasOwn(params, name)))
  );
}
