import { once } from 'node:events';
import { isatty } from 'node:tty';
import { TypedLines } from './typed-lines.ts';

/** Where answers and messages go: the answer alone on stdout. */
export interface Output {
  /** One line of the answer. Waits while nobody reads. */
  answer(line: string): Promise<void>;
  /** One line for a person, on stderr. */
  say(line: string): void;
  /** Where stderr is a terminal that can draw a line anew: that. */
  readonly terminal: NodeJS.WriteStream | null;
  /** Asks a person, who answers with a line; null where nobody answers any more. Null where there is nobody to ask. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string | null>) | null;
}

/** Exit code of a program that SIGPIPE ended. */
const BROKEN_PIPE = 141;

/** The output of this process. A reader that has seen enough (`| head`) ends it quietly. */
export function processOutput(): Output {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
    throw error;
  });
  const typed = new TypedLines();
  const ask = (question: string, signal: AbortSignal): Promise<string | null> => {
    process.stderr.write(question);
    return typed.next(signal);
  };
  return {
    async answer(line) {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    },
    say: (line) => void process.stderr.write(`${line}\n`),
    terminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? process.stderr : null,
    ask: isatty(0) && process.stderr.isTTY ? ask : null,
  };
}

/** A key or name for a terminal: control characters, which could move its cursor, are escaped. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Control}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A time as in ISO 8601, without milliseconds. */
export function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}
