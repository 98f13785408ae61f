import type { Dispatcher } from 'undici';
import { formatChoice } from '../../words/format.ts';
import type { Output } from '../terminal/output.ts';
import { sentences, text } from '../terminal/sentences.ts';
import type { Usage } from '../usage/usage.ts';

/** The environment of a command. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly dispatcher: Dispatcher;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** The local clock, in Unix milliseconds; default: Date.now. */
  readonly now?: () => number;
}

/** One command of the command line. */
export interface Command {
  readonly usage: Usage;
  /** @returns the exit code. @throws UsageError, WaybillError */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** Exit code after SIGINT. */
export const INTERRUPTED = 130;

/** An invalid command line: exit code 2. A link that stands in the wrong place is quoted without its query. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message.replace(/(https?:\/\/[^?”]*\?)[^”]*/gi, '$1…'));
  }
}

/** The error for an option whose value isn't one of these. */
export function choiceError(option: string, values: readonly string[]): UsageError {
  return new UsageError(text('cli.choices', { option, choices: formatChoice(values, sentences.locale) }));
}
