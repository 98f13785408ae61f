import { describe, expect, test } from 'vitest';
import { parseRange } from '../../../../main/practice/operations/byte-range.ts';

describe('a Range of an object of 100 bytes', () => {
  test.each([
    ['bytes=0-9', { start: 0, end: 10 }, { start: 0, end: 10 }],
    ['bytes=90-', { start: 90, end: 100 }, { start: 90, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }, { start: 90, end: 100 }],
    ['bytes=99-99', { start: 99, end: 100 }, { start: 99, end: 100 }],
    ['bytes=50-100', null, { start: 50, end: 100 }],
    ['bytes=-200', null, { start: 0, end: 100 }],
    ['bytes=9-5', null, null],
    ['bytes=-', null, null],
    ['bytes=a-b', null, null],
    ['bytes=0-1,5-6', null, null],
    ['lines=0-1', null, null],
    [undefined, null, null],
  ])('%s gives %j, or %j under HTTP rules', (header, ours, standard) => {
    expect(parseRange(header, 100, false)).toEqual(ours);
    expect(parseRange(header, 100, true)).toEqual(standard);
  });

  test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('%s is ignored, or refused under HTTP rules', (header) => {
    expect(parseRange(header, 100, false)).toBeNull();
    expect(() => parseRange(header, 100, true)).toThrow('InvalidRange');
  });
});
