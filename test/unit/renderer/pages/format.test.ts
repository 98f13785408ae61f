import { expect, test } from 'vitest';
import { lengthText, momentText, numberText, sizeText } from '../../../../renderer/pages/shared/format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1024, '1 KB'],
  [1_048_575, '1 MB'],
  [1_310_720, '1.25 MB'],
  [5 * 1024 ** 3, '5 GB'],
  [123_456_789, '118 MB'],
])('%d bytes are %s', (bytes, wanted) => {
  expect(sizeText(bytes, 'en')).toBe(wanted);
});

test.each([
  [400, '0 sec'],
  [59_999, '59 sec'],
  [61_000, '1 min'],
  [3_600_000 + 5 * 60_000, '1 hr 5 min'],
  [23 * 3_600_000 + 59 * 60_000, '23 hr'],
  [26 * 3_600_000, '1 day 2 hr'],
])('%d ms are %s', (ms, wanted) => {
  expect(lengthText(ms, 'en')).toBe(wanted);
});

test('a moment has its year only where that is another one', () => {
  const now = new Date(2026, 10, 30, 12).getTime();
  expect(momentText(new Date(2026, 11, 1, 8, 30).getTime(), 'en', now)).toBe('Tue 1 Dec, 08:30');
  expect(momentText(new Date(2027, 0, 2, 8, 30).getTime(), 'en', now)).toBe('Sat, 2 Jan 2027, 08:30');
});

test('digits are grouped as the language does', () => {
  expect([numberText(5000, 'en'), numberText(12_345, 'zh-CN')]).toEqual(['5,000', '12,345']);
});
