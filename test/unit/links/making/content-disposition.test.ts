import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentDisposition, fileNameOf, lastSegment } from '../../../../main/links/making/content-disposition.ts';

describe('Content-Disposition of a share link', () => {
  test('nothing asked for leaves the object its own headers', () => {
    expect(contentDisposition(null, null, 'a/b.txt')).toBeNull();
  });

  test('download takes the name of the key, preview is inline', () => {
    expect(contentDisposition('download', null, 'a/b.txt')).toBe('attachment; filename="b.txt"');
    expect(contentDisposition('preview', null, 'a/b.txt')).toBe('inline; filename="b.txt"');
  });

  test('a name alone means download', () => {
    expect(contentDisposition(null, 'c.txt', 'a/b.txt')).toBe('attachment; filename="c.txt"');
  });

  test('a key without a name has none', () => {
    expect(contentDisposition('download', null, '///')).toBe('attachment');
    expect(contentDisposition('preview', null, '/')).toBe('inline');
  });

  test('a Chinese name is sent twice: for old clients and in full', () => {
    expect(contentDisposition('download', '报告.pdf', 'x')).toBe(
      'attachment; filename="__.pdf"; filename*=UTF-8\'\'%E6%8A%A5%E5%91%8A.pdf',
    );
  });

  test('a name cannot end the quotes or start another header', () => {
    const value = contentDisposition('download', 'a";\r\nSet-Cookie: x\\', 'k') ?? '';
    expect(value).not.toMatch(/[\r\n\\]/);
    expect(value.match(/"/g)).toHaveLength(2);
  });

  test('every name comes back as it was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(!/[\p{Cc}\p{Surrogate}]/u.test(name));
        const value = contentDisposition('download', name, 'k') ?? '';
        expect(value).toMatch(/^[\x20-\x7e]+$/);
        expect(fileNameOf(value)).toBe(name);
      }),
    );
  });
});

describe('the file name of a received Content-Disposition', () => {
  test.each([
    ['attachment; filename=plain.txt', 'plain.txt'],
    ['attachment; filename="a \\"b\\".txt"', 'a "b".txt'],
    ['attachment; filename="_.txt"; filename*=UTF-8\'\'%E4%BD%A0.txt', '你.txt'],
    ['attachment; filename="_.txt"; filename*=utf-8\'zh\'%E4%BD%A0.txt', '你.txt'],
    ['attachment; filename*=UTF-8\'\'%ZZ; filename="x"', 'x'],
    ['inline', null],
    ['', null],
  ])('%s', (value, name) => {
    expect(fileNameOf(value)).toBe(name);
  });

  test('the last part of a key that has a name', () => {
    expect(lastSegment('a/b/c.txt')).toBe('c.txt');
    expect(lastSegment('a/folder/')).toBe('folder');
    expect(lastSegment('///')).toBe('');
  });
});
