import { once } from 'node:events';
import { isatty } from 'node:tty';
import { escapeLines } from '../../words/controls.ts';
import { TypedLines } from './typed-lines.ts';

/** The streams of a command: results go to stdout, everything else to stderr. */
export interface Output {
  /** Prints lines of the result. Waits while the reader is slow. */
  answer(lines: string): Promise<void>;
  /** Prints bytes of the result as they are. Waits while the reader is slow. */
  bytes(chunk: Uint8Array): Promise<void>;
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
    process.stderr.write(escapeLines(question));
    return typed.next(signal);
  };
  return {
    async answer(lines) {
      // A file gets every character as it is: a list in CSV holds keys that its reader needs.
      const printed = process.stdout.isTTY ? escapeLines(lines) : lines;
      if (!process.stdout.write(`${printed}\n`)) await once(process.stdout, 'drain');
    },
    async bytes(chunk) {
      if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
    },
    say: (line) => void process.stderr.write(`${escapeLines(line)}\n`),
    terminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? process.stderr : null,
    ask: isatty(0) && process.stderr.isTTY ? ask : null,
  };
}

/** A time as in ISO 8601, without milliseconds. */
export function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}

/** What OSS reports of a stored file, as lists for people say it. */
export function storedText({
  sizeBytes,
  crc64,
}: {
  readonly sizeBytes: number | null;
  readonly crc64: string | null;
}): string {
  return `${sizeBytes ?? '?'} bytes, CRC-64 ${crc64 ?? 'unknown'}`;
}
