import { Crc64Kernel, POLYNOMIAL } from './crc64-kernel.ts';

/*
 * CRC-64 as OSS reports it in x-oss-hash-crc64ecma: the polynomial of ECMA-182 in reflected bit order, with initial
 * value and final XOR of all ones (known as CRC-64/XZ), written as an unsigned decimal.
 * https://www.alibabacloud.com/help/en/oss/user-guide/check-data-transmission-integrity-by-using-crc-64
 */

/** A running CRC-64. */
export interface Crc64 {
  /** Its own memory. Bytes that are read straight into it don't have to be copied. */
  readonly block: Buffer;
  /** Adds bytes, inside the block or not. */
  update(bytes: Uint8Array): void;
  /** The value of all bytes so far, as an unsigned decimal. Doesn't end the computation. */
  digest(): string;
  /** Starts over with no bytes. Cheaper than a new instance, whose setup costs more than hashing a small file. */
  reset(): void;
}

/** The polynomial 1: in reflected order, bit 63 is the coefficient of x^0. */
const ONE = 1n << 63n;

/** Bytes copied into the block at a time, small enough to stay in the processor's cache. */
const COPY_BYTES = 64 * 1024;

/**
 * A CRC-64 that continues from `start`, the value of the preceding bytes (default: none), with a block of `blockBytes`.
 */
export function makeCrc64(start = '0', blockBytes = COPY_BYTES): Crc64 {
  const kernel = new Crc64Kernel(Math.max(blockBytes, COPY_BYTES));
  const { block } = kernel;
  let register = ~BigInt(start);
  return {
    block,
    update(bytes) {
      if (bytes.buffer === block.buffer) {
        register = kernel.update(register, bytes.byteOffset - block.byteOffset, bytes.length);
        return;
      }
      for (let at = 0; at < bytes.length; at += COPY_BYTES) {
        const piece = bytes.subarray(at, at + COPY_BYTES);
        block.set(piece);
        register = kernel.update(register, 0, piece.length);
      }
    },
    digest: () => BigInt.asUintN(64, ~register).toString(),
    reset: () => void (register = ~0n),
  };
}

/**
 * The CRC-64 of A followed by B, from the CRC-64s of both and the length of B in bytes. Each byte appended to A
 * multiplies its CRC by x^8 modulo the polynomial; repeated squaring reaches any length in about log2(bits)
 * multiplications, as in zlib's crc32_combine(). This is how parts that were hashed separately yield the CRC of the
 * whole object.
 */
export function crc64Combine(crc1: string, crc2: string, len2: number | bigint): string {
  const length = BigInt(len2);
  if (length <= 0n) return crc1;
  return (multiply(powerOfBytes(length), BigInt(crc1)) ^ BigInt(crc2)).toString();
}

/** x^(2^n) for n = 0, 1, 2 …, extended on demand. */
const squares: bigint[] = [1n << 62n];

/** The latest power: all parts of an upload but the last have the same length. */
let cached = { length: 0n, power: ONE };

/** x^(8 · length). */
function powerOfBytes(length: bigint): bigint {
  if (cached.length === length) return cached.power;
  let power = ONE;
  for (let [bits, n] = [length << 3n, 0]; bits > 0n; bits >>= 1n, n += 1) {
    if ((bits & 1n) === 1n) power = multiply(squareAt(n), power);
  }
  cached = { length, power };
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

/** The product of two polynomials over GF(2), modulo the CRC's polynomial. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}
