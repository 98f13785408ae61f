import { expect, test } from 'vitest';
import { numbered, safeFolders, safeName } from '../../../../../renderer/pages/share/safe-name.ts';
import { shownName } from '../../../../../renderer/pages/share/shown-name.ts';

test.each([
  ['a.txt', 'a.txt'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
  ['..', '__'],
  ['.', '_'],
  ['', '_'],
  ['end. ', 'end__'],
  ['con', '_con'],
  ['LPT1.txt', '_LPT1.txt'],
  ['console', 'console'],
  ['a\0b\n', 'a_b_'],
  ['evil\u202egpj.exe', 'evil_gpj.exe'],
  [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(195)}.jpeg`],
])('%j is saved as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('folders lead nowhere but down', () => {
  expect(safeFolders('../../etc//x\\..\\y/')).toEqual(['__', '__', 'etc', 'x', '__', 'y']);
  expect(safeFolders('')).toEqual([]);
});

test('a second file of a name gets a number before its extension', () => {
  expect(numbered('a.tar.gz', 1)).toBe('a.tar.gz');
  expect(numbered('a.tar.gz', 2)).toBe('a.tar (2).gz');
  expect(numbered('.env', 3)).toBe('.env (3)');
  expect(numbered('README', 2)).toBe('README (2)');
});

test('a name is shown with every character that would not show', () => {
  expect(shownName('a\u202egpj.exe')).toBe('a\\u202egpj.exe');
  expect(shownName('a\nb\ud800')).toBe('a\\u000ab\\ud800');
  expect(shownName('运单 🎉.txt')).toBe('运单 🎉.txt');
});
