import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS } from '../../../../main/oss/limits.ts';
import { partSizeOf, planParts } from '../../../../main/transfers/upload/part-plan.ts';

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
