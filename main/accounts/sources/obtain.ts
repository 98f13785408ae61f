import type { Session } from '../sts/credentials.ts';
import { longestSeconds, sessionNames } from '../sts/role-assumer.ts';
import { assumeRole } from '../sts/sts.ts';
import { cloudSsoSession } from './cloudsso.ts';
import { ecsSession } from './ecs.ts';
import { oidcSession } from './oidc.ts';
import { programSession } from './program.ts';
import { originOf, type Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';
import { uriSession } from './uri.ts';
import { stsVariable } from './variables.ts';

type RecipeOf<K extends Recipe['kind']> = Extract<Recipe, { readonly kind: K }>;
type Ways = { readonly [K in Recipe['kind']]: (recipe: RecipeOf<K>, context: SourceContext) => Promise<Session> };

const ways: Ways = {
  key: useKey,
  role: assume,
  ecs: ({ roleName }, context) => ecsSession(roleName, context),
  oidc: (recipe, context) => oidcSession(recipe, { ...context, stsEndpoint: defaultSts(context) }),
  uri: uriSession,
  process: programSession,
  cloudsso: cloudSsoSession,
};

/**
 * Obtains new credentials.
 * @throws WaybillError `credentials` with a cause of sources, or as assumeRole(); `network`, `input`, `cancelled`
 */
export async function obtain(recipe: Recipe, context: SourceContext): Promise<Session> {
  // TypeScript can't correlate the entry looked up by `kind` with the type of this recipe.
  return (ways[recipe.kind] as (recipe: Recipe, context: SourceContext) => Promise<Session>)(recipe, context);
}

function useKey(recipe: RecipeOf<'key'>, { clock }: SourceContext): Promise<Session> {
  const { session } = recipe;
  const { validUntil } = session;
  const isOver = typeof validUntil === 'number' && validUntil <= clock.now();
  return isOver ? Promise.reject(sourceError('source-expired', originOf(recipe))) : Promise.resolve(session);
}

/** Assumes a role, for no longer than the base allows. */
async function assume({ base, role }: RecipeOf<'role'>, context: SourceContext): Promise<Session> {
  const { accessKey } = await obtain(base, context);
  return assumeRole({
    ...sessionNames(role),
    accessKey,
    durationSeconds: Math.min(role.durationSeconds, longestSeconds(accessKey)),
    policy: role.policy ?? undefined,
    stsEndpoint: role.stsEndpoint ?? defaultSts(context),
    clock: context.clock,
    dispatcher: context.dispatcher,
    signal: context.signal,
  });
}

/** The STS endpoint for a source that names none. */
function defaultSts({ environment, stsEndpoint }: SourceContext): string {
  return stsVariable(environment) ?? stsEndpoint ?? 'https://sts.aliyuncs.com';
}
