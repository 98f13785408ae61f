import { registerSecrets } from '../live-secrets.ts';
import type { Session } from '../sts/credentials.ts';
import { checkValid, parsed, printedSchema } from './issued.ts';
import { originOf, type Recipe } from './recipe.ts';
import { runProgram } from './run-program.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

type Program = Extract<Recipe, { readonly kind: 'process' }>;

/** The SDKs' time limit. */
const TIMEOUT_MS = 60_000;

/**
 * The credentials that a program prints: JSON with `access_key_id`, `access_key_secret`, and `sts_token` and `expiration`
 * if they are temporary. It runs without a shell and without an input. What it prints is never shown or logged, not even
 * when it isn't JSON: it may be half of a secret.
 * @throws WaybillError `credentials` with a cause of sources; `cancelled`
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/external.ts
 */
export async function programSession(program: Program, context: SourceContext): Promise<Session> {
  const origin = originOf(program);
  const printed = parsed(await runProgram(program, { ...context, timeoutMs: TIMEOUT_MS }), printedSchema);
  if (printed === null) throw sourceError('source-malformed', origin);
  checkValid(printed, { clock: context.clock, date: null, origin });
  return { accessKey: registerSecrets(printed.accessKey), validUntil: printed.validUntil };
}
