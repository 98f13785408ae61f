import type { Identity } from './identity.ts';
import { decide } from './policy.ts';
import { type Refusal, accessDenied } from '../protocol/refusal.ts';
import type { Store } from '../storage/store.ts';

const ANONYMOUS_READ = new Set(['oss:GetObject', 'oss:GetObjectVersion', 'oss:ListObjects']);
const ANONYMOUS_WRITE = new Set(['oss:PutObject', 'oss:DeleteObject']);

/** What a caller wants to do. */
export interface Wish {
  readonly action: string;
  readonly bucket: string | null;
  readonly key: string | null;
  /** What conditions of policies look at, names in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Checks a wish against ACLs (for callers without a signature) or policies (for all others).
 * @throws Refusal `AccessDenied`
 */
export function authorise(identity: Identity, wish: Wish, store: Store): void {
  if (identity.type === 'anonymous') {
    if (!isPublic(wish, store)) throw noRight();
    return;
  }
  if (identity.policies.length === 0) return;
  const resource = wish.bucket === null ? '*' : wish.key === null ? wish.bucket : `${wish.bucket}/${wish.key}`;
  const verdict = decide(identity.policies, { action: wish.action, resource, context: wish.context });
  if (verdict !== 'allow') throw deniedByPolicy(identity, wish, verdict === 'deny');
}

function isPublic({ action, bucket, key }: Wish, store: Store): boolean {
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

function deniedByPolicy(identity: Identity, wish: Wish, isExplicit: boolean): Refusal {
  const detail = {
    AuthAction: wish.action,
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
