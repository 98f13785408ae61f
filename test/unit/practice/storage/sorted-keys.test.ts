import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../../main/practice/protocol/percent.ts';
import { SortedKeys } from '../../../../main/practice/storage/sorted-keys.ts';

const text = fc.string({ unit: 'binary', maxLength: 4 });

test('texts are ordered as their UTF-8 bytes are', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('an emoji comes after a private-use character, which UTF-16 would turn round', () => {
  expect(compareBytes('\u{1f6a2}', '\ue000')).toBeGreaterThan(0);
  expect(['\ue000', '\u{1f6a2}'].sort()).toEqual(['\u{1f6a2}', '\ue000']);
});

test('keys that come and go stay in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), text), { maxLength: 200 }), text, (steps, from) => {
      const keys = new SortedKeys();
      const expected = new Set<string>();
      for (const [adds, key] of steps) {
        if (adds) keys.add(key);
        else keys.remove(key);
        if (adds) expected.add(key);
        else expected.delete(key);
      }
      const rest = [...expected].filter((key) => compareBytes(key, from) >= 0).sort(compareBytes);
      expect([...keys.from(from)]).toEqual(rest);
    }),
  );
});

test('5,000 keys added in a scattered order are split into blocks and found again', () => {
  const keys = new SortedKeys();
  const names = Array.from({ length: 5000 }, (_, at) => `key-${String((at * 2741) % 5000).padStart(4, '0')}`);
  for (const name of names) keys.add(name);
  const sorted = [...names].sort(compareBytes);
  expect([...keys.from('')]).toEqual(sorted);
  expect([...keys.from('key-4321')]).toEqual(sorted.slice(4321));
  for (const name of sorted.slice(100, 4900)) keys.remove(name);
  expect([...keys.from('')]).toEqual([...sorted.slice(0, 100), ...sorted.slice(4900)]);
});
