import { spawn } from 'node:child_process';
import { WaybillError } from '../../failure.ts';
import { MAX_SMALL_TEXT_BYTES } from '../../http/limits.ts';
import { registerSecrets } from '../live-secrets.ts';
import type { Environment } from '../environment.ts';
import type { Session } from '../sts/credentials.ts';
import { checkValid, parsed, printedSchema } from './issued.ts';
import { originOf, type Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

type Program = Extract<Recipe, { readonly kind: 'process' }>;

/** The SDKs' time limit. */
const TIMEOUT_MS = 60_000;

/** Variables that hold Waybill's own secrets, or a key: a program that hands out credentials needs neither. */
const SECRET =
  /^(?:(?:OSS|ALIBABA_?CLOUD|ALICLOUD)_(?:ACCESS_KEY_ID|ACCESS_KEY_SECRET|SESSION_TOKEN|SECURITY_TOKEN)|WAYBILL_.*)$/;

/**
 * The credentials that a program prints: JSON with `access_key_id`, `access_key_secret`, and `sts_token` and `expiration`
 * if they are temporary. It runs without a shell and without an input. What it prints is never shown or logged, not even
 * when it isn't JSON: it may be half of a secret.
 * @throws WaybillError `credentials` with a cause of sources; `cancelled`
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/external.ts
 */
export async function programSession(program: Program, context: SourceContext): Promise<Session> {
  const origin = originOf(program);
  const printed = parsed(await run(program, context), printedSchema);
  if (printed === null) throw sourceError('source-malformed', origin);
  checkValid(printed, { clock: context.clock, date: null, origin });
  return { accessKey: registerSecrets(printed.accessKey), validUntil: printed.validUntil };
}

/** Runs a program. Returns what it printed to stdout. */
function run(program: Program, { environment, signal: ended }: SourceContext): Promise<string> {
  const [file = '', ...args] = program.command;
  const origin = originOf(program);
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const signal = ended === undefined ? limit : AbortSignal.any([ended, limit]);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const child = spawn(file, args, {
      shell: false,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: withoutSecrets(environment),
      windowsHide: true,
    });
    const fail = (error: WaybillError): void => {
      // A child of the child may keep the pipe open, so that `close` would never come.
      child.stdout.destroy();
      child.kill('SIGKILL');
      reject(error);
    };
    const stop = (): void => {
      fail(ended?.aborted === true ? new WaybillError({ kind: 'cancelled' }) : sourceError('source-silent', origin));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > MAX_SMALL_TEXT_BYTES) fail(sourceError('source-malformed', origin));
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', stop);
      reject(sourceError('source-missing', origin, error.code));
    });
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(sourceError('source-refused', origin, killedBy ?? `exit ${String(code)}`));
    });
  });
}

function withoutSecrets(environment: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRET.test(name)));
}
