import fc from 'fast-check';
import { createCRC64 } from 'hash-wasm';
import { expect, test } from 'vitest';
import { crc64Combine, makeCrc64 } from '../../../main/crc64/crc64.ts';
import { REACH_BYTES, TERMS } from '../../../main/crc64/crc64-code.ts';
import { POLYNOMIAL } from '../../../main/crc64/crc64-kernel.ts';

function crcOf(bytes: Uint8Array, start?: string): string {
  const crc = makeCrc64(start);
  crc.update(bytes);
  return crc.digest();
}

test('the check value of CRC-64/XZ comes out', () => {
  expect(BigInt(crcOf(Buffer.from('123456789'))).toString(16)).toBe('995dc9bbdf1939fa');
});

test('two parts combine into the whole, in any split, and continuing gives the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
      const whole = crcOf(bytes);
      expect(crc64Combine(crcOf(first), crcOf(second), second.length)).toBe(whole);
      expect(crcOf(second, crcOf(first))).toBe(whole);
    }),
  );
});

test('combining is associative for lengths beyond 2^53', () => {
  const value = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
  const length = fc.bigInt({ min: 1n, max: 2n ** 60n });
  fc.assert(
    fc.property(fc.tuple(value, value, value), fc.tuple(length, length), ([a, b, c], [lengthB, lengthC]) => {
      expect(crc64Combine(crc64Combine(a, b, lengthB), c, lengthC)).toBe(
        crc64Combine(a, crc64Combine(b, c, lengthC), lengthB + lengthC),
      );
    }),
    { numRuns: 20 },
  );
});

test('asking for the value between two updates changes nothing', () => {
  const crc = makeCrc64();
  crc.update(Buffer.from('1234'));
  expect(crc.digest()).toBe(crc.digest());
  crc.update(Buffer.from('56789'));
  expect(crc.digest()).toBe(crcOf(Buffer.from('123456789')));
});

test('the sum of the terms is a multiple of the polynomial', () => {
  // Bit 63 is x^0, so the next power is one bit further right.
  const next = (power: bigint): bigint => ((power & 1n) === 1n ? (power >> 1n) ^ POLYNOMIAL : power >> 1n);
  let power = 1n << 63n;
  let sum = 0n;
  for (let bits = 0; bits <= 8 * REACH_BYTES; bits += 1) {
    if (TERMS.some((term) => 8 * term === bits)) sum ^= power;
    power = next(power);
  }
  expect(TERMS.at(-1)).toBe(REACH_BYTES);
  expect(sum).toBe(0n);
});

/** Pseudo-random bytes, reproducible by seed. */
function noise(sizeBytes: number, seed = 1): Buffer {
  let state = seed;
  return Buffer.from(
    Uint8Array.from({ length: sizeBytes }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
}

test('long messages of any length have the value that another implementation gives them', async () => {
  const other = await createCRC64();
  const expected = (bytes: Uint8Array): string => BigInt(`0x${other.init().update(bytes).digest('hex')}`).toString();
  const bytes = noise(300_000);
  const lengths = [1402, 1403, 1404, 1408, 2815, 2816, 2817, 4096, 19_200, 65_535, 65_536, 65_537, 131_072, 300_000];
  for (let length = 2800; length < 2950; length += 1) lengths.push(length);
  for (const length of lengths)
    expect(crcOf(bytes.subarray(0, length)), String(length)).toBe(expected(bytes.subarray(0, length)));
});

test('bytes in the block itself give the same, wherever they stand, and are left as they were', () => {
  const crc = makeCrc64('0', 200_000);
  const bytes = noise(150_000, 7);
  for (const at of [0, 1, 4097]) {
    crc.reset();
    bytes.copy(crc.block, at);
    const placed = crc.block.subarray(at, at + bytes.length);
    for (const [from, to] of [
      [0, 5000],
      [5000, 5003],
      [5003, 150_000],
    ] as const)
      crc.update(placed.subarray(from, to));
    expect(crc.digest()).toBe(crcOf(bytes));
    expect(placed.equals(bytes)).toBe(true);
  }
});
