import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { WaybillError } from '../../failure.ts';
import { fileError } from '../../local-files/file-failure.ts';
import { READ_FLAGS } from '../file-slice.ts';
import type { FileSlice } from '../message.ts';

/** A slice whose file is open. */
export type OpenSlice = FileSlice & { readonly fd: number };

/**
 * Opens the file of a slice that has no descriptor yet. Blocks.
 * @throws WaybillError `file` if it can't be read or has changed
 */
export function openSlice(slice: FileSlice): OpenSlice {
  if (slice.fd !== null) return { ...slice, fd: slice.fd };
  const open: OpenSlice = { ...slice, fd: openToRead(slice.path) };
  try {
    assertUnchanged(open);
    return open;
  } catch (error) {
    closeSync(open.fd);
    throw error;
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, READ_FLAGS);
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Fills `buffer` from a position of a file. Blocks, so call it only on threads that do nothing else.
 * @throws WaybillError `file` `changed` if the file has become shorter
 */
export function readBlock({ fd, path }: OpenSlice, buffer: Uint8Array, position: number): void {
  try {
    for (let done = 0; done < buffer.length;) {
      const count = readSync(fd, buffer, done, buffer.length - done, position + done);
      if (count === 0) throw new WaybillError({ kind: 'file', reason: 'changed', path });
      done += count;
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Writes all of `bytes` at a position of a file. Blocks. @throws WaybillError `file` */
export function writeBlock({ fd, path }: Pick<OpenSlice, 'fd' | 'path'>, bytes: Uint8Array, position: number): void {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Throws if the file is not in the state in which it was opened. The path is checked too: editors write a new file and
 * rename it over the old one.
 * @throws WaybillError `file` `changed`
 */
export function assertUnchanged({ fd, path, file }: OpenSlice): void {
  try {
    for (const found of [fstatSync(fd), statSync(path)]) {
      if (found.size !== file.sizeBytes || found.mtimeMs !== file.modifiedAt) {
        throw new WaybillError({ kind: 'file', reason: 'changed', path });
      }
    }
  } catch (error) {
    throw fileError(error, path);
  }
}
