import { isUtf8 } from 'node:buffer';
import { readSync } from 'node:fs';

/** Longest line that is read, in bytes. No program of ours writes a longer one. */
export const MAX_LINE_BYTES = 16 * 1024 ** 2;

const BLOCK_BYTES = 1024 ** 2;
const LINE_FEED = 10;

/** A line of a file, without its line feed. */
export interface RawLine {
  /** Null if the line is too long or isn't UTF-8. */
  readonly text: string | null;
  /** Position after the line and its line feed, in bytes. */
  readonly end: number;
  /** False for bytes after the last line feed. */
  readonly isEnded: boolean;
}

/**
 * Reads the lines in the first `length` bytes of an open file. Memory stays below a block and the longest line: a file
 * can exceed the maximum length of a string, and a damaged one may have no line feed at all.
 */
export function* readLines(file: number, length: number): Generator<RawLine> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let line = new Line();
  let position = 0;
  while (position < length) {
    const read = readSync(file, block, 0, Math.min(BLOCK_BYTES, length - position), position);
    if (read === 0) break;
    const bytes = block.subarray(0, read);
    let start = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, start)) {
      line.add(bytes.subarray(start, at));
      start = at + 1;
      yield { text: line.text(), end: position + start, isEnded: true };
      line = new Line();
    }
    line.add(bytes.subarray(start));
    position += read;
  }
  if (line.length > 0) yield { text: line.text(), end: position, isEnded: false };
}

/** A line put together from the blocks that it spans. */
class Line {
  length = 0;
  readonly #pieces: Buffer[] = [];

  add(bytes: Buffer): void {
    this.length += bytes.length;
    if (this.length > MAX_LINE_BYTES) this.#pieces.length = 0;
    // The block is reused.
    else if (bytes.length > 0) this.#pieces.push(Buffer.from(bytes));
  }

  text(): string | null {
    if (this.length > MAX_LINE_BYTES) return null;
    const [first] = this.#pieces;
    const bytes = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    return isUtf8(bytes) ? bytes.toString('utf8') : null;
  }
}
