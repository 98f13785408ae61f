/** The polynomial of ECMA-182 in reflected bit order: bit 63 is the coefficient of x^0. */
const polynomial = 0xc96c5795d7870f42n;
const one = 1n << 63n;

/**
 * The CRC-64 of A followed by B, from the CRC-64s of both (unsigned decimals) and the length of B in bytes: how parts that
 * were hashed one by one yield the CRC of the whole. Each byte appended multiplies by x^8 modulo the polynomial.
 */
export function combineCrc64(first: string, second: string, secondBytes: number): string {
  if (secondBytes === 0) return first;
  let power = one;
  let square = 1n << 62n;
  for (let bits = BigInt(secondBytes) << 3n; bits > 0n; bits >>= 1n) {
    if ((bits & 1n) === 1n) power = multiply(square, power);
    square = multiply(square, square);
  }
  return (multiply(power, BigInt(first)) ^ BigInt(second)).toString();
}

/** The product of two polynomials over GF(2), modulo the CRC's. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
