import { expect, test } from 'vitest';
import { makeCrc64 } from '../../../../../main/crc64/crc64.ts';
import { DiskCheck } from '../../../../../renderer/pages/share/disk-check.ts';
import type { SharedFile } from '../../../../../renderer/pages/share/share-data.ts';

function shared(index: number, name: string, text: string, hasCrc64 = true): SharedFile {
  const crc64 = makeCrc64();
  crc64.update(Buffer.from(text));
  const sizeBytes = Buffer.byteLength(text);
  return { index, name, folder: '', sizeBytes, modifiedAt: null, crc64: hasCrc64 ? crc64.digest() : null };
}

const files = [
  shared(0, 'a.txt', 'one'),
  shared(1, 'b.txt', 'one'),
  shared(2, 'c.txt', 'two'),
  shared(3, 'd', '', false),
];
const verdict = (name: string, text: string) => new DiskCheck(files).check(new File([text], name));

test.each([
  ['under its name', 'a.txt', 'one', { kind: 'same', file: files[0] }],
  ['under the name of a file with the same bytes', 'b.txt', 'one', { kind: 'same', file: files[1] }],
  ['numbered by a browser', 'c (1).txt', 'two', { kind: 'same', file: files[2] }],
  ['under another name', 'renamed.bin', 'two', { kind: 'same', file: files[2] }],
  ['with other bytes', 'c.txt', 'twO', { kind: 'differs', file: files[2] }],
  ['cut short', 'c.txt', 'tw', { kind: 'differs', file: files[2] }],
  ['whose checksum is unknown', 'd', 'x', { kind: 'unchecked', file: files[3] }],
  ['of somebody else', 'other.txt', 'three', { kind: 'unknown' }],
])('a file on this device %s', async (_what, name, text, expected) => {
  expect(await verdict(name, text)).toEqual(expected);
});

test('a file that cannot be read any more is not checked', async () => {
  const gone = new File(['one'], 'a.txt');
  gone.stream = () => {
    throw new DOMException('gone', 'NotFoundError');
  };
  expect(await new DiskCheck(files).check(gone)).toEqual({ kind: 'unchecked', file: files[0] });
});
