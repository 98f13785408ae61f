import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { combineCrc64 } from '../../../../main/practice/protocol/crc64.ts';

interface Combine {
  readonly crc1: string;
  readonly crc2: string;
  readonly len2: string;
  readonly combined: string;
}

const path = new URL('../../../vectors/crc64.json', import.meta.url);
const { combine } = JSON.parse(readFileSync(path, 'utf8')) as { combine: Combine[] };

test.each(combine)('the CRC-64 of $len2 more bytes is combined as the official SDKs do ($combined)', (vector) => {
  const combined = combineCrc64(BigInt(vector.crc1), BigInt(vector.crc2), BigInt(vector.len2));
  expect(combined).toBe(BigInt(vector.combined));
});
