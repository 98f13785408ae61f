import type { PolicyDocument } from './policy.ts';

/** The practice account, which owns all buckets and roles. */
export const ACCOUNT_ID = '1000000000000001';

/** The authenticated caller of a request. */
export interface Identity {
  readonly type: 'anonymous' | 'account' | 'user' | 'assumed-role';
  /** Null for anonymous requests. */
  readonly accessKeyId: string | null;
  /** Name in AccessDenied replies and in GetCallerIdentity. */
  readonly name: string;
  /** How a bucket policy names the caller, besides `*`: its UID, or `arn:sts::<uid>:assumed-role/<role>/<session>`. */
  readonly principal: string | null;
  /** RAM policy of the user or role; null allows everything. */
  readonly policy: PolicyDocument | null;
  /** Session policy of AssumeRole, which only narrows; null without one. */
  readonly sessionPolicy: PolicyDocument | null;
}

/** An AccessKey as a verifier needs it. */
export interface Key {
  readonly accessKeySecret: string;
  readonly identity: Identity;
}

/** Looks AccessKeys up. */
export interface KeySource {
  /**
   * @param securityToken the token in the request, or null
   * @throws Refusal `InvalidAccessKeyId`, `InvalidSecurityToken`, `SecurityTokenExpired`
   */
  find(accessKeyId: string, securityToken: string | null): Key;
}

/** A request without a signature. */
export const ANONYMOUS: Identity = {
  type: 'anonymous',
  accessKeyId: null,
  name: 'anonymous',
  principal: null,
  policy: null,
  sessionPolicy: null,
};
