import { redact } from '../accounts/redact.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { TransferAgent } from '../http/threads/transfer-agent.ts';
import { own } from '../own.ts';
import { environmentProxy } from './arguments/environment-proxy.ts';
import { type Command, type CommandContext, UsageError } from './arguments/command.ts';
import { failureMessage } from './terminal/failure-message.ts';
import { accountsCommand } from './commands/accounts.ts';
import { accessCommand } from './commands/access.ts';
import { fetchCommand } from './commands/fetch.ts';
import { getCommand } from './commands/get.ts';
import { grantCommand } from './commands/grant.ts';
import { inspectCommand } from './commands/inspect.ts';
import { lsCommand } from './commands/ls.ts';
import { type Output, processOutput } from './terminal/output.ts';
import { practiceCommand } from './commands/practice.ts';
import { putCommand } from './commands/put.ts';
import { requestCommand } from './commands/request.ts';
import { revokeCommand } from './commands/revoke.ts';
import { rmCommand } from './commands/rm.ts';
import { sendCommand } from './commands/send.ts';
import { shareCommand } from './commands/share.ts';
import { INTERRUPTED } from './transfers/transfer-run.ts';
import { text } from './terminal/sentences.ts';

const commands: Readonly<Record<string, Command>> = {
  ls: lsCommand,
  put: putCommand,
  get: getCommand,
  rm: rmCommand,
  share: shareCommand,
  request: requestCommand,
  grant: grantCommand,
  revoke: revokeCommand,
  access: accessCommand,
  inspect: inspectCommand,
  fetch: fetchCommand,
  send: sendCommand,
  accounts: accountsCommand,
  practice: practiceCommand,
};

const help = `waybill: Alibaba Cloud OSS from the command line

  ls       list buckets, files, versions
  put      upload a file or folder
  get      download a file or everything below a prefix
  rm       delete files
  share    create a signed URL, or one for each file below a prefix
  request  create upload links for someone else, and see which were used
  grant    create temporary credentials for a prefix or a file
  revoke   take back a link, page, form or ticket before it expires
  access   list who has access to a bucket, give it and take it away
  inspect  explain a signed URL, and why it doesn't work
  fetch    download through a signed URL or a share manifest
  send     upload through a signed URL
  accounts list accounts and profiles, and see who one is
  practice run a local OSS and STS server

Addresses have the form oss://bucket/key. Run "waybill COMMAND --help" for details.
Exit codes: 0 everything requested is done and verified, 1 something failed, 2 invalid command line.`;

/** Runs one command line and returns the exit code. Errors go to stderr as sentences. */
export async function run(args: readonly string[]): Promise<number> {
  const out = processOutput();
  const stop = new AbortController();
  const dispatcher = new TransferAgent();
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
  if (name === '--help' || name === '-h' || name === 'help') {
    await out.answer(help);
    return 0;
  }
  const command = own(commands, name);
  if (command === undefined) throw new UsageError(text('cli.no-command', { name }));
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
