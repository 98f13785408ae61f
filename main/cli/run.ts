import { redact } from '../accounts/redact.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { TransferAgent } from '../http/threads/transfer-agent.ts';
import { environmentProxy } from './arguments/environment-proxy.ts';
import { type CommandContext, INTERRUPTED, UsageError } from './arguments/command.ts';
import { commandNamed } from './command-table.ts';
import { COMPLETE } from './completion/scripts.ts';
import { failureMessage } from './terminal/failure-message.ts';
import { type Output, processOutput } from './terminal/output.ts';
import { text } from './terminal/sentences.ts';
import { helpText } from './usage/help-text.ts';
import { overview } from './usage/overview.ts';

/** A single file of this size is sent sooner than a thread for it is started. */
const BYTES_WITHOUT_THREAD = 1024 ** 2;

/** Columns of the help where no terminal is narrower. */
const MOST_COLUMNS = 100;

/** Runs one command line and returns the exit code. Errors go to stderr as sentences. */
export async function run(args: readonly string[]): Promise<number> {
  const out = processOutput();
  const stop = new AbortController();
  const dispatcher = new TransferAgent({ bytesWithoutThread: BYTES_WITHOUT_THREAD });
  dispatcher.reroute((origin) => environmentProxy(origin, process.env));
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await runCommand(args, { env: process.env, out, dispatcher, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED;
    return report(error, out, args[0]);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    // Idle keep-alive connections would keep the process running.
    await dispatcher.destroy();
  }
}

async function runCommand([name, ...args]: readonly string[], context: CommandContext): Promise<number> {
  const { out } = context;
  if (name === undefined) {
    out.say(overview);
    return 2;
  }
  if (name === COMPLETE) return (await import('./completion/complete.ts')).complete(args, context);
  const load = commandNamed(name);
  if (load === undefined) throw new UsageError(text('cli.no-command', { name }));
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    await out.answer(helpText(command.usage, helpWidth()));
    return 0;
  }
  return command.run(args, context);
}

/** No wider than the terminal, if there is one. */
function helpWidth(): number {
  return process.stdout.isTTY ? Math.min(Math.max(process.stdout.columns, 60), MOST_COLUMNS) : MOST_COLUMNS;
}

function report(error: unknown, out: Output, name: string | undefined): number {
  if (error instanceof UsageError) {
    const command =
      name !== undefined && commandNamed(name) !== undefined ? `waybill ${name} --help` : 'waybill --help';
    out.say(error.message);
    out.say(text('cli.see', { command }));
    return 2;
  }
  const failure = toFailure(error, (logId, cause) =>
    out.say(`[${logId}] ${cause instanceof Error ? redact(cause.stack ?? '') : ''}`),
  );
  out.say(`${name ?? 'waybill'}: ${failureMessage(failure)}`);
  return error instanceof WaybillError && failure.kind === 'input' ? 2 : 1;
}
