import { createCRC64 } from 'hash-wasm';

/** A running CRC-64 (ECMA-182 reflected, as x-oss-hash-crc64ecma). */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** The value of all bytes so far, an unsigned decimal. May be asked at any time. */
  digest(): string;
  /** Begins anew, as after nothing: making one costs more than a small file. */
  reset(): void;
}

/** The ECMA-182 polynomial, its bits reflected: bit 63 is the coefficient of x^0. */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const ONE = 1n << 63n;

/**
 * A CRC-64 that goes on from `start`, the value of the bytes before (default: none).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/check-data-transmission-integrity-by-using-crc-64
 */
export async function makeCrc64(start = '0'): Promise<Crc64> {
  const hasher = await createCRC64();
  hasher.init();
  let before = start;
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
      return before === '0' ? crc : crc64Combine(before, crc, length);
    },
    reset() {
      hasher.init();
      before = '0';
      length = 0;
    },
  };
}

/**
 * The CRC-64 of A followed by B, of those of A and B and the length of B in bytes. Bytes appended to A multiply its value
 * by x^8 each, modulo the polynomial; squaring reaches any length in few steps (as zlib's crc32_combine).
 */
export function crc64Combine(crc1: string, crc2: string, len2: number | bigint): string {
  const length = BigInt(len2);
  if (length <= 0n) return crc1;
  return (multiply(powerOfBytes(length), BigInt(crc1)) ^ BigInt(crc2)).toString();
}

/** x^(2^n) for n from 0, as far as they were needed. */
const squares: bigint[] = [1n << 62n];

/** Parts of one upload have all the same length, so the last power is mostly the next one too. */
let last = { length: 0n, power: ONE };

/** x^(8 · length). */
function powerOfBytes(length: bigint): bigint {
  if (last.length === length) return last.power;
  let power = ONE;
  for (let [bits, n] = [length << 3n, 0]; bits > 0n; bits >>= 1n, n += 1) {
    if ((bits & 1n) === 1n) power = multiply(squareAt(n), power);
  }
  last = { length, power };
  return power;
}

function squareAt(n: number): bigint {
  let square = squares.at(-1) ?? ONE;
  while (squares.length <= n) {
    square = multiply(square, square);
    squares.push(square);
  }
  return squares[n] ?? ONE;
}

/** The product of two polynomials modulo the polynomial. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}
