/** Reflected CRC-64/XZ polynomial, used by `x-oss-hash-crc64ecma`. */
const POLYNOMIAL = 0xc96c5795d7870f42n;

type Matrix = readonly bigint[];

/** At [n], what appending 2ⁿ zero bytes does to the CRC register. Filled as needed: an object may have 10,000 parts. */
const appends: Matrix[] = [];

/**
 * The CRC-64 of two concatenated byte strings, from the CRC of each.
 * @param length2 length of the second string in bytes
 */
export function combineCrc64(crc1: bigint, crc2: bigint, length2: bigint): bigint {
  let crc = crc1;
  for (let bit = 0, rest = length2; rest > 0n; bit += 1, rest >>= 1n) {
    if (rest & 1n) crc = times(appendOf(bit), crc);
  }
  return length2 === 0n ? crc1 : crc ^ crc2;
}

function appendOf(power: number): Matrix {
  while (appends.length <= power) appends.push(square(appends.at(-1) ?? appendHalfByte()));
  return appends[power] ?? [];
}

/** Four zero bits, half of the byte that the table begins with. */
function appendHalfByte(): Matrix {
  const bit: Matrix = Array.from({ length: 64 }, (_, at) => (at === 0 ? POLYNOMIAL : 1n << BigInt(at - 1)));
  return square(square(bit));
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
