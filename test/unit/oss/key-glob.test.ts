import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasWildcards, KeyGlob } from '../../../main/oss/key-glob.ts';

test.each([
  ['logs/2026-*.gz', 'logs/2026-01.gz', true],
  ['logs/2026-*.gz', 'logs/2026-01/a.gz', false],
  ['logs/*', 'logs/', false],
  ['logs/*', 'logs/a', true],
  ['logs/*/a', 'logs//a', false],
  ['*x*/', 'x/', true],
  ['logs/**', 'logs/', true],
  ['**.gz', 'a/b/c.gz', true],
  ['a/**', 'a/b/c', true],
  ['a/**/c', 'a/c', true],
  ['a/**/c', 'a/b/b/c', true],
  ['a/**/c', 'a/bc', false],
  ['**/c', 'c', true],
  ['a**/c', 'a1/2/c', true],
  ['?', '/', false],
  ['a?c', 'a🎉c', true],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[!a-c]x', 'dx', true],
  ['[!a]x', '/x', false],
  ['[]]', ']', true],
  ['[*]', '*', true],
  ['[*]', 'a', false],
  ['a[b', 'a[b', true],
  ['[]', '[]', true],
  ['a\\*', 'a\\b', true],
  ['line\nbreak*', 'line\nbreaks\n', true],
  ['.*', 'ab', false],
])('%j names %j: %j', (glob, key, isNamed) => {
  expect(new KeyGlob(glob).matches(key)).toBe(isNamed);
});

test.each([
  ['logs/2026-*', 'logs/2026-', true, 'logs/'],
  ['logs/*/x', 'logs/', false, 'logs/'],
  ['**', '', false, ''],
  ['*', '', true, ''],
  ['plain', 'plain', true, ''],
])('%j begins with %j', (glob, prefix, isOneLevel, folder) => {
  expect(new KeyGlob(glob)).toMatchObject({ prefix, isOneLevel, folder });
});

test.each([
  ['*', 'a/b/c', 'a/'],
  ['*/', 'a/b/c', 'a/'],
  ['*/*', 'a/b/c', 'a/b/'],
  ['a*', 'b/c', null],
  ['*', 'a', null],
  ['*/', 'a/', null],
])('%j names a folder above %j: %j', (glob, key, folder) => {
  expect(new KeyGlob(glob).folderAbove(key)).toBe(folder);
});

test.each([
  ['a*', true],
  ['a?', true],
  ['[ab]', true],
  ['a[b', false],
  ['a]b', false],
  ['a\\b.c', false],
])('%j has wildcards: %j', (text, has) => {
  expect(hasWildcards(text)).toBe(has);
});

/** The pattern as an expression of the engine, which is another way to read it. */
function expressionOf(glob: string): RegExp {
  // A name has a character.
  const parts = glob.replaceAll(/(?<=^|\/)\*(?=\/|$)/g, '?*').split(/(\*\*|\*|\?)/);
  const meanings: Record<string, string> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
  const text = parts.map((part) => meanings[part] ?? part.replaceAll(/[\\^$.|+(){}[\]]/g, String.raw`\$&`)).join('');
  return new RegExp(`^${text}$`, 'su');
}

test('patterns of stars and question marks mean what their expressions mean', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
  const patterns = fc
    .array(fc.constantFrom('a', 'b', '/', '.', '*', '**', '?'), { maxLength: 7 })
    .map((parts) => parts.join(''))
    // A folder named ** stands for none, too: no expression above says so.
    .filter((text) => !/(^|\/)\*\*\/|\*\*\*/.test(text));
  fc.assert(
    fc.property(patterns, letters, (glob, key) => {
      expect(new KeyGlob(glob).matches(key)).toBe(expressionOf(glob).test(key));
    }),
    { numRuns: 2000 },
  );
});

test('every text without wildcards names itself alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
      fc.pre(!hasWildcards(text));
      expect(new KeyGlob(text).matches(text)).toBe(true);
      expect(new KeyGlob(text).matches(other)).toBe(other === text);
    }),
  );
});

test('a pattern of many stars takes no longer for a key made against it', () => {
  const glob = new KeyGlob(`${'*a'.repeat(200)}b`);
  expect(glob.matches('a'.repeat(1000))).toBe(false);
});
