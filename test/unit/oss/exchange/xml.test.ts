import fc from 'fast-check';
import { expect, test } from 'vitest';
import { child, childrenOf, isXmlText, parseXml, textOf, writeXml } from '../../../../main/oss/exchange/xml.ts';

const malformed = expect.objectContaining({ name: 'XmlError' }) as Error;

test('a document becomes a tree, its texts exactly as sent', () => {
  const root = parseXml('<?xml version="1.0"?><A><B> x </B><B>&#x4F60;&amp;<![CDATA[<]]></B><C/></A>');
  expect(childrenOf(root, 'B').map(({ text }) => text)).toEqual([' x ', '你&<']);
  expect(child(root, 'C')?.children).toEqual([]);
  expect(textOf(root, 'D')).toBe('');
});

test.each([
  ['nothing', ''],
  ['a page of a proxy', '<html><body><br></body></html>'],
  ['JSON', '{"a":1}'],
  ['two roots', '<A/><B/>'],
  ['text after the end', '<A/>x'],
  ['a document type', '<!DOCTYPE A [<!ENTITY x "y">]><A>&x;</A>'],
  ['an unknown entity', '<A>&nbsp;</A>'],
  ['a bare ampersand', '<A>a & b</A>'],
])('%s is refused', (_what, document) => {
  expect(() => parseXml(document)).toThrow(malformed);
});

test('a document that was cut off anywhere is refused', () => {
  const document = '<?xml version="1.0"?><List><Key>a&amp;b</Key><IsTruncated>false</IsTruncated></List>';
  for (let length = 0; length < document.length; length += 1) {
    expect(() => parseXml(document.slice(0, length)), document.slice(0, length)).toThrow();
  }
});

test('64 levels are read, one more is refused', () => {
  const nested = (levels: number): string => '<A>'.repeat(levels) + '</A>'.repeat(levels);
  expect(parseXml(nested(64)).name).toBe('A');
  expect(() => parseXml(nested(65))).toThrow(malformed);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }).filter(isXmlText), (text) => {
      expect(textOf(parseXml(writeXml('Root', [['Key', text]])), 'Key')).toBe(text);
    }),
  );
});

test('a character that XML cannot hold is refused rather than lost', () => {
  expect(isXmlText('a\u0001')).toBe(false);
  expect(() => writeXml('Root', [['Key', 'a\u0001']])).toThrow();
});
