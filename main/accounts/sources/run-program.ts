import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { WaybillError } from '../../failure.ts';
import { MAX_SMALL_TEXT_BYTES } from '../../http/limits.ts';
import { within } from '../../http/within.ts';
import type { Environment } from '../environment.ts';
import { findProgram } from './find-program.ts';
import { originOf, type Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/**
 * Variables that hold Waybill's own secrets, or a key: a program that hands out credentials needs neither. On Windows their
 * names have any case.
 */
const SECRET =
  /^(?:(?:OSS|ALIBABA_?CLOUD|ALICLOUD)_(?:ACCESS_KEY_ID|ACCESS_KEY_SECRET|SESSION_TOKEN|SECURITY_TOKEN)|WAYBILL_.*)$/i;

/** How a program is run. */
type Running = Pick<SourceContext, 'environment' | 'signal'> & {
  /** Kills the program after this time, in milliseconds. */
  readonly timeoutMs: number;
};

/**
 * Runs a program without a shell, an input or our secrets. Returns what it printed to stdout; what it prints to stderr is
 * dropped.
 * @throws WaybillError `credentials` source-missing if it can't be run, source-silent after the time limit, source-refused
 *   if it failed, source-malformed if it prints without end; `cancelled`
 */
export function runProgram(program: Extract<Recipe, { readonly kind: 'process' }>, running: Running): Promise<string> {
  const { signal: ended, timeoutMs } = running;
  const origin = originOf(program);
  const signal = within(timeoutMs, ended);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const child = start(program, running);
    const fail = (error: WaybillError): void => {
      child.kill('SIGKILL');
      // What the program has started may keep the pipe open, so that `close` would never come.
      child.stdout.destroy();
      reject(error);
    };
    const stop = (): void => {
      fail(ended?.aborted === true ? new WaybillError({ kind: 'cancelled' }) : sourceError('source-silent', origin));
    };
    const settle = (work: () => void): void => {
      signal.removeEventListener('abort', stop);
      work();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > MAX_SMALL_TEXT_BYTES) fail(sourceError('source-malformed', origin));
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(() => reject(sourceError('source-missing', origin, code))),
    );
    child.on('close', (code, killedBy) =>
      settle(() => {
        if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(sourceError('source-refused', origin, killedBy ?? `exit ${String(code)}`));
      }),
    );
  });
}

/** @throws WaybillError `credentials` source-missing: Node reports some reasons at once, others by an event */
function start(
  program: Extract<Recipe, { readonly kind: 'process' }>,
  { environment }: Running,
): ChildProcessByStdio<null, Readable, null> {
  const [file = '', ...args] = program.command;
  const found = findProgram(file, environment);
  if (found === null) throw sourceError('source-missing', originOf(program), 'ENOENT');
  try {
    return spawn(found, args, {
      shell: false,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: withoutSecrets(environment),
      windowsHide: true,
    });
  } catch (error) {
    // The error itself may quote the command.
    const { code } = error as NodeJS.ErrnoException;
    throw sourceError('source-missing', originOf(program), code);
  }
}

function withoutSecrets(environment: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRET.test(name)));
}
