import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanName, PrefixKeys, SlotKeys, uniqueStart } from '../../../../renderer/pages/drop/keys.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('a cleaned name', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['报告 ①.pdf', '报告 ①.pdf'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['..hidden. ', 'hidden'],
    ['line\nbreak\u0000.txt', 'line_break_.txt'],
    ['exe.\u202Efdp', 'exe._fdp'],
    ['${filename}', '_{filename}'],
    ['cafe\u0301', 'caf\u00e9'],
    ['  ', 'file'],
    ['', 'file'],
  ])('%j is stored as %j', (name, cleaned) => {
    expect(cleanName(name)).toBe(cleaned);
  });

  test('has at most 255 bytes, and keeps its extension', () => {
    const cleaned = cleanName(`${'报'.repeat(300)}.jpeg`);
    expect(bytes(cleaned)).toBeLessThanOrEqual(255);
    expect(cleaned).toMatch(/^报+\.jpeg$/);
  });

  test('is one that any store takes, whatever the name was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const cleaned = cleanName(name);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}/\\]|^[. ]|^$/u);
        expect(bytes(cleaned)).toBeLessThanOrEqual(255);
      }),
    );
  });
});

describe('a key below a prefix', () => {
  const start = '0mzxyz123-abcdefghijkl';

  test('begins with the time and random characters, so that nobody’s file is in its place', () => {
    const [one, other] = [uniqueStart(1_764_500_000_000), uniqueStart(1_764_500_000_000)];
    expect(one).toMatch(/^[0-9a-z]{9}-[0-9a-z]{12}$/);
    expect(one.slice(0, 9)).toBe(other.slice(0, 9));
    expect(one).not.toBe(other);
  });

  test('sorts by its time', () => {
    const starts = [1_000, 1_764_500_000_000, 1_764_500_000_001, 4_000_000_000_000].map((now) => uniqueStart(now));
    expect(starts.toSorted()).toEqual(starts);
  });

  test('keeps what lies in a folder together', () => {
    const keys = new PrefixKeys('in/');
    expect(['trip/day 1/a.jpg', 'trip/b?.jpg'].map((path) => keys.make(path, start))).toEqual([
      `in/${start}-trip/day 1/a.jpg`,
      `in/${start}-trip/b_.jpg`,
    ]);
  });

  test('is given once, also to names that cleaning makes one', () => {
    const keys = new PrefixKeys('in/');
    const made = ['a?', 'a*', 'a_'].map((path) => keys.make(path, start));
    expect(new Set(made).size).toBe(3);
  });

  test('has at most 1,023 bytes, and its own name to the end', () => {
    const path = `${Array.from({ length: 40 }, () => '文件夹'.repeat(10)).join('/')}/last.txt`;
    const key = new PrefixKeys('in/').make(path, start);
    expect(bytes(key)).toBeLessThanOrEqual(1023);
    expect(key).toMatch(/^in\/.*\/last\.txt$/);
  });
});

test('places are taken one after another, each once', () => {
  const slots = new SlotKeys(['in/1', 'in/2']);
  expect([slots.take(), slots.take(), slots.take()]).toEqual(['in/1', 'in/2', null]);
});
