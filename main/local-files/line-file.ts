import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { errorCode } from './file-failure.ts';
import { headerOf, type LineFormat, type LineReplay, newReading, readJsonLines, type Reading } from './line-format.ts';
import { MAX_LINE_BYTES } from './read-lines.ts';

/** Size of one write, in bytes, and of the work between two pauses. */
const CHUNK_BYTES = 256 * 1024;

/** A file that was written anew, open for appending. */
export interface NewFile {
  readonly file: number;
  readonly sizeBytes: number;
}

/** Where a file is written before it takes the place of `path`. */
export function newPathOf(path: string): string {
  return `${path}.new`;
}

/** Passes the lines of a file to `replay`. Anything may be in its place. */
export function readFile<T>(path: string, format: LineFormat<T>, replay: LineReplay<T>): Reading {
  const reading = newReading();
  let file: number | null = null;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    reading.isMissing = found === undefined;
    // A pipe would wait for a writer.
    reading.isUsable = found?.isFile() ?? true;
    if (found?.isFile() !== true) return reading;
    file = openSync(path, 'r');
    finish(readJsonLines(file, found.size, { format, replay, reading }));
  } catch (error) {
    if (errorCode(error) === null) throw error;
    reading.isUsable = false;
  } finally {
    if (file !== null) closeSync(file);
  }
  return reading;
}

/** Passes the lines in the first `length` bytes of a file to `replay`, with pauses. @throws the system's error */
export function* readSlowly<T>(
  path: string,
  length: number,
  format: LineFormat<T>,
  replay: LineReplay<T>,
): Generator<void, Reading> {
  const reading = newReading();
  const file = openSync(path, 'r');
  try {
    let pausedAt = 0;
    for (const _ of readJsonLines(file, length, { format, replay, reading })) {
      if (reading.end - pausedAt < CHUNK_BYTES) continue;
      pausedAt = reading.end;
      yield;
    }
    return reading;
  } finally {
    closeSync(file);
  }
}

/** Writes the lines of `replay` to newPathOf(path), readable by its owner only. @throws the system's error */
export function* writeNew<T>(path: string, format: LineFormat<T>, replay: LineReplay<T>): Generator<void, NewFile> {
  rmSync(newPathOf(path), { force: true });
  const file = openSync(newPathOf(path), 'ax', 0o600);
  let isWhole = false;
  try {
    let sizeBytes = writeText(file, textOf(headerOf(format)));
    for (const chunk of chunksOf(replay.lines())) {
      sizeBytes += writeText(file, chunk);
      yield;
    }
    isWhole = true;
    return { file, sizeBytes };
  } finally {
    if (!isWhole) closeSync(file);
  }
}

/** Runs a generator to its end, without pauses. */
export function finish<R>(work: Generator<unknown, R>): R {
  for (;;) {
    const { value, done } = work.next();
    if (done === true) return value;
  }
}

/** Lines as text, in pieces of about CHUNK_BYTES: all of them can exceed the maximum length of a string. */
export function* chunksOf(lines: Iterable<unknown>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += textOf(line);
    if (chunk.length < CHUNK_BYTES) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function textOf(line: unknown): string {
  const text = `${JSON.stringify(line)}\n`;
  if (Buffer.byteLength(text) > MAX_LINE_BYTES) throw new Error(`A line of ${text.length} characters is too long.`);
  return text;
}

/** Writes all of a text. Returns its length in bytes. @throws the system's error */
export function writeText(file: number, text: string): number {
  const bytes = Buffer.from(text);
  // A nearly full disk may accept a part.
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  return bytes.length;
}

/** Appends the bytes from `start` to `end` of a file to another one. Returns their number. @throws the system's error */
export function copyBytes(path: string, start: number, end: number, target: number): number {
  const source = openSync(path, 'r');
  try {
    const block = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = start; at < end;) {
      const read = readSync(source, block, 0, Math.min(block.length, end - at), at);
      if (read === 0) throw Object.assign(new Error('the file became shorter'), { code: 'EIO', syscall: 'read' });
      for (let done = 0; done < read;) done += writeSync(target, block, done, read - done);
      at += read;
    }
  } finally {
    closeSync(source);
  }
  return end - start;
}
