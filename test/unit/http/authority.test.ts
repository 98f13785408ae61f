import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLoopback, readAuthority } from '../../../main/http/authority.ts';
import { anyUnicode } from '../../support/any-unicode.ts';

test.each([
  ['host', { host: 'host', port: null }],
  ['A-b_c.Example.', { host: 'a-b_c.example', port: null }],
  ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
  ['[::1]:65535', { host: '[::1]', port: 65_535 }],
])('%s is an authority', (text, expected) => {
  expect(readAuthority(text)).toEqual(expected);
});

test.each([
  ...['', ':', ':80', 'host:', 'host:0', 'host:65536', 'host:1:2', 'a..b', '-a', 'a-', '.', 'user@host', 'a/b', 'a b'],
  ...['[::zz]', '[127.0.0.1]', '[::1', '::1', 'a%00', 'a\r\nb', 'x\u010d\u010aPOST', 'b\u00fccher', '\u4f8b.jp'],
  ...['a\u2028b', 'a\u202eb', 'a\ud800', `${'a'.repeat(64)}.b`, 'a.'.repeat(254)],
])('%j is none', (text) => {
  expect(readAuthority(text)).toBeNull();
});

test('no character but those of host names gets through, whatever it is cut to', () => {
  fc.assert(
    fc.property(anyUnicode, anyUnicode, (before, after) => {
      const read = readAuthority(`${before}.example${after}`);
      if (read !== null) expect(before + after).toMatch(/^[A-Za-z0-9_.:-]*$/);
    }),
  );
});

test.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '127.255.0.9:1', '[::1]', '[::1]:8080'])(
  '%s stays on this computer',
  (text) => {
    expect(isLoopback(text)).toBe(true);
  },
);

test.each([
  ...['127.0.0.1.evil.example', 'localhost.evil.example', '127.evil.example', '127.1', 'localhost@evil', '128.0.0.1'],
  ...['0.0.0.0', '[::2]', '[::1].evil.example', '10.0.0.1', '', 'a.localhost.example', '127.0.0.1:0'],
])('%j may be read on the way', (text) => {
  expect(isLoopback(text)).toBe(false);
});
