import type { Session } from '../sts/credentials.ts';
import { ask } from './ask.ts';
import { checkValid, issuedSchema, parsed, sessionOfIssued } from './issued.ts';
import { originOf, type Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/** The SDKs' five seconds for the connection and ten for the answer, together. */
const TIMEOUT_MS = 15_000;

/**
 * The credentials that a service hands out at a URI. The aliyun CLI also wants `Code` to be `Success`; the SDKs don't look
 * at it, so that a service may leave it out.
 * @throws WaybillError `credentials` with a cause of sources; `network`
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/uri.ts
 * @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go CredentialsURI
 */
export async function uriSession(
  recipe: Extract<Recipe, { readonly kind: 'uri' }>,
  context: SourceContext,
): Promise<Session> {
  const origin = originOf(recipe);
  const { status, text, date } = await ask({ url: new URL(recipe.uri), origin, timeoutMs: TIMEOUT_MS }, context);
  if (status >= 500) throw sourceError('source-silent', origin, `HTTP ${status}`);
  if (status !== 200) throw sourceError('source-refused', origin, `HTTP ${status}`);
  const issued = parsed(text, issuedSchema);
  if (issued === null) throw sourceError('source-malformed', origin);
  const session = sessionOfIssued(issued);
  checkValid(session, { clock: context.clock, date, origin });
  return session;
}
