import { expect, test } from 'vitest';
import { commonFolder } from '../../../../main/links/making/link-batch.ts';

test.each([
  [['a/b/one'], [], 'a/b/'],
  [[], ['a/b/'], 'a/b/'],
  [[], ['a/b'], 'a/'],
  [['a/one'], ['a/b/'], 'a/'],
  [[], ['a/b/', 'a/c/'], 'a/'],
  [[], ['a/b//', 'a/b//c/'], 'a/b/'],
  [['top'], ['a/'], ''],
])('links for %j and what is below %j leave out "%s"', (keys, prefixes, folder) => {
  expect(commonFolder({ keys, prefixes })).toBe(folder);
});
