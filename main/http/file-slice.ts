import { close, constants, fstat, open, read, stat, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { makeCrc64 } from '../crc64/crc64.ts';
import { WaybillError } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';
import { BLOCK_BYTES } from './limits.ts';
import type { FileSlice } from './message.ts';

/**
 * O_NONBLOCK: opening a pipe would otherwise block until something writes to it. (Windows has neither the flag nor such
 * files.)
 */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** How a slice is read. */
interface SliceReading {
  /** Size of the next block in bytes, at most `largest`. */
  readonly blockBytes?: (largest: number) => number;
  readonly beforeBlock?: (bytes: number) => Promise<void>;
  readonly onBlock?: (bytes: number) => void;
  /** Called with the CRC-64 of the slice before its last block is handed out. */
  readonly onEnd: (crc64: string) => void;
}

const files = { open: promisify(open), read: promisify(read), fstat: promisify(fstat), stat: promisify(stat) };

/**
 * Reads a slice block by block without blocking this thread.
 * @throws WaybillError `file`, `changed` if the file is not in the expected state
 */
export async function* readSlice(slice: FileSlice, reading: SliceReading): AsyncGenerator<Uint8Array> {
  const { path, start, sizeBytes } = slice;
  const { blockBytes = (largest) => largest, beforeBlock, onBlock, onEnd } = reading;
  const fd = slice.fd ?? (await withFileErrors(path, files.open(path, READ_FLAGS)));
  try {
    if (slice.fd === null) await assertUnchanged(slice, fd);
    const crc = makeCrc64();
    for (let done = 0; done < sizeBytes;) {
      const block = Buffer.allocUnsafe(blockBytes(Math.min(BLOCK_BYTES, sizeBytes - done)));
      await beforeBlock?.(block.length);
      const { bytesRead } = await withFileErrors(path, files.read(fd, block, 0, block.length, start + done));
      if (bytesRead === 0) throw changed(path);
      const bytes = block.subarray(0, bytesRead);
      crc.update(bytes);
      done += bytesRead;
      if (done === sizeBytes) {
        // Check before the last bytes leave: OSS stores nothing for an incomplete request.
        await assertUnchanged(slice, fd);
        onEnd(crc.digest());
      }
      onBlock?.(bytesRead);
      yield bytes;
    }
  } finally {
    if (slice.fd === null) close(fd, () => undefined);
  }
}

/**
 * Computes the CRC-64 of a slice, in unsigned decimal. Reads it to the end.
 * @throws WaybillError `file`; `cancelled`
 */
export async function crc64OfSlice(slice: FileSlice, signal?: AbortSignal): Promise<string> {
  let crc64 = '0';
  const blocks = readSlice(slice, {
    beforeBlock: () => {
      if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
      return Promise.resolve();
    },
    onEnd: (value) => void (crc64 = value),
  });
  while ((await blocks.next()).done !== true);
  return crc64;
}

/**
 * Throws unless path and open file are in the expected state. Editors write a new file and rename it: then the path
 * names a different file from the open one.
 * @throws WaybillError `file` `changed`
 */
export async function assertUnchanged({ path, file }: FileSlice, fd: number): Promise<void> {
  const isChanged = (found: Stats): boolean => found.size !== file.sizeBytes || found.mtimeMs !== file.modifiedAt;
  const opened = await withFileErrors(path, files.fstat(fd));
  const named = await withFileErrors(path, files.stat(path));
  if (isChanged(opened) || isChanged(named)) throw changed(path);
}

function changed(path: string): WaybillError {
  return new WaybillError({ kind: 'file', reason: 'changed', path });
}
