import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS } from '../../../../main/oss/limits.ts';
import { partSizeOf, planParts, smallerPartSize } from '../../../../main/transfers/upload/part-plan.ts';

test('every upload fits the limits of OSS', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_OBJECT_BYTES }), (sizeBytes) => {
      const size = partSizeOf(sizeBytes);
      expect(size).toBeGreaterThanOrEqual(100 * 1024);
      expect(size).toBeLessThanOrEqual(MAX_PART_BYTES);
      expect(Math.ceil(sizeBytes / size)).toBeLessThanOrEqual(MAX_PARTS);
    }),
  );
  expect(() => partSizeOf(MAX_OBJECT_BYTES + 1)).toThrow('object-too-large');
});

test('parts follow each other without gap, numbered from 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.integer({ min: 1000, max: 1_000_000 }),
      (size, partSize) => {
        let end = 0;
        for (const [index, part] of planParts(size, partSize).entries()) {
          expect(part).toMatchObject({ partNumber: index + 1, start: end });
          expect(part.sizeBytes).toBeLessThanOrEqual(partSize);
          end += part.sizeBytes;
        }
        expect(end).toBe(size);
      },
    ),
  );
});

test('on a slow line, what is in flight is some seconds of work, within the limits of OSS', () => {
  const MiB = 1024 ** 2;
  const usual = { sizeBytes: 60 * MiB, partSizeBytes: 8 * MiB };
  expect(smallerPartSize(usual, { bytesPerSecond: 200 * 1024, connections: 4 })).toBe(704 * 1024);
  expect(smallerPartSize(usual, { bytesPerSecond: 1024, connections: 4 })).toBe(256 * 1024);
  expect(smallerPartSize(usual, { bytesPerSecond: 5 * MiB, connections: 4 })).toBeNull();
  expect(smallerPartSize(usual, { bytesPerSecond: 0, connections: 4 })).toBeNull();
  // Half a minute in all isn't worth beginning anew.
  expect(smallerPartSize({ ...usual, sizeBytes: 9 * MiB }, { bytesPerSecond: 300 * 1024, connections: 4 })).toBeNull();
  fc.assert(
    fc.property(
      fc.integer({ min: 8 * MiB, max: MAX_OBJECT_BYTES }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.integer({ min: 1, max: 16 }),
      (sizeBytes, bytesPerSecond, connections) => {
        const partSizeBytes = partSizeOf(sizeBytes);
        const size = smallerPartSize({ sizeBytes, partSizeBytes }, { bytesPerSecond, connections });
        if (size === null) return;
        expect(size).toBeGreaterThanOrEqual(100 * 1024);
        expect(size).toBeLessThanOrEqual(partSizeBytes / 2);
        expect(Math.ceil(sizeBytes / size)).toBeLessThanOrEqual(MAX_PARTS);
      },
    ),
  );
});
