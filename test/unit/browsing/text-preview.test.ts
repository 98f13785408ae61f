import { expect, test } from 'vitest';
import { previewKindOf } from '../../../main/browsing/preview-kind.ts';
import { decodeText } from '../../../main/browsing/text-preview.ts';

const poem = '床前明月光，疑是地上霜。举头望明月，低头思故乡。运单号码，收货地址，联系电话。';

test.each([
  ['UTF-8', Buffer.from(poem), 'utf-8', poem],
  ['GB18030', gb('床前明月光，疑是地上霜'), 'gb18030', '床前明月光，疑是地上霜'],
  ['UTF-16', Buffer.from(`\ufeff${poem}`, 'utf16le'), 'utf-16le', poem],
  ['nothing', Buffer.alloc(0), 'utf-8', ''],
  ['a short name in GB18030', gb('运单号码: 4711\r\n'), 'gb18030', '运单号码: 4711\r\n'],
  ['two characters in GB18030', gb('名称,1'), 'gb18030', '名称,1'],
  [
    'a table with one Chinese row',
    gb(`${'id,name,qty\n4711,crate,12\n'.repeat(200)}4712,木箱,3\n`),
    'gb18030',
    `${'id,name,qty\n4711,crate,12\n'.repeat(200)}4712,木箱,3\n`,
  ],
  [
    'French',
    Buffer.from('Le café est fermé, où êtes-vous allé? Déjà créée.', 'latin1'),
    'windows-1252',
    'Le café est fermé, où êtes-vous allé? Déjà créée.',
  ],
  [
    'German',
    Buffer.from('Größe und Gewicht für Händler: süß', 'latin1'),
    'windows-1252',
    'Größe und Gewicht für Händler: süß',
  ],
  ['one German word', Buffer.from('Größe', 'latin1'), 'windows-1252', 'Größe'],
  ['UTF-16 without a mark', Buffer.from('id,name\r\n1,crate\r\n', 'utf16le'), 'utf-16le', 'id,name\r\n1,crate\r\n'],
  ['big-endian UTF-16', Buffer.from('\ufeffid,名称\r\n', 'utf16le').swap16(), 'utf-16be', 'id,名称\r\n'],
])('%s is read as what it is', (_, bytes, encoding, text) => {
  expect(decodeText(bytes)).toEqual({ text, encoding });
});

test.each(['windows-1251', 'koi8-r', 'shift_jis', 'euc-jp', 'euc-kr', 'big5'] as const)(
  '%s is read as itself',
  (encoding) => {
    const text = {
      'windows-1251': 'Номер накладной, адрес получателя и его телефон.',
      'koi8-r': 'Номер накладной, адрес получателя и его телефон.',
      shift_jis: '運送状の番号、お届け先の住所と電話番号をご確認ください。',
      'euc-jp': '運送状の番号、お届け先の住所と電話番号をご確認ください。',
      'euc-kr': '운송장 번호, 받는 사람의 주소와 전화 번호를 확인해 주십시오.',
      big5: '運單號碼，收貨地址，聯絡電話。請在簽收之前檢查貨物是否完整。',
    }[encoding];
    expect(decodeText(encode(text, encoding))).toEqual({ text, encoding });
  },
);

test('a chosen encoding is used, whatever the bytes are', () => {
  expect(decodeText(Buffer.from('é', 'latin1'), 'windows-1252')).toEqual({ text: 'é', encoding: 'windows-1252' });
  expect(decodeText(Uint8Array.of(0, 1, 0xff), 'utf-8')).toEqual({ text: '\0\u0001\ufffd', encoding: 'utf-8' });
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

function gb(text: string): Buffer {
  return encode(text, 'gb18030');
}

/** The bytes of a text in an encoding of one or two bytes, which Node decodes and doesn't encode. */
function encode(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const codes = new Map<string, number[]>();
  for (let high = 0xfe; high >= 0; high -= 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  }
  for (let byte = 0; byte <= 0xff; byte += 1) codes.set(decoder.decode(Uint8Array.of(byte)), [byte]);
  return Buffer.from(Array.from(text).flatMap((character) => codes.get(character) ?? []));
}
