import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isXmlText, parseXml, writeXml } from '../../main/oss/exchange/xml.ts';
import { anyText, fuzz, mangled } from './runs.ts';

const listing = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b</Name><Prefix></Prefix><MaxKeys>100</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b &#13;</Key><Size>5</Size><ETag>"5B3C1A2E"</ETag></Contents></ListBucketResult>`;

test('any text is one whole document or an error, never half of one', async () => {
  await fuzz(
    'XML',
    fc.property(fc.oneof(anyText, mangled(fc.constant(listing))), (text) => {
      let root;
      try {
        root = parseXml(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        return;
      }
      expect(root.name).not.toBe('');
    }),
    { among: 3 },
  );
});

test('a document that was cut off anywhere is an error', async () => {
  await fuzz(
    'XML',
    fc.property(fc.nat(listing.length - 1), (length) => {
      expect(() => parseXml(listing.slice(0, length))).toThrow();
    }),
    { among: 3 },
  );
});

test('what was written is read back exactly', async () => {
  await fuzz(
    'XML',
    fc.property(anyText.filter(isXmlText), (text) => {
      expect(parseXml(writeXml('Key', text)).text).toBe(text);
    }),
    { among: 3 },
  );
});
