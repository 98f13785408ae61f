import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LocalNames } from '../../../main/local-files/local-names.ts';
import { numberedName, safeName } from '../../../main/local-files/safe-name.ts';

test.each([
  ['plain.txt', 'plain.txt'],
  ['你好 🎉.png', '你好 🎉.png'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['a/b\\c', 'a_b_c'],
  ['CON', 'CON_'],
  ['nul.txt', 'nul_.txt'],
  ['trailing. . ', 'trailing'],
  ['what?*"<>|:', 'what_'],
  ['.hidden', '.hidden'],
])('%j is saved as %j', (name, saved) => {
  expect(safeName(name)).toBe(saved);
});

test.each('\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'.split(''))(
  'what turns the reading order around does not hide an extension: %j',
  (control) => {
    expect(safeName(`photo${control}gpj.exe`)).toBe('photo_gpj.exe');
  },
);

test('any name becomes one that every system takes, and stays that', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const safe = safeName(name);
      expect(safe).not.toMatch(/[/\\:*?"<>|\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[. ]$/u);
      expect(['', '.', '..']).not.toContain(safe);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(220);
      expect(safeName(safe)).toBe(safe);
    }),
    { numRuns: 1000 },
  );
});

test('a long name keeps its extension and whole characters', () => {
  const safe = safeName(`${'好'.repeat(200)}.tar.gz`);
  expect(safe).toMatch(/^好+(\.tar)?\.gz$/);
  expect(Buffer.byteLength(safe)).toBeGreaterThan(200);
});

test.each([
  ['a.txt', 'a (2).txt'],
  ['a', 'a (2)'],
  ['.profile', '.profile (2)'],
  ['a.tar.gz', 'a (2).tar.gz'],
  ['v1.2 notes', 'v1.2 notes (2)'],
])('the second %s is %s', (name, second) => {
  expect(numberedName(name, 2)).toBe(second);
});

test('no two keys meet in one file, whatever the system folds together', () => {
  const segment = fc.constantFrom('a', 'A', 'é', 'e\u0301', 'a?', 'a*', '', '..', 'CON', 'a (2)');
  const keys = fc.uniqueArray(fc.array(segment, { minLength: 1, maxLength: 3 }).map((s) => `${s.join('/')}x`));
  fc.assert(
    fc.property(keys, (all) => {
      const names = new LocalNames();
      const paths = all.map((key) => names.pathOf(key).normalize('NFC').toLowerCase());
      expect(new Set(paths).size).toBe(all.length);
      for (const path of paths) expect(path.split('/')).not.toContain('..');
      // A file is never also a folder.
      for (const path of paths) expect(paths.some((other) => other.startsWith(`${path}/`))).toBe(false);
    }),
  );
});

test('keys keep the names that they had before, whatever else is there now', () => {
  const names = new LocalNames();
  names.reserve('x/a?', 'x/a_');
  names.reserve('X/b', 'X (2)/b');
  expect(names.pathOf('x/a*')).toBe('x/a_ (2)');
  expect(names.pathOf('x/a_')).toBe('x/a_ (3)');
  expect(names.pathOf('X/c')).toBe('X (2)/c');
  expect(names.pathOf('x (2)/c')).toBe('x (2) (2)/c');
  expect(names.pathOf('x/a?')).toBe('x/a_');
  expect(names.pathOf('X/b')).toBe('X (2)/b');
});
