import { expect, test } from 'vitest';
import { limitsOf } from '../../../../../renderer/screens/search/search-choices.ts';

const day = 86_400_000;

test.each([
  ['any', 'any', { minBytes: null, maxBytes: null, after: null, before: null }],
  ['over-1-gb', 'week', { minBytes: 1024 ** 3, maxBytes: null, after: 400 * day - 7 * day, before: null }],
  ['under-1-mb', 'older', { minBytes: null, maxBytes: 1024 ** 2 - 1, after: null, before: 35 * day }],
] as const)('size %s and time %s mean %j', (size, time, limits) => {
  expect(limitsOf(size, time, 400 * day)).toEqual(limits);
});
