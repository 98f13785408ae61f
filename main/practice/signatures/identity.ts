import type { PolicyDocument } from './policy.ts';

/** The authenticated caller of a request. */
export interface Identity {
  readonly type: 'anonymous' | 'account' | 'user' | 'assumed-role';
  /** Null for anonymous requests. */
  readonly accessKeyId: string | null;
  /** Name in AccessDenied replies and in GetCallerIdentity. */
  readonly name: string;
  /** Each must allow the request; an empty list allows everything. */
  readonly policies: readonly PolicyDocument[];
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
export const ANONYMOUS: Identity = { type: 'anonymous', accessKeyId: null, name: 'anonymous', policies: [] };
