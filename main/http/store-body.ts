import { writev } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { makeCrc64 } from '../crc64/crc64.ts';
import { malformedReply } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';
import { BLOCK_BYTES } from './limits.ts';

/** Where the bytes of a reply go in an open file. `path` is for error messages. */
export interface WriteTarget {
  readonly fd: number;
  readonly path: string;
  readonly position: number;
  /** Most bytes to accept; a longer body is malformed, and none of its excess is written. Null: no limit. */
  readonly maxBytes: number | null;
}

/** How much of a body was written. `crc64` covers exactly the bytes in the file, also after an error. */
export interface StoredBytes {
  readonly storedBytes: number;
  readonly crc64: string;
  readonly error: Error | null;
}

/** A body whose bytes are elsewhere, such as in another thread, which writes them too. */
export abstract class HeldBody extends Readable {
  abstract store(target: WriteTarget, onBytes: (bytes: number) => void): Promise<StoredBytes>;
}

/**
 * Writes the whole body of a reply into a file, a block at a time. Doesn't reject: an error is returned along with what
 * was written before it.
 */
export function storeBody(body: Readable, target: WriteTarget, onBytes: (bytes: number) => void): Promise<StoredBytes> {
  return body instanceof HeldBody ? body.store(target, onBytes) : storeStream(body, target, onBytes);
}

async function storeStream(
  body: Readable,
  { fd, path, position, maxBytes }: WriteTarget,
  onBytes: (bytes: number) => void,
): Promise<StoredBytes> {
  const crc = makeCrc64();
  let storedBytes = 0;
  let block: Uint8Array[] = [];
  let blockBytes = 0;
  const flush = async (): Promise<void> => {
    if (blockBytes === 0) return;
    await withFileErrors(path, writeAll(fd, block, position + storedBytes));
    for (const chunk of block) crc.update(chunk);
    storedBytes += blockBytes;
    onBytes(blockBytes);
    block = [];
    blockBytes = 0;
  };
  let error: Error | null = null;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      block.push(chunk);
      blockBytes += chunk.length;
      if (maxBytes !== null && storedBytes + blockBytes > maxBytes) throw tooLong();
      if (blockBytes >= BLOCK_BYTES) await flush();
    }
    await flush();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error('not an error', { cause: thrown });
  }
  return { storedBytes, crc64: crc.digest(), error };
}

/** The error for a reply with more bytes than were requested. */
export function tooLong(): Error {
  return malformedReply(206, 'the answer holds more than the range that was asked for');
}

const write = promisify(writev);

async function writeAll(fd: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let rest = chunks;
  let offset = position;
  while (rest.length > 0) {
    const { bytesWritten } = await write(fd, rest, offset);
    offset += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
}

function dropBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      rest.push(chunk.subarray(left));
      left = 0;
    }
  }
  return rest;
}
