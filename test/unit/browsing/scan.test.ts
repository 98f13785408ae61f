import { expect, test } from 'vitest';
import { matcher, type Wanted } from '../../../main/browsing/scan.ts';

const any: Wanted = { text: '', minBytes: null, maxBytes: null, after: null, before: null };
const object = {
  key: 'a/Report.PDF',
  sizeBytes: 100,
  lastModified: 1000,
  etag: 'e',
  storageClass: 'Standard',
} as const;

test.each([
  [{}, true],
  [{ text: 'report.pdf' }, true],
  [{ text: 'A/' }, false],
  [{ minBytes: 100, maxBytes: 100 }, true],
  [{ minBytes: 101 }, false],
  [{ maxBytes: 99 }, false],
  [{ after: 1000, before: 1000 }, true],
  [{ after: 1001 }, false],
  [{ before: 999 }, false],
  [{ text: 'report', minBytes: 101 }, false],
] as const)('a search for %j below a/ finds the file: %s', (wanted, isFound) => {
  expect(matcher({ ...any, ...wanted }, 2)(object)).toBe(isFound);
});

test('the empty object of a folder is found by its name alone', () => {
  const folder = { ...object, key: 'a/reports/', sizeBytes: 0 };
  expect([matcher(any, 0)(folder), matcher({ ...any, text: 'reports' }, 0)(folder)]).toEqual([false, true]);
});
