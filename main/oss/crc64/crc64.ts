import { Crc64Kernel, POLYNOMIAL } from './crc64-kernel.ts';

/** A running CRC-64 (ECMA-182 reflected, as x-oss-hash-crc64ecma). */
export interface Crc64 {
  /** Memory of its own: bytes that are read into it need not be copied. */
  readonly block: Buffer;
  update(bytes: Uint8Array): void;
  /** The value of all bytes so far, an unsigned decimal. May be asked at any time. */
  digest(): string;
  /** Begins anew, as after nothing: making one costs more than a small file. */
  reset(): void;
}

const ONE = 1n << 63n;

/** Bytes that are copied into the block at once, where they are not in it: few enough to stay in the processor. */
const COPY_BYTES = 64 * 1024;

/**
 * A CRC-64 that goes on from `start`, the value of the bytes before (default: none). Its block holds `blockBytes` bytes.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/check-data-transmission-integrity-by-using-crc-64
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
