import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { WaybillError } from '../../failure.ts';
import { fileError } from '../../local-files/file-failure.ts';
import type { FileSlice } from './worker-messages.ts';

/** Opening a pipe would wait for somebody to write into it. (Windows has no such flag, and no such files.) */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A piece whose file is open. */
export type OpenPiece = FileSlice & { readonly fd: number };

/**
 * Opens the file of a piece that comes without one. It blocks.
 * @throws WaybillError `file` if it cannot be read, or is not what it was
 */
export function openPiece(piece: FileSlice): OpenPiece {
  if (piece.fd !== null) return { ...piece, fd: piece.fd };
  const open: OpenPiece = { ...piece, fd: openToRead(piece.path) };
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
 * Fills `buffer` from a place of a file, or as much of it as the file has. It blocks: only for threads that do nothing else.
 * @throws WaybillError `file` `changed` where the file has become shorter
 */
export function readBlock({ fd, path }: OpenPiece, buffer: Uint8Array, position: number): void {
  try {
    for (let at = 0; at < buffer.length;) {
      const count = readSync(fd, buffer, at, buffer.length - at, position + at);
      if (count === 0) throw new WaybillError({ kind: 'file', reason: 'changed', path });
      at += count;
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Writes all of `bytes` at a place of a file. It blocks. @throws WaybillError `file` */
export function writeBlock({ fd, path }: Pick<OpenPiece, 'fd' | 'path'>, bytes: Uint8Array, position: number): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Editors write a new file and rename it: then the path leads to another file than the one that is open.
 * @throws WaybillError `file` `changed` if the file is not what it was when it was opened
 */
export function assertUnchanged({ fd, path, file }: OpenPiece): void {
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
