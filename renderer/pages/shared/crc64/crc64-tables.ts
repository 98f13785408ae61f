// CRC-64 as OSS reports it (x-oss-hash-crc64ecma): the polynomial of ECMA-182 in reflected bit order, start and final XOR
// all ones. Registers are two halves of 32 bits: BigInt is ten times as slow.

/** The running register: low half, high half. */
export type Register = [low: number, high: number];

/** The register of no bytes. */
export const start: Readonly<Register> = [0xffffffff, 0xffffffff];

/** For each byte value the low halves and the high halves of its table. */
const [lows, highs] = makeTable();

/** Adds bytes to a register, in place. */
export function addBytes(register: Register, bytes: Uint8Array): void {
  let [low, high] = register;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
    high = (high >>> 8) ^ (highs[index] ?? 0);
  }
  register[0] = low;
  register[1] = high;
}

/** The CRC-64 of a register, as an unsigned decimal. */
export function toDecimal([low, high]: Readonly<Register>): string {
  return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString();
}

function makeTable(): readonly [Int32Array, Int32Array] {
  const table = [new Int32Array(256), new Int32Array(256)] as const;
  for (let byte = 0; byte < 256; byte += 1) {
    let [low, high] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) [low, high] = [low ^ 0xd7870f42, high ^ 0xc96c5795];
    }
    [table[0][byte], table[1][byte]] = [low, high];
  }
  return table;
}
