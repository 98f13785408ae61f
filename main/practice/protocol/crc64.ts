/** Reflected CRC-64/XZ polynomial, used by `x-oss-hash-crc64ecma`. */
const POLYNOMIAL = 0xc96c5795d7870f42n;

type Matrix = readonly bigint[];

/**
 * The CRC-64 of two concatenated byte strings, from the CRC of each.
 * @param length2 length of the second string in bytes
 */
export function combineCrc64(crc1: bigint, crc2: bigint, length2: bigint): bigint {
  // Appending n zero bytes multiplies the CRC register by a matrix; square it for every bit of n.
  let crc = crc1;
  let zeroBits: Matrix = Array.from({ length: 64 }, (_, bit) => (bit === 0 ? POLYNOMIAL : 1n << BigInt(bit - 1)));
  for (let step = 0; step < 3; step += 1) zeroBits = square(zeroBits);
  for (let rest = length2; rest > 0n; rest >>= 1n) {
    if (rest & 1n) crc = times(zeroBits, crc);
    zeroBits = square(zeroBits);
  }
  return length2 === 0n ? crc1 : crc ^ crc2;
}

function times(matrix: Matrix, vector: bigint): bigint {
  let product = 0n;
  for (let bit = 0, rest = vector; rest > 0n; bit += 1, rest >>= 1n) {
    if (rest & 1n) product ^= matrix[bit] ?? 0n;
  }
  return product;
}

function square(matrix: Matrix): Matrix {
  return matrix.map((column) => times(matrix, column));
}
