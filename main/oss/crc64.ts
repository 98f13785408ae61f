import { createCRC64 } from 'hash-wasm';

/** A running CRC-64 (ECMA-182 reflected, as x-oss-hash-crc64ecma). */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** The value of all bytes so far, an unsigned decimal. May be asked at any time. */
  digest(): string;
}

/** The reflected ECMA-182 polynomial. */
const POLYNOMIAL = 0xc96c5795d7870f42n;

const BITS = 64;

/**
 * A CRC-64 that goes on from `start`, the value of the bytes before (default: none).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/check-data-transmission-integrity-by-using-crc-64
 */
export async function makeCrc64(start = '0'): Promise<Crc64> {
  const hasher = await createCRC64();
  hasher.init();
  let length = 0;
  return {
    update(bytes) {
      hasher.update(bytes);
      length += bytes.length;
    },
    digest() {
      // digest() ends a hasher of this library, so it is asked of a copy.
      const state = hasher.save();
      const crc = BigInt(`0x${hasher.digest('hex')}`).toString();
      hasher.load(state);
      return start === '0' ? crc : crc64Combine(start, crc, length);
    },
  };
}

/**
 * The CRC-64 of A followed by B, of those of A and B and the length of B in bytes.
 * Appending a zero bit is a linear map of the 64 bits; squaring it doubles the number of zeros (as zlib's crc32_combine).
 */
export function crc64Combine(crc1: string, crc2: string, len2: number | bigint): string {
  let remaining = BigInt(len2);
  if (remaining <= 0n) return crc1;
  let shifted = BigInt(crc1);
  // Three squarings make one zero bit into one zero byte.
  let byteShift = square(square(square(oneZeroBit())));
  while (remaining > 0n) {
    if ((remaining & 1n) === 1n) shifted = times(byteShift, shifted);
    remaining >>= 1n;
    if (remaining > 0n) byteShift = square(byteShift);
  }
  return (shifted ^ BigInt(crc2)).toString();
}

function oneZeroBit(): bigint[] {
  return Array.from({ length: BITS }, (_, bit) => (bit === 0 ? POLYNOMIAL : 1n << BigInt(bit - 1)));
}

function times(matrix: readonly bigint[], vector: bigint): bigint {
  let sum = 0n;
  let rest = vector;
  for (const column of matrix) {
    if ((rest & 1n) === 1n) sum ^= column;
    rest >>= 1n;
  }
  return sum;
}

function square(matrix: readonly bigint[]): bigint[] {
  return matrix.map((column) => times(matrix, column));
}
