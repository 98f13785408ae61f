import { basename } from 'node:path';
import type { CredentialOrigin } from '../../failure.ts';
import type { AccessKey } from '../../oss/connection.ts';
import type { Session } from '../sts/credentials.ts';
import type { z } from 'zod';
import type { oidcSchema, SourceRole } from './source.ts';

/** A sign-in to CloudSSO that the aliyun CLI keeps, in Unix milliseconds. */
interface CloudSsoSignIn {
  readonly profile: string;
  readonly signInUrl: string;
  readonly accountId: string;
  readonly accessConfiguration: string;
  readonly accessToken: string;
  readonly validUntil: number;
  /** Credentials that the CLI fetched last, if it has any. */
  readonly cached: (AccessKey & { readonly validUntil: number }) | null;
}

/**
 * What it takes to obtain credentials, once names are looked up and files are read. Unlike a CredentialSource it may hold
 * secrets, so it stays in memory.
 */
export type Recipe =
  | { readonly kind: 'key'; readonly session: Session; readonly profile: string | null }
  | { readonly kind: 'ecs'; readonly roleName: string | null }
  | { readonly kind: 'oidc'; readonly role: Readonly<z.infer<typeof oidcSchema>> }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'process'; readonly command: readonly string[] }
  | { readonly kind: 'cloudsso'; readonly signIn: CloudSsoSignIn }
  | { readonly kind: 'role'; readonly base: Recipe; readonly role: SourceRole };

/** Where a recipe's credentials come from, as a person knows it. */
export function originOf(recipe: Recipe): CredentialOrigin {
  switch (recipe.kind) {
    case 'key':
      return recipe.profile === null ? { kind: 'env', name: '' } : { kind: 'profile', name: recipe.profile };
    case 'uri':
      return { kind: 'uri', name: new URL(recipe.uri).host };
    case 'process':
      return { kind: 'process', name: basename(recipe.command[0] ?? '') };
    case 'cloudsso':
      return { kind: 'cloudsso', name: recipe.signIn.profile };
    case 'role':
      return originOf(recipe.base);
    case 'ecs':
    case 'oidc':
      return { kind: recipe.kind, name: '' };
    default:
      return recipe satisfies never;
  }
}
