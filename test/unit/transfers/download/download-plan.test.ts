import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planSpans, SPAN_BYTES } from '../../../../main/transfers/download/download-plan.ts';

test('ranges of a download follow each other without gap, and the first is the one asked for blindly', () => {
  const kinds = fc.constantFrom('many', 'few', 'one');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 40 }),
      kinds,
      fc.integer({ min: 1, max: 16 }),
      (sizeBytes, connections, parallel) => {
        fc.pre(connections !== 'many' || sizeBytes < 2 ** 33);
        const spans = planSpans(sizeBytes, connections, parallel);
        let end = 0;
        for (const { start, sizeBytes: size } of spans) {
          expect(start).toBe(end);
          end += size ?? 0;
        }
        expect(end).toBe(sizeBytes);
        if (spans.length > 1) expect(spans[0]?.sizeBytes).toBe(SPAN_BYTES);
        if (connections === 'one') expect(spans.length).toBe(1);
        if (connections === 'few') expect(spans.length).toBeLessThanOrEqual(parallel + 1);
      },
    ),
  );
});

test('an object of unknown size is one range without end', () => {
  expect(planSpans(null, 'many', 4)).toEqual([{ start: 0, sizeBytes: null, doneBytes: 0, crc64: '0' }]);
});
