import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCrc64 } from '../../../main/crc64/crc64.ts';
import { findEarlierAttempt } from '../../../main/transfers/stored-object.ts';
import { makePracticeBucket, type PracticeBucket } from './practice-bucket.ts';

let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
  await practice.put('stored', 'what is there');
});
afterAll(() => practice.close());

function crc64Of(text: string): string {
  const crc = makeCrc64();
  crc.update(Buffer.from(text));
  return crc.digest();
}

const there = 'what is there';
const size = there.length;

test.each([
  { what: 'the same bytes', sizeBytes: size, crc64: crc64Of(there), found: { verified: 'crc64', versionId: null } },
  { what: 'other bytes of the same length', sizeBytes: size, crc64: crc64Of('what we sent.'), found: null },
  { what: 'the same CRC-64 and another length', sizeBytes: size + 1, crc64: crc64Of(there), found: null },
  { what: 'bytes whose CRC-64 is unknown', sizeBytes: size, crc64: null, found: null },
  { what: 'nothing', key: 'not stored', sizeBytes: size, crc64: crc64Of(there), found: null },
])('whether an earlier attempt stored what is at the key: $what', async (attempt) => {
  const { key = 'stored', sizeBytes, crc64, found } = attempt;
  const { connection, bucket } = practice;
  const { signal } = new AbortController();
  expect(await findEarlierAttempt({ connection, bucket, key }, sizeBytes, crc64, signal)).toEqual(found);
});
