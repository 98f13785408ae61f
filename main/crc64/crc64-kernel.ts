import { crc64Code, REACH_BYTES, STEP_BYTES, TABLE_BYTES } from './crc64-code.ts';

/** The ECMA-182 polynomial in reflected bit order: bit 63 is the coefficient of x^0. */
export const POLYNOMIAL = 0xc96c5795d7870f42n;

/** The exports of the WebAssembly module; see crc64Code() for their meaning. */
interface Code {
  fold(from: number, end: number, before: number, to: number): void;
  crc(state: bigint, from: number, end: number): bigint;
}

/** Bytes folded per call, so that input and output stay in the processor's first-level cache. */
const RUN_BYTES = 256 * STEP_BYTES;

/** The least length of a message's unfolded tail: what folding still reaches beyond its end, in whole steps. */
const TAIL_BYTES = Math.ceil(REACH_BYTES / STEP_BYTES) * STEP_BYTES;

/** Shorter messages are faster with the tables alone. */
const SHORT_BYTES = 2 * TAIL_BYTES;

/** Memory layout: tables at 0, then folded bytes with the REACH_BYTES before them, the tail, and the block of input. */
const FOLDED = TABLE_BYTES;
const TAIL = FOLDED + REACH_BYTES + RUN_BYTES + TAIL_BYTES;
const BLOCK = Math.ceil((TAIL + TAIL_BYTES + STEP_BYTES) / 4096) * 4096;

/** Size of a WebAssembly page. */
const PAGE_BYTES = 64 * 1024;

/** Compiled once per thread, on first use. */
let compiled: { readonly module: WebAssembly.Module; readonly tables: BigUint64Array } | null = null;

/** Computes the CRC-64 register over bytes in its own memory. Initial value and final XOR are the caller's. */
export class Crc64Kernel {
  /** Input goes here. */
  readonly block: Buffer;
  readonly #memory: Buffer;
  readonly #code: Code;

  constructor(blockBytes: number) {
    compiled ??= { module: new WebAssembly.Module(crc64Code()), tables: makeTables() };
    const pages = Math.ceil((BLOCK + blockBytes) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    new BigUint64Array(memory.buffer).set(compiled.tables);
    const { exports } = new WebAssembly.Instance(compiled.module, { waybill: { memory } });
    this.#code = exports as unknown as Code;
    this.#memory = Buffer.from(memory.buffer);
    this.block = Buffer.from(memory.buffer, BLOCK, blockBytes);
  }

  /** The register after `sizeBytes` bytes of the block, starting at `start`. The block is unchanged afterwards. */
  update(register: bigint, start: number, sizeBytes: number): bigint {
    const from = BLOCK + start;
    const end = from + sizeBytes;
    if (sizeBytes < SHORT_BYTES) return this.#code.crc(register, from, end);
    // A CRC is linear: starting with a register equals XORing it into the first eight bytes and starting with zero.
    const firstBytes = this.#memory.readBigUInt64LE(from);
    this.#memory.writeBigUInt64LE(firstBytes ^ BigInt.asUintN(64, register), from);
    const tailBytes = this.#fold(from, sizeBytes);
    const result = this.#code.crc(0n, TAIL, TAIL + tailBytes);
    this.#memory.writeBigUInt64LE(firstBytes, from);
    return result;
  }

  /**
   * Folds a message into its last bytes, written to TAIL; returns their number. The tail has the CRC of the message.
   */
  #fold(from: number, sizeBytes: number): number {
    const memory = this.#memory;
    const tailBytes = TAIL_BYTES + ((sizeBytes - TAIL_BYTES) % STEP_BYTES);
    const tailStart = from + sizeBytes - tailBytes;
    memory.fill(0, FOLDED, FOLDED + REACH_BYTES);
    for (let runStart = from; runStart < tailStart; runStart += RUN_BYTES) {
      const runBytes = Math.min(RUN_BYTES, tailStart - runStart);
      this.#code.fold(runStart, runStart + runBytes, FOLDED, FOLDED + REACH_BYTES);
      memory.copyWithin(FOLDED, FOLDED + runBytes, FOLDED + runBytes + REACH_BYTES);
    }
    // The tail receives what reaches it from before, but isn't folded into itself.
    memory.fill(0, FOLDED + REACH_BYTES, FOLDED + REACH_BYTES + TAIL_BYTES);
    this.#code.fold(tailStart, tailStart + TAIL_BYTES, FOLDED, TAIL);
    memory.copyWithin(TAIL + TAIL_BYTES, tailStart + TAIL_BYTES, tailStart + tailBytes);
    return tailBytes;
  }
}

/** Slicing-by-8: table n holds the CRC of each byte value followed by n zero bytes. */
function makeTables(): BigUint64Array {
  const tables = new BigUint64Array(TABLE_BYTES / 8);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
    tables[byte] = value;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const oneByteLess = tables[index - 256] ?? 0n;
    tables[index] = (oneByteLess >> 8n) ^ (tables[Number(oneByteLess & 255n)] ?? 0n);
  }
  return tables;
}
