import type { Dispatcher } from 'undici';
import type { Output } from '../terminal/output.ts';

/** What a command works with. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly dispatcher: Dispatcher;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command of the command line. */
export interface Command {
  /** Shown by --help: usage first, then the options. */
  readonly help: string;
  /** @returns the exit code. @throws UsageError, WaybillError */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command line was not understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
