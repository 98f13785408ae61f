import { WaybillError } from '../failure.ts';
import { crc64Combine } from '../oss/crc64/crc64.ts';

/** CRC-64 of pieces that follow each other. */
export function combineCrc64(pieces: readonly { readonly crc64: string; readonly sizeBytes: number }[]): string {
  return pieces.reduce((crc64, piece) => crc64Combine(crc64, piece.crc64, piece.sizeBytes), '0');
}

/** Compares a value with what the server says. @throws WaybillError `integrity` where they differ */
export function compare(expected: string, actual: string): void {
  if (expected !== actual) throw new WaybillError({ kind: 'integrity', expected, actual });
}
