import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export const MiB = 1_048_576;

/** Writes a file of random bytes, with its folders. @returns its SHA-256 */
export async function makeFile(path: string, sizeBytes: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(Math.min(sizeBytes, 8 * MiB));
  const file = await open(path, 'w');
  for (let left = sizeBytes; left > 0; left -= chunk.length) {
    const bytes = randomFillSync(chunk).subarray(0, Math.min(left, chunk.length));
    hash.update(bytes);
    await file.write(bytes);
  }
  await file.close();
  return hash.digest('hex');
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
