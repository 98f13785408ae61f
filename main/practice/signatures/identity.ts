import type { PolicyDocument } from './policy.ts';

/** Who a request comes from, once its signature is checked. */
export interface Identity {
  readonly type: 'anonymous' | 'account' | 'user' | 'assumed-role';
  /** Null for anonymous. */
  readonly accessKeyId: string | null;
  /** Name shown in AccessDenied replies and by GetCallerIdentity. */
  readonly name: string;
  /** Every one must allow what is asked for; none at all means everything is allowed. */
  readonly policies: readonly PolicyDocument[];
}

/** What a verifier needs to know of an AccessKey. */
export interface Key {
  readonly accessKeySecret: string;
  readonly identity: Identity;
}

/** Looks AccessKeys up. */
export interface KeySource {
  /**
   * @param securityToken what the request carries, null without
   * @throws Refusal `InvalidAccessKeyId`, `InvalidSecurityToken`, `SecurityTokenExpired`
   */
  find(accessKeyId: string, securityToken: string | null): Key;
}

/** A request without a signature. */
export const ANONYMOUS: Identity = { type: 'anonymous', accessKeyId: null, name: 'anonymous', policies: [] };
