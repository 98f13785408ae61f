import { crc64Combine, makeCrc64 } from '../../main/crc64/crc64.ts';
import { differs, firstDifference } from './difference.ts';
import type { Difference } from './difference.ts';
import type { CrcFile, CrcInput } from './records.ts';

type Check = readonly [id: string, check: () => Difference];

/** One check a record of the file. */
export function crcChecks(file: CrcFile): readonly Check[] {
  return [
    ...(file.crc ?? []).map((record): Check => [record.id, () => checkInput(record, '0')]),
    ...(file.continue ?? []).map((record): Check => [record.id, () => checkInput(record, record.init)]),
    ...(file.combine ?? []).map((record): Check => [
      record.id,
      () => differs('combined', crc64Combine(record.crc1, record.crc2, BigInt(record.len2)), record.combined),
    ]),
    ...(file.multipart ?? []).map((record): Check => [record.id, () => checkParts(record.parts, record.crc64)]),
  ];
}

function checkInput(record: CrcInput, init: string): Difference {
  const bytes = bytesOf(record);
  const crc = makeCrc64(init);
  // In two pieces, and asked between them: neither may change the value.
  crc.update(bytes.subarray(0, bytes.length >> 1));
  crc.digest();
  crc.update(bytes.subarray(bytes.length >> 1));
  return firstDifference(
    differs('length', bytes.length, record.length),
    differs('crc64', crc.digest(), record.crc64),
    differs('crc64_hex', BigInt(crc.digest()).toString(16).padStart(16, '0'), record.crc64_hex),
  );
}

function checkParts(parts: readonly CrcInput[], whole: string): Difference {
  let combined = '0';
  let continued = makeCrc64();
  for (const part of parts) {
    const bytes = bytesOf(part);
    const own = makeCrc64();
    own.update(bytes);
    const difference = firstDifference(
      differs('part length', bytes.length, part.length),
      differs('part', own.digest(), part.crc64),
    );
    if (difference !== null) return difference;
    combined = crc64Combine(combined, own.digest(), bytes.length);
    const before = continued.digest();
    continued = makeCrc64(before);
    continued.update(bytes);
  }
  return firstDifference(differs('combined', combined, whole), differs('continued', continued.digest(), whole));
}

function bytesOf({ input_hex, repeat }: CrcInput): Buffer {
  if (repeat === undefined) return Buffer.from(input_hex ?? '', 'hex');
  const unit = Buffer.from(repeat.hex, 'hex');
  return Buffer.alloc(unit.length * repeat.count, unit);
}
