import { expect, test } from 'vitest';
import { startPrefix } from '../../../../main/links/grants/grant.ts';

test.each([
  [['a/b/c.txt'], [], 'a/b/'],
  [['a/b/c.txt', 'a/d.txt'], [], 'a/'],
  [['a/b/c.txt'], ['a/b/'], 'a/b/'],
  [[], ['a/b/', 'a/c/'], 'a/'],
  [['top.txt'], ['a/'], ''],
  [[], [''], ''],
])('a grant for %j and %j starts in "%s"', (keys, prefixes, start) => {
  expect(startPrefix({ keys, prefixes })).toBe(start);
});
