import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivedName } from '../../../../main/links/pages/arrived.ts';

test.each([
  ['Urlaub%202026/%C3%BCber.jpg', 'Urlaub 2026/über.jpg'],
  ['../../etc/passwd', '_/_/etc/passwd'],
  ['C:\\Windows\\system.ini', 'C_/Windows/system.ini'],
  ['a%2F..%2Fb', 'a/_/b'],
  ['photo%E2%80%AEgpj.exe', 'photo_gpj.exe'],
  ['CON', 'CON_'],
  ['100%', '100%'],
  ['%FF', '%FF'],
  ['', 'k.bin'],
  ['///', 'k.bin'],
  ['./.', 'k.bin'],
])('the sender’s name %j becomes %j', (sent, name) => {
  expect(arrivedName(sent, 'drop/1/k.bin')).toBe(name);
});

test('whatever is sent, the name is a relative path without a way up', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (sent) => {
      const parts = arrivedName(sent, 'drop/k').split('/');
      expect(parts.length).toBeLessThanOrEqual(32);
      for (const part of parts) {
        expect(part).not.toMatch(/^\.*$|[\\:*?"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(220);
      }
    }),
  );
});

test('without a name, the key gives it, cleaned as well', () => {
  expect(arrivedName(undefined, 'drop/1/a:b.txt')).toBe('a_b.txt');
  expect(arrivedName(undefined, 'drop/1/0mx3s2g5l-135qj3z024gy-a.txt')).toBe('a.txt');
});
