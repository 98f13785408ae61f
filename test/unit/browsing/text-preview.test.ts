import { expect, test } from 'vitest';
import { previewKindOf } from '../../../main/browsing/preview-kind.ts';
import { decodeText } from '../../../main/browsing/text-preview.ts';

const poem = '床前明月光，疑是地上霜。举头望明月，低头思故乡。运单号码，收货地址，联系电话。';

test.each([
  ['UTF-8', Buffer.from(poem), 'utf-8', poem],
  ['GB18030', gb('床前明月光，疑是地上霜'), 'gb18030', '床前明月光，疑是地上霜'],
  ['UTF-16', Buffer.from(`\ufeff${poem}`, 'utf16le'), 'utf-16le', poem],
  ['nothing', Buffer.alloc(0), 'utf-8', ''],
])('%s is read as what it is', (_, bytes, encoding, text) => {
  expect(decodeText(bytes)).toEqual({ text, encoding });
});

test('a character that is cut off at the end is left out', () => {
  expect(decodeText(Buffer.from(poem).subarray(0, 7))?.text).toBe('床前');
});

test.each([
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000001000000010008060000005c72a866', 'hex')],
  ['zeros', Buffer.alloc(2000)],
])('%s is no text', (_, bytes) => {
  expect(decodeText(bytes)).toBeNull();
});

test.each([
  ['page.html', 'text/html', 'text', 'text/plain'],
  ['page', 'text/html', 'text', 'text/plain'],
  ['drawing.svg', 'text/html', 'image', 'image/svg+xml'],
  ['photo.JPG', '', 'image', 'image/jpeg'],
  ['photo', 'image/png; charset=x', 'image', 'image/png'],
  ['photo', 'image/evil', 'text', 'text/plain'],
  ['film.mp4', 'application/octet-stream', 'video', 'video/mp4'],
  ['bill.pdf', '', 'pdf', 'application/pdf'],
])('%s, said to be %o, is looked at as %s', (key, contentType, kind, ours) => {
  expect(previewKindOf(key, { contentType })).toEqual({ kind, contentType: ours });
});

/** The bytes of a text in GB18030, which Node decodes and does not encode. */
function gb(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, number[]>();
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  }
  return Buffer.from(Array.from(text).flatMap((character) => codes.get(character) ?? []));
}
