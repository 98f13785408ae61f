import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPatterns } from '../../../main/sync/patterns.ts';

const excludes = (pattern: string, path: string): boolean => !readPatterns([], [pattern]).covers(path);

describe('a pattern', () => {
  test.each([
    ['*.tmp', 'a.tmp'],
    ['*.tmp', 'deep/er/a.tmp'],
    ['*.tmp', 'folder.tmp/inside.txt'],
    ['/a.tmp', 'a.tmp'],
    ['build/', 'build/x'],
    ['build/', 'deep/build/x/y'],
    ['a/b', 'a/b'],
    ['a/b', 'a/b/c'],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z'],
    ['a/**', 'a/b/c'],
    ['**/z', 'z'],
    ['**/z', 'a/b/z'],
    ['?.txt', '🎉.txt'],
    ['[a-c].txt', 'b.txt'],
    ['[!a-c].txt', 'd.txt'],
    ['[]].txt', '].txt'],
    ['[[].txt', '[.txt'],
    ['file (1).txt', 'file (1).txt'],
    ['a{b,c}', 'a{b,c}'],
    ['+$^|', '+$^|'],
    ['back\\slash', 'back\\slash'],
    ['line*', 'line\nfeed'],
  ])('%j matches %j', (pattern, path) => {
    expect(excludes(pattern, path)).toBe(true);
  });

  test.each([
    ['*.tmp', 'a.tmpx'],
    ['*.tmp', 'a.TMP'],
    ['/a.tmp', 'b/a.tmp'],
    ['build/', 'build'],
    ['build/', 'rebuild/x'],
    ['a/b', 'x/a/b'],
    ['a/*', 'a'],
    ['a?b', 'a/b'],
    ['[!x]', '/'],
    ['[!a-c].txt', 'b.txt'],
    ['a/**/z', 'az'],
    ['file(1).txt', 'file1.txt'],
    ['.', 'a'],
  ])('%j does not match %j', (pattern, path) => {
    expect(excludes(pattern, path)).toBe(false);
  });

  test.each(['', '/', '[a', 'a[', '[z-a]', 'x'.repeat(1001)])('%j is refused', (pattern) => {
    expect(() => readPatterns([pattern], [])).toThrow(/input: pattern pattern/);
  });
});

test('a path counts if something includes it and nothing excludes it', () => {
  const { covers } = readPatterns(['*.jpg', '/notes/'], ['draft*']);
  expect(covers('a/b.jpg')).toBe(true);
  expect(covers('notes/any')).toBe(true);
  expect(covers('notes/draft1')).toBe(false);
  expect(covers('drafts/b.jpg')).toBe(false);
  expect(covers('b.txt')).toBe(false);
});

test('an excluded folder excludes everything in it, so that it needn’t be walked', () => {
  const piece = fc.constantFrom('a', 'b', '*', '**', '?', '/', '[ab]', '[!a]');
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 2 });
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      pattern,
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.array(name, { minLength: 1 }),
      (one, folder, rest) => {
        fc.pre(/[^/]/.test(one));
        const { covers, excludesFolder } = readPatterns([], [one]);
        fc.pre(excludesFolder(`${folder.join('/')}/`));
        expect(covers([...folder, ...rest].join('/'))).toBe(false);
      },
    ),
  );
});

test('a name without wildcards matches itself at every depth, and nothing else', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[/*?[]/.test(text));
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(excludes(one, `x/${one}`)).toBe(true);
      expect(excludes(one, other)).toBe(one === other);
    }),
  );
});
