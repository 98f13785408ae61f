import { WaybillError } from '../../failure.ts';
import { environmentKey, valueOf } from '../environment.ts';
import { registerSecrets } from '../live-secrets.ts';
import { defaultChain, type NamedSource } from './default-chain.ts';
import type { FileState } from './file-state.ts';
import { obtain } from './obtain.ts';
import { readCloudSso, readProfile } from './profiles/profiles.ts';
import type { Recipe } from './recipe.ts';
import type { CredentialSource, SourceContext, SourceSession } from './source.ts';
import { sourceError } from './source-failure.ts';
import { checkProgramAllowed, credentialsUri, ECS_ROLE, oidcRole } from './variables.ts';

/** A source that was looked up: how its credentials are obtained, and the files that say so. */
export interface Resolved {
  /** What was found: no chain, and no choice that the files would make another time. */
  readonly source: NamedSource;
  readonly recipe: Recipe;
  readonly files: readonly FileState[];
}

type Place = Pick<SourceContext, 'environment' | 'home' | 'areSourcesOff'>;
type Lookups = {
  readonly [K in NamedSource['kind']]: (
    source: Extract<NamedSource, { readonly kind: K }>,
    place: Place,
  ) => Promise<Looked>;
};

/** `source` where it differs from the one that was asked for. */
type Looked = Omit<Resolved, 'source'> & Partial<Pick<Resolved, 'source'>>;

/**
 * The credentials of a source, obtained now.
 * @throws WaybillError `credentials` with a cause of sources (source-missing for a chain without any), or as assumeRole();
 *   `network`, `file`, `input`, `cancelled`
 */
export async function resolveSource(source: CredentialSource, context: SourceContext): Promise<SourceSession> {
  const { recipe, source: found } = await lookUp(source, context);
  return { ...(await obtain(recipe, context)), source: found };
}

/** Finds out how a source's credentials are obtained. Sends nothing. @throws WaybillError as resolveSource() */
export async function lookUp(source: CredentialSource, place: Place): Promise<Resolved> {
  if (place.areSourcesOff?.() === true) throw new WaybillError({ kind: 'input', field: 'source', rule: 'sources-off' });
  const named = source.kind === 'chain' ? await defaultChain(place) : source;
  if (named === null) throw sourceError('source-missing', { kind: 'chain', name: '' });
  // TypeScript can't correlate the entry looked up by `kind` with the type of this source.
  const look = lookups[named.kind] as (source: NamedSource, place: Place) => Promise<Looked>;
  return { source: named, ...(await look(named, place)) };
}

const lookups: Lookups = {
  env: (_, { environment }) => settled(() => environmentRecipe(environment)),
  profile: ({ profile }, place) => readProfile(profile, place),
  cloudsso: async ({ profile }, place) => {
    const { name, ...read } = await readCloudSso(profile, place);
    return { ...read, source: { kind: 'cloudsso', profile: name } };
  },
  ecs: ({ roleName }, { environment }) =>
    settled(() => ({ kind: 'ecs', roleName: roleName ?? valueOf(environment, ECS_ROLE) })),
  oidc: ({ role }, { environment }) =>
    settled(() => {
      const found = role ?? oidcRole(environment);
      if (found === null) throw sourceError('source-missing', { kind: 'oidc', name: '' });
      return { kind: 'oidc', role: found };
    }),
  uri: ({ uri }, { environment }) => settled(() => ({ kind: 'uri', uri: credentialsUri(uri, environment) })),
  process: ({ command }, { environment }) =>
    settled(() => {
      checkProgramAllowed(environment);
      return { kind: 'process', command };
    }),
  role: async ({ base, role }, place) => {
    const { source, recipe, files } = await lookUp(base, place);
    return { recipe: { kind: 'role', base: recipe, role }, files, source: { kind: 'role', base: source, role } };
  },
};

async function settled(make: () => Recipe): Promise<Looked> {
  return Promise.resolve({ recipe: make(), files: [] });
}

function environmentRecipe(environment: Place['environment']): Recipe {
  const key = environmentKey(environment);
  if (key === null) throw sourceError('source-missing', { kind: 'env', name: '' });
  const validUntil = key.securityToken === null ? null : ('unknown' as const);
  return { kind: 'key', session: { accessKey: registerSecrets(key), validUntil }, profile: null };
}
