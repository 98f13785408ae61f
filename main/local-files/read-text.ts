import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { WaybillError } from '../failure.ts';
import { withFileErrors } from './file-failure.ts';

/** Reads a text file; null if it holds more than `maxBytes`. @throws WaybillError `file` */
export async function readText(path: string, maxBytes: number): Promise<string | null> {
  const bytes = await readAtMost(path, maxBytes + 1);
  return bytes.length > maxBytes ? null : textOf(bytes);
}

/** Reads the first `maxBytes` of a text file, or all of a shorter one. @throws WaybillError `file` */
export async function readStart(path: string, maxBytes: number): Promise<string> {
  return textOf(await readAtMost(path, maxBytes));
}

/** UTF-8, or UTF-16 with a byte order mark, as PowerShell and Notepad write it. The mark is no part of the text. */
function textOf(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** Counts what it reads, since /dev/zero claims to be empty, and opens a pipe without waiting for its writer. */
function readAtMost(path: string, maxBytes: number): Promise<Buffer> {
  return withFileErrors(path, readRegularFile(path, maxBytes));
}

async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  // O_NONBLOCK has no effect on regular files, and is undefined, so 0, on Windows.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
    const chunks: Buffer[] = [];
    for await (const chunk of file.createReadStream({ end: maxBytes - 1, autoClose: false })) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}
