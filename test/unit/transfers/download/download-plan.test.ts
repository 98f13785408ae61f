import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_OBJECT_BYTES } from '../../../../main/oss/limits.ts';
import { planSpans, SPAN_BYTES } from '../../../../main/transfers/download/download-plan.ts';

test('ranges of a download follow each other without gap, and the first is the one asked for blindly', () => {
  const kinds = fc.constantFrom('many', 'few', 'one');
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 0, max: 2 ** 34 }), fc.integer({ min: 0, max: MAX_OBJECT_BYTES })),
      kinds,
      fc.integer({ min: 1, max: 16 }),
      (sizeBytes, connections, parallel) => {
        const spans = planSpans(sizeBytes, connections, parallel);
        let end = 0;
        for (const { start, sizeBytes: size } of spans) {
          expect(start).toBe(end);
          end += size ?? 0;
        }
        expect(end).toBe(sizeBytes);
        if (spans.length > 1) expect(spans[0]?.sizeBytes).toBe(SPAN_BYTES);
        // The largest object has as many as an upload has parts, and the first one.
        expect(spans.length).toBeLessThanOrEqual(10_001);
        if (connections === 'one') expect(spans.length).toBe(1);
        if (connections === 'few') expect(spans.length).toBeLessThanOrEqual(parallel + 1);
      },
    ),
  );
});

test('an object of unknown size is one range without end', () => {
  expect(planSpans(null, 'many', 4)).toEqual([{ start: 0, sizeBytes: null, doneBytes: 0, crc64: '0' }]);
});
