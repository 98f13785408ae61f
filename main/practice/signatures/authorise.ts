import type { Bucket } from '../storage/bucket.ts';
import { type BucketPolicy, decideForBucket, isPublicStatement, parseBucketPolicy } from './bucket-policy.ts';
import type { Identity } from './identity.ts';
import { type Permission, type Verdict, decide } from './policy.ts';
import { type Refusal, accessDenied } from '../protocol/refusal.ts';

const ANONYMOUS_READ = new Set(['oss:GetObject', 'oss:GetObjectVersion', 'oss:ListObjects']);
const ANONYMOUS_WRITE = new Set(['oss:PutObject', 'oss:DeleteObject']);

/** The access that a caller requests. */
export interface AccessRequest {
  readonly action: string;
  /** Undefined for calls of the service, and where there is no such bucket. */
  readonly bucket: Bucket | undefined;
  /** The bucket as the request names it. */
  readonly bucketName: string | null;
  readonly key: string | null;
  /** The bucket's policy that is in effect, as JSON. */
  readonly policy: string | undefined;
  /** Values for policy conditions; names in lower case. */
  readonly context: Readonly<Record<string, string>>;
  /** Whether Block Public Access is on, for the account or the bucket. */
  readonly isPublicBlocked: boolean;
}

/**
 * Checks a request in OSS's order: session policy, then RAM policy and bucket policy together, where any Deny refuses
 * and any Allow allows, then the owner, then ACLs.
 * @throws Refusal `AccessDenied`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authentication
 */
export function authorise(identity: Identity, access: AccessRequest): void {
  const { accessKeyId } = identity;
  const context = accessKeyId === null ? access.context : { ...access.context, 'acs:accessid': accessKeyId };
  const permission = { action: access.action, resource: resourceOf(access), context };
  const { sessionPolicy } = identity;
  const bySession = sessionPolicy === null ? 'allow' : decide(sessionPolicy, permission);
  if (bySession !== 'allow') throw deniedBySession(identity, access, bySession);
  const byRam = decideByRam(identity, permission);
  const byBucket = decideByBucket(identity, access, permission);
  if (byRam === 'deny' || byBucket === 'deny') throw deniedExplicitly(identity, access, { byRam, byBucket });
  if (byRam === 'allow' || byBucket === 'allow') return;
  if (identity.type === 'account' || isPublic(access)) return;
  throw noRight(identity, access);
}

function resourceOf({ bucketName, key }: AccessRequest): string {
  if (bucketName === null) return '*';
  return key === null ? bucketName : `${bucketName}/${key}`;
}

function decideByRam({ type, policy }: Identity, permission: Permission): Verdict {
  if (type === 'anonymous' || type === 'account') return 'nothing';
  return policy === null ? 'allow' : decide(policy, permission);
}

function decideByBucket(
  identity: Identity,
  { policy: text = '', isPublicBlocked }: AccessRequest,
  permission: Permission,
): Verdict {
  const policy = parseBucketPolicy(text);
  if (policy === null) return 'nothing';
  return decideForBucket(isPublicBlocked ? withoutPublic(policy) : policy, identity, permission);
}

function withoutPublic(policy: BucketPolicy): BucketPolicy {
  return { ...policy, Statement: policy.Statement.filter((statement) => !isPublicStatement(statement)) };
}

function isPublic({ action, bucket, key, isPublicBlocked }: AccessRequest): boolean {
  if (bucket === undefined || isPublicBlocked) return false;
  const objectAcl = key === null ? undefined : bucket.index.latest(key)?.acl;
  const acl = objectAcl === undefined || objectAcl === 'default' ? bucket.settings.acl : objectAcl;
  if (ANONYMOUS_WRITE.has(action)) return acl === 'public-read-write';
  return ANONYMOUS_READ.has(action) && acl !== 'private';
}

function deniedBySession(identity: Identity, access: AccessRequest, verdict: Verdict): Refusal {
  const detail = detailOf(identity, access, { verdict, policyType: 'SessionPolicy' });
  return accessDenied("Access denied by authorizer's policy.", '0003-00000301', detail);
}

/** @see https://help.aliyun.com/en/oss/user-guide/0003-00000201 (RAM), …101 (bucket policy), …203 (both) */
function deniedExplicitly(
  identity: Identity,
  access: AccessRequest,
  { byRam, byBucket }: { readonly byRam: Verdict; readonly byBucket: Verdict },
): Refusal {
  const message = 'Access denied by bucket policy.';
  if (byRam !== 'deny') return accessDenied(message, '0003-00000101');
  const detail = detailOf(identity, access, { verdict: 'deny', policyType: 'AccountLevelIdentityBasedPolicy' });
  return accessDenied(message, byBucket === 'deny' ? '0003-00000203' : '0003-00000201', detail);
}

function noRight(identity: Identity, access: AccessRequest): Refusal {
  const message = 'You have no right to access this object because of bucket acl.';
  if (identity.type === 'anonymous') return accessDenied(message, '0003-00000001');
  const policyType = 'AccountLevelIdentityBasedPolicy';
  return accessDenied(message, '0003-00000001', detailOf(identity, access, { verdict: 'nothing', policyType }));
}

function detailOf(
  { type, name }: Identity,
  { action }: AccessRequest,
  { verdict, policyType }: { readonly verdict: Verdict; readonly policyType: string },
): { readonly AccessDeniedDetail: Readonly<Record<string, string>> } {
  return {
    AccessDeniedDetail: {
      PolicyType: policyType,
      AuthPrincipalType: type === 'user' ? 'SubUser' : 'AssumedRoleUser',
      AuthPrincipalDisplayName: name,
      NoPermissionType: verdict === 'deny' ? 'ExplicitDeny' : 'ImplicitDeny',
      AuthAction: action,
    },
  };
}
