import { crc64Code, REACH_BYTES, STEP_BYTES, TABLE_BYTES } from './crc64-code.ts';

/** The ECMA-182 polynomial, its bits reflected: bit 63 is the coefficient of x^0. */
export const POLYNOMIAL = 0xc96c5795d7870f42n;

interface Code {
  fold(from: number, end: number, before: number, to: number): void;
  crc(state: bigint, from: number, end: number): bigint;
}

/** Bytes that are folded at once, so that all that takes part stays in the processor's nearest memory. */
const RUN_BYTES = 256 * STEP_BYTES;

/** What the last bytes of a message need to be folded, in whole steps. */
const TAIL_BYTES = Math.ceil(REACH_BYTES / STEP_BYTES) * STEP_BYTES;

/** Shorter messages are faster by the tables alone. */
const SHORT_BYTES = 2 * TAIL_BYTES;

/** Places in the memory: tables, folded bytes with those before them, the tail, and the bytes that are given. */
const FOLDED = TABLE_BYTES;
const TAIL = FOLDED + REACH_BYTES + RUN_BYTES + TAIL_BYTES;
const BLOCK = Math.ceil((TAIL + TAIL_BYTES + STEP_BYTES) / 4096) * 4096;

const PAGE_BYTES = 64 * 1024;

let compiled: { readonly module: WebAssembly.Module; readonly tables: BigUint64Array } | null = null;

/** The register of a CRC-64 over the bytes of its own memory. */
export class Crc64Kernel {
  /** Where the bytes are to be put. */
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

  /** The register after `sizeBytes` bytes of the block, from `start` on. The bytes are left as they are. */
  update(register: bigint, start: number, sizeBytes: number): bigint {
    const from = BLOCK + start;
    const end = from + sizeBytes;
    if (sizeBytes < SHORT_BYTES) return this.#code.crc(register, from, end);
    // A register counts as if it were XORed to the first bytes.
    const first = this.#memory.readBigUInt64LE(from);
    this.#memory.writeBigUInt64LE(first ^ BigInt.asUintN(64, register), from);
    const rest = this.#fold(from, sizeBytes);
    const after = this.#code.crc(0n, TAIL, TAIL + rest);
    this.#memory.writeBigUInt64LE(first, from);
    return after;
  }

  /** Folds a message into its end, which is put at TAIL; gives how long that is. */
  #fold(from: number, sizeBytes: number): number {
    const memory = this.#memory;
    const rest = TAIL_BYTES + ((sizeBytes - TAIL_BYTES) % STEP_BYTES);
    const end = from + sizeBytes - rest;
    memory.fill(0, FOLDED, FOLDED + REACH_BYTES);
    for (let at = from; at < end; at += RUN_BYTES) {
      const count = Math.min(RUN_BYTES, end - at);
      this.#code.fold(at, at + count, FOLDED, FOLDED + REACH_BYTES);
      memory.copyWithin(FOLDED, FOLDED + count, FOLDED + count + REACH_BYTES);
    }
    // What reaches the end from before it, and nothing from within.
    memory.fill(0, FOLDED + REACH_BYTES, FOLDED + REACH_BYTES + TAIL_BYTES);
    this.#code.fold(end, end + TAIL_BYTES, FOLDED, TAIL);
    memory.copyWithin(TAIL + TAIL_BYTES, end + TAIL_BYTES, end + rest);
    return rest;
  }
}

function makeTables(): BigUint64Array {
  const tables = new BigUint64Array(TABLE_BYTES / 8);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
    tables[byte] = value;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256] ?? 0n;
    tables[at] = (before >> 8n) ^ (tables[Number(before & 255n)] ?? 0n);
  }
  return tables;
}
