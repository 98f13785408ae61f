import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  normalizeHeaders,
  canonicalQuery,
  encodeParams,
  encodeKey,
  encodeKeyPath,
  percentEncode,
} from '../../../main/oss/canonical.ts';

const text = fc.string({ unit: 'grapheme' });

test('everything but the unreserved characters is escaped, also what encodeURIComponent leaves', () => {
  expect(percentEncode("!'()* ~-_.+/%é🙂")).toBe('%21%27%28%29%2A%20~-_.%2B%2F%25%C3%A9%F0%9F%99%82');
});

test('an encoded text decodes to itself and holds no other character', () => {
  fc.assert(
    fc.property(text, (value) => {
      const encoded = percentEncode(value);
      expect(encoded).toMatch(/^([A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/);
      expect(decodeURIComponent(encoded)).toBe(value);
    }),
  );
});

test.each([
  ['a/b c.txt', 'a/b%20c.txt'],
  ['a//b/', 'a//b/'],
  ['..a/b..', '..a/b..'],
  ['a/../b', 'a%2F..%2Fb'],
  ['./a', '.%2Fa'],
  ['a/.', 'a%2F.'],
  ['..', '..'],
  ['.', '.'],
  ['a/%2e%2e/b', 'a/%252e%252e/b'],
])('the key %s is written %s into a path', (key, path) => {
  expect(encodeKeyPath(key)).toBe(path);
});

test('the path that is written is the key that is signed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.constantFrom('.', '..', '')), { minLength: 1 }), (segments) => {
      const key = segments.join('/');
      expect(decodeURIComponent(encodeKeyPath(key))).toBe(key);
      expect(decodeURIComponent(encodeKey(key))).toBe(key);
    }),
  );
});

test('the query is sorted by bytes, not by any language', () => {
  const params = ['b', 'B', 'a_b', 'a-b', 'ä', 'a'].map((name) => [name, '1'] as const);
  expect(canonicalQuery(encodeParams(params))).toBe('%C3%A4=1&B=1&a=1&a-b=1&a_b=1&b=1');
});

test('an empty value is signed as the name alone', () => {
  expect(
    canonicalQuery([
      ['prefix', ''],
      ['acl', null],
    ]),
  ).toBe('acl&prefix');
});

test('header names lose their case and values their outer blanks only', () => {
  expect(normalizeHeaders({ 'X-OSS-Meta-A': '  a  b\t' })).toEqual({ 'x-oss-meta-a': 'a  b' });
});
