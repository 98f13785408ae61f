import { expect, test } from 'vitest';
import { baseName, commonPrefix, folderPrefix, parentPrefix } from '../../../main/oss/key-path.ts';

test.each([
  ['', '', '', ''],
  ['b', '', '', 'b'],
  ['/', '/', '', ''],
  ['a/', 'a/', '', ''],
  ['a/b', 'a/', 'a/', 'b'],
  ['a/b/', 'a/b/', 'a/', ''],
  ['a//', 'a//', 'a/', ''],
  ['a//b', 'a//', 'a//', 'b'],
])('%j is in the folder %j, below %j, and is called %j', (key, folder, parent, name) => {
  expect(folderPrefix(key)).toBe(folder);
  expect(parentPrefix(key)).toBe(parent);
  expect(baseName(key)).toBe(name);
});

test.each([
  [[], ''],
  [['a/b/'], 'a/b/'],
  [['a/b/', 'a/c/'], 'a/'],
  [['a/b/', 'a/b/c/'], 'a/b/'],
  [['a/', 'b/'], ''],
  [['a/b', 'a/bc/'], 'a/b'],
  [['/', 'a/'], ''],
  [['//', '/a/'], '/'],
])('%j have the prefix %j in common', (prefixes, common) => {
  expect(commonPrefix(prefixes)).toBe(common);
});
