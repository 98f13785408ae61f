import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../main/local-files/byte-order.ts';
import { foldName, foldsNames, isExactName } from '../../../main/local-files/exact-name.ts';

test('texts compare as the bytes of their UTF-8 do', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', '-', '0', 'é', '\ue000', '\uffff', '🎉', '\u{10ffff}') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(compareBytes(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test.each([
  ['a', true, true],
  ['a:b', true, false],
  ['a\\b', true, false],
  ['con', true, false],
  ['nul.txt', true, false],
  ['ends.', true, false],
  ['..', false, false],
  ['.', false, false],
  ['', false, false],
  ['a/b', false, false],
  ['a\0b', false, false],
  ['\ud800', false, false],
  ['é'.repeat(128), false, false],
  ['a'.repeat(255), true, false],
])('%j can be a name: %s on Linux, %s on Windows', (name, onLinux, onWindows) => {
  expect(isExactName(name, 'linux')).toBe(onLinux);
  expect(isExactName(name, 'win32')).toBe(onWindows);
});

test('names fold as systems do to which case and form of characters mean nothing', () => {
  expect(foldName('É.TXT')).toBe(foldName('e\u0301.txt'));
  expect(foldName('a')).not.toBe(foldName('b'));
});

test('whether names fold is seen at the nearest folder that exists', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-names-'));
  const expected = process.platform === 'win32' || process.platform === 'darwin';
  expect(await foldsNames(join(folder, 'missing', 'below'))).toBe(expected);
  await rm(folder, { recursive: true });
});

test('where no name has letters the system decides', async () => {
  expect(await foldsNames('/', 'linux')).toBe(false);
  expect(await foldsNames('/', 'darwin')).toBe(true);
});
