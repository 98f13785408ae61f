import type { Identity } from './identity.ts';
import { decide } from './policy.ts';
import { type Refusal, accessDenied } from '../protocol/refusal.ts';
import type { Store } from '../storage/store.ts';

const ANONYMOUS_READ = new Set(['oss:GetObject', 'oss:GetObjectVersion', 'oss:ListObjects']);
const ANONYMOUS_WRITE = new Set(['oss:PutObject', 'oss:DeleteObject']);

/** The access that a caller requests. */
export interface AccessRequest {
  readonly action: string;
  readonly bucket: string | null;
  readonly key: string | null;
  /** Values for policy conditions; names in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Checks a request against ACLs if it is anonymous, and against policies otherwise.
 * @throws Refusal `AccessDenied`
 */
export function authorise(identity: Identity, access: AccessRequest, store: Store): void {
  if (identity.type === 'anonymous') {
    if (!isPublic(access, store)) throw noRight();
    return;
  }
  if (identity.policies.length === 0) return;
  const resource =
    access.bucket === null ? '*' : access.key === null ? access.bucket : `${access.bucket}/${access.key}`;
  const verdict = decide(identity.policies, { action: access.action, resource, context: access.context });
  if (verdict !== 'allow') throw deniedByPolicy(identity, access, verdict === 'deny');
}

function isPublic({ action, bucket, key }: AccessRequest, store: Store): boolean {
  const found = bucket === null ? undefined : store.find(bucket);
  if (!found) return false;
  const objectAcl = key === null ? undefined : found.index.latest(key)?.acl;
  const acl = objectAcl === undefined || objectAcl === 'default' ? found.settings.acl : objectAcl;
  if (ANONYMOUS_WRITE.has(action)) return acl === 'public-read-write';
  return ANONYMOUS_READ.has(action) && acl !== 'private';
}

function noRight(): Refusal {
  return accessDenied('You have no right to access this object because of bucket acl.', '0003-00000001');
}

function deniedByPolicy(identity: Identity, access: AccessRequest, isExplicit: boolean): Refusal {
  const detail = {
    AuthAction: access.action,
    AuthPrincipalDisplayName: identity.name,
    AuthPrincipalType: identity.type === 'user' ? 'SubUser' : 'AssumedRoleUser',
    NoPermissionType: isExplicit ? 'ExplicitDeny' : 'ImplicitDeny',
    PolicyType: identity.type === 'user' ? 'AccountLevelIdentityBasedPolicy' : 'AssumeRolePolicy',
  };
  const message = isExplicit
    ? 'Access denied by authorizer policy.'
    : 'You have no right to access this object because of bucket acl.';
  return accessDenied(message, isExplicit ? '0003-00000201' : '0003-00000001', detail);
}
