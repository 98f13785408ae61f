import { redact } from '../accounts/redact.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { TransferAgent } from '../http/threads/transfer-agent.ts';
import { own } from '../own.ts';
import { environmentProxy } from './arguments/environment-proxy.ts';
import { type Command, type CommandContext, INTERRUPTED, UsageError } from './arguments/command.ts';
import { failureMessage } from './terminal/failure-message.ts';
import { type Output, processOutput } from './terminal/output.ts';
import { help } from './help.ts';
import { text } from './terminal/sentences.ts';

/** Each is loaded when it is called: most of a short command's time would be spent on the others. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  ls: async () => (await import('./commands/files/ls.ts')).lsCommand,
  put: async () => (await import('./commands/files/put.ts')).putCommand,
  get: async () => (await import('./commands/files/get.ts')).getCommand,
  rm: async () => (await import('./commands/files/rm.ts')).rmCommand,
  share: async () => (await import('./commands/links/share.ts')).shareCommand,
  request: async () => (await import('./commands/links/request.ts')).requestCommand,
  grant: async () => (await import('./commands/grant.ts')).grantCommand,
  revoke: async () => (await import('./commands/links/revoke.ts')).revokeCommand,
  access: async () => (await import('./commands/access.ts')).accessCommand,
  inspect: async () => (await import('./commands/links/inspect.ts')).inspectCommand,
  fetch: async () => (await import('./commands/links/fetch.ts')).fetchCommand,
  send: async () => (await import('./commands/links/send.ts')).sendCommand,
  accounts: async () => (await import('./commands/accounts.ts')).accountsCommand,
  practice: async () => (await import('./commands/practice.ts')).practiceCommand,
};

/** A single file of this size is sent sooner than a thread for it is started. */
const BYTES_WITHOUT_THREAD = 1024 ** 2;

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
    out.say(help);
    return 2;
  }
  const load = own(commands, name);
  if (load === undefined) throw new UsageError(text('cli.no-command', { name }));
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    await out.answer(command.help);
    return 0;
  }
  return command.run(args, context);
}

function report(error: unknown, out: Output, name: string | undefined): number {
  if (error instanceof UsageError) {
    const command = name !== undefined && Object.hasOwn(commands, name) ? `waybill ${name} --help` : 'waybill --help';
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
