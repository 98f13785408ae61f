import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { WaybillError } from '../failure.ts';
import { withFileErrors } from './file-failure.ts';

/**
 * Reads a file as UTF-8; null if it holds more than `maxBytes`. Counts what it reads, since /dev/zero claims to be empty,
 * and opens a pipe without waiting for its writer. @throws WaybillError `file`
 */
export function readText(path: string, maxBytes: number): Promise<string | null> {
  return withFileErrors(path, readAtMost(path, maxBytes));
}

async function readAtMost(path: string, maxBytes: number): Promise<string | null> {
  // O_NONBLOCK has no effect on regular files, and is undefined, so 0, on Windows.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false })) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
    }
    return length > maxBytes ? null : Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}
