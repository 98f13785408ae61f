import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc64Combine, makeCrc64 } from '../../../main/oss/crc64.ts';

async function crcOf(bytes: Uint8Array, start?: string): Promise<string> {
  const crc = await makeCrc64(start);
  crc.update(bytes);
  return crc.digest();
}

test('the check value of CRC-64/XZ comes out', async () => {
  expect(BigInt(await crcOf(Buffer.from('123456789'))).toString(16)).toBe('995dc9bbdf1939fa');
});

test('two parts combine into the whole, in any split, and continuing gives the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(300), async (bytes, at) => {
      const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
      const whole = await crcOf(bytes);
      expect(crc64Combine(await crcOf(first), await crcOf(second), second.length)).toBe(whole);
      expect(await crcOf(second, await crcOf(first))).toBe(whole);
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

test('asking for the value between two updates changes nothing', async () => {
  const crc = await makeCrc64();
  crc.update(Buffer.from('1234'));
  expect(crc.digest()).toBe(crc.digest());
  crc.update(Buffer.from('56789'));
  expect(crc.digest()).toBe(await crcOf(Buffer.from('123456789')));
});
