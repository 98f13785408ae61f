import { environmentKey, missingHalf, valueOf } from '../environment.ts';
import { currentProfile } from './profiles/profiles.ts';
import { type CredentialSource, roleNameSchema, type SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';
import { ECS_ROLE, namesOidc, namesUri } from './variables.ts';

/** A source that isn't looked for. */
export type NamedSource = Exclude<CredentialSource, { readonly kind: 'chain' }>;

/**
 * The first source that is set up, in the order of the SDKs: a key in the environment, the token of a pod, the current
 * profile, the role of an ECS instance, a credentials URI; null if there is none. The SDKs go on to the next where one
 * fails. Here a source that is set up and fails is an error: what comes after it may be somebody else.
 * @throws WaybillError as environmentKey() and currentProfile(); `credentials` source-unusable, or
 *   source-missing for half of a key
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/default.ts
 */
export async function defaultChain(place: Pick<SourceContext, 'environment' | 'home'>): Promise<NamedSource | null> {
  const { environment } = place;
  if (environmentKey(environment) !== null) return { kind: 'env' };
  const missing = missingHalf(environment);
  if (missing !== null) throw sourceError('source-missing', { kind: 'env', name: '' }, missing);
  if (namesOidc(environment)) return { kind: 'oidc', role: null };
  const profile = await currentProfile(place);
  if (profile !== null) return { kind: 'profile', profile };
  const roleName = valueOf(environment, ECS_ROLE);
  if (roleName !== null) return { kind: 'ecs', roleName: checkedRoleName(roleName) };
  return namesUri(environment) ? { kind: 'uri', uri: null } : null;
}

function checkedRoleName(written: string): string {
  const read = roleNameSchema.safeParse(written);
  if (read.success) return read.data;
  throw sourceError('source-unusable', { kind: 'ecs', name: '' }, ECS_ROLE);
}
