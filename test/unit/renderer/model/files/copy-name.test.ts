import { expect, test } from 'vitest';
import { copyName, copyStem } from '../../../../../renderer/model/files/copy-name.ts';

test.each([
  ['t.csv', [], 't copy.csv'],
  ['t.csv', ['t copy.csv'], 't copy 2.csv'],
  ['t copy.csv', ['t copy.csv'], 't copy 2.csv'],
  ['t copy 2.csv', ['t copy.csv', 't copy 2.csv'], 't copy 3.csv'],
  ['backup.tar.gz', [], 'backup copy.tar.gz'],
  ['.env', [], '.env copy'],
  ['README', [], 'README copy'],
  [' copy', [], ' copy copy'],
  ['carbon copying.txt', [], 'carbon copying copy.txt'],
])('a copy of the file %j next to %j is called %j', (name, taken: readonly string[], copy) => {
  const options = { isFolder: false, word: ' copy', isTaken: (one: string) => taken.includes(one) };
  expect(copyName(name, options)).toBe(copy);
});

test('a folder has no extension', () => {
  expect(copyName('v1.2', { isFolder: true, word: ' 副本', isTaken: () => false })).toBe('v1.2 副本');
});

test('all copies of one file start with the same stem, whichever of them is copied', () => {
  const stems = ['t.csv', 't copy.csv', 't copy 12.csv'].map((name) => copyStem(name, false, ' copy'));
  expect(stems).toEqual(['t copy', 't copy', 't copy']);
});
