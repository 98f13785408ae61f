import { once } from 'node:events';
import { isatty } from 'node:tty';
import { TypedLines } from './typed-lines.ts';

/** The streams of a command: results go to stdout, everything else to stderr. */
export interface Output {
  /** Prints one line of the result. Waits while the reader is slow. */
  answer(line: string): Promise<void>;
  /** Prints one line for a person to stderr. */
  say(line: string): void;
  /** stderr if it is a terminal that can redraw a line, else null. */
  readonly terminal: NodeJS.WriteStream | null;
  /** Prompts for one line; resolves to null at the end of input. Null without a terminal. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string | null>) | null;
}

/** Exit code of a program killed by SIGPIPE. */
const BROKEN_PIPE = 141;

/** The output of this process. Exits quietly when the reader closes the pipe (`| head`). */
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

/** Escapes control and bidirectional characters, with which a key or a server could rewrite the terminal. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Control}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A time as in ISO 8601, without milliseconds. */
export function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}
