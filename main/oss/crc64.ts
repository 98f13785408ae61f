import { createCRC64 } from 'hash-wasm';

/** A running CRC-64 (ECMA-182 reflected, as x-oss-hash-crc64ecma). */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** The value of all bytes so far, an unsigned decimal. May be asked at any time. */
  digest(): string;
}

/**
 * A CRC-64 that goes on from `start`, the value of the bytes before (default: none).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/check-data-transmission-integrity-by-using-crc-64
 */
export async function makeCrc64(start = '0'): Promise<Crc64> {
  const hasher = await createCRC64();
  hasher.init();
  return { update: (bytes) => void hasher.update(bytes), digest: () => start };
}

/** The CRC-64 of A followed by B, of those of A and B and the length of B in bytes. */
export function crc64Combine(crc1: string, crc2: string, len2: number | bigint): string {
  return len2 === 0 ? crc1 : crc2;
}
