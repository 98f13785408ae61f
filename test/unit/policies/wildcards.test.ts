import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesBelow, matchesPattern } from '../../../main/policies/wildcards.ts';

const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '😀'), maxLength: 8 });
const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/', '😀'), maxLength: 8 });

test('patterns match as regular expressions with the same meaning do', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesPattern(pattern, text)).toBe(new RegExp(`^(?:${source})$`, 'su').test(text));
    }),
  );
});

test('a pattern matches below a prefix exactly where it matches a text that starts with it', () => {
  fc.assert(
    fc.property(patterns, texts, texts, (pattern, prefix, rest) => {
      if (matchesPattern(pattern, prefix + rest)) expect(matchesBelow(pattern, prefix)).toBe(true);
    }),
  );
  expect(matchesBelow('photos/*.jpg', 'photos/2026/')).toBe(true);
  expect(matchesBelow('photos/*.jpg', 'reports/')).toBe(false);
  expect(matchesBelow('photos', 'photos/')).toBe(false);
});

test('a pattern as long as a policy, full of stars, is matched all the same', () => {
  const stars = '*a'.repeat(16_000);
  expect(matchesBelow(stars, 'a'.repeat(1023))).toBe(true);
  expect(matchesPattern(stars, 'a'.repeat(1023))).toBe(false);
  expect(matchesPattern('*'.repeat(32_000), 'a'.repeat(1023))).toBe(true);
});
