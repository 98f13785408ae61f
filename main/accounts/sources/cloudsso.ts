import { z } from 'zod';
import { isLoopback } from '../../http/authority.ts';
import type { Session } from '../sts/credentials.ts';
import { ask } from './ask.ts';
import { checkValid, issuedSchema, parsed, sessionOfIssued } from './issued.ts';
import { originOf, type Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

const TIMEOUT_MS = 15_000;

/** What the aliyun CLI fetched is used while it is valid for this long. */
const CACHED_LEFT_MS = 15 * 60_000;

const answerSchema = z.object({ CloudCredential: issuedSchema });

/**
 * Credentials of an access configuration, for the sign-in that the aliyun CLI keeps in its profile: those that it has
 * fetched last, or new ones. Nothing is written into the profile, and a sign-in that has expired is left to the CLI.
 * @throws WaybillError `credentials` with a cause of sources; `network`
 * @see https://github.com/aliyun/aliyun-cli/blob/master/cloudsso/refresh.go
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/cloud_sso.ts
 */
export async function cloudSsoSession(
  recipe: Extract<Recipe, { readonly kind: 'cloudsso' }>,
  context: SourceContext,
): Promise<Session> {
  const { cached, signInUrl, accountId, accessConfiguration, accessToken, validUntil } = recipe.signIn;
  const origin = originOf(recipe);
  const { clock } = context;
  if (cached !== null && cached.validUntil - clock.now() > CACHED_LEFT_MS) {
    return { accessKey: cached, validUntil: cached.validUntil };
  }
  if (accessToken === '' || validUntil <= clock.now()) throw sourceError('source-expired', origin);
  const url = serviceOf(signInUrl);
  if (url === null) throw sourceError('source-unusable', { ...origin, kind: 'profile' }, 'cloud_sso_sign_in_url');
  const { status, text, date } = await ask(
    {
      ...{ url, origin, timeoutMs: TIMEOUT_MS, method: 'POST' },
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${accessToken}`,
      },
      body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfiguration }),
    },
    context,
  );
  if (status >= 500) throw sourceError('source-silent', origin, `HTTP ${status}`);
  if (status !== 200) throw sourceError('source-refused', origin, `HTTP ${status}`);
  const issued = parsed(text, answerSchema)?.CloudCredential;
  if (issued === undefined) throw sourceError('source-malformed', origin);
  const session = sessionOfIssued(issued);
  checkValid(session, { clock, date, origin });
  return session;
}

/** Where the credentials are fetched: the host of the sign-in page. The token goes out encrypted, or stays in this computer. */
function serviceOf(signInUrl: string): URL | null {
  if (!URL.canParse(signInUrl)) return null;
  const { protocol, host, origin } = new URL(signInUrl);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(host));
  return isSafe ? new URL('/cloud-credentials', origin) : null;
}
