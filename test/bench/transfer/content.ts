import { open } from 'node:fs/promises';
import { crc64Combine, makeCrc64 } from '../../../main/crc64/crc64.ts';

/** What all files of the bench are made of, over and over: so the server knows every CRC-64 without reading a byte. */
const PERIOD_BYTES = 64 * 1024;

/** Bytes that are the same in every process, and compress badly. */
export function makePeriod(): Buffer {
  const words = new Uint32Array(PERIOD_BYTES / 4);
  let state = 0x9e3779b9;
  for (const index of words.keys()) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state >>> 0;
  }
  return Buffer.from(words.buffer);
}

/** Gives the CRC-64 of the first `sizeBytes` of the content. Pieces that begin at a multiple of 64 KiB have the same. */
export function makeCrcOf(): (sizeBytes: number) => string {
  const known = new Map<number, string>();
  const period = makePeriod();
  const crcOfPeriod = makeCrc64();
  crcOfPeriod.update(period);
  known.set(0, '0').set(PERIOD_BYTES, crcOfPeriod.digest());
  const crcOf = (sizeBytes: number): string => {
    const found = known.get(sizeBytes);
    if (found !== undefined) return found;
    if (sizeBytes % PERIOD_BYTES !== 0) throw new Error(`${sizeBytes} bytes are no multiple of the period`);
    const half = Math.floor(sizeBytes / PERIOD_BYTES / 2) * PERIOD_BYTES;
    const crc = crc64Combine(crcOf(half), crcOf(sizeBytes - half), sizeBytes - half);
    known.set(sizeBytes, crc);
    return crc;
  };
  return crcOf;
}

/** Writes a file of the content. */
export async function writeContent(path: string, sizeBytes: number): Promise<void> {
  const block = Buffer.concat(Array.from({ length: 16 }, makePeriod));
  const file = await open(path, 'w');
  for (let at = 0; at < sizeBytes; at += block.length) {
    await file.write(block, 0, Math.min(block.length, sizeBytes - at));
  }
  await file.close();
}
