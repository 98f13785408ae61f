import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlainXml } from '../../../../main/oss/exchange/plain-xml.ts';
import { isXmlText, parseAnyXml, writeXml, type XmlContent } from '../../../../main/oss/exchange/xml.ts';

const page = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
  <Name>bench</Name>
  <EncodingType>url</EncodingType>
  <IsTruncated>true</IsTruncated>
  <NextContinuationToken>YS9i</NextContinuationToken>
  <Contents>
    <Key>a%2F%E4%BD%A0%26.txt</Key>
    <LastModified>2026-11-01T00:00:00.000Z</LastModified>
    <ETag>&quot;D41D8CD98F00B204E9800998ECF8427E&quot;</ETag>
    <Size>0</Size>
    <Owner><ID>1</ID><DisplayName>a &amp; b</DisplayName></Owner>
  </Contents>
  <Contents><Key>a%2Fb</Key><Size>7</Size><RestoreInfo>ongoing-request="true"</RestoreInfo></Contents>
  <CommonPrefixes><Prefix>a/b &lt;c&gt;/</Prefix></CommonPrefixes>
</ListBucketResult>
`;

/** The fast reader either agrees with the full parser, or leaves the document to it. */
function expectAgreement(document: string): void {
  const root = readPlainXml(document);
  if (root !== null) expect(root).toEqual(parseAnyXml(document));
}

const content: fc.Arbitrary<XmlContent> = fc.letrec<{ content: XmlContent }>((tie) => ({
  content: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }).filter(isXmlText),
    fc.array(fc.tuple(fc.constantFrom('Key', 'Size', 'Contents', 'K1'), tie('content')), { maxLength: 4 }),
  ),
})).content;

/** Text that breaks XML, or has a meaning in it that listings never use. */
const hostile = fc.oneof(
  fc.constantFrom('<', '>', '</', '/>', '&', ';', '&#13;', '&nbsp;', ']]>', '<![CDATA[x]]>', '<!--x-->', '<?x?>'),
  fc.constantFrom('<!DOCTYPE A>', '\r', '\0', '\u0085', '\u2028', '\ud800', '\ufeff', '\ufffe', '😀', ' a="b"', ' '),
  fc.constantFrom('<Key>', '</Key>', '<Contents>', '</Contents>', '</ListBucketResult>', '<A/>', '<key:a>', '"', ':'),
);

test('a page of a listing is read without the parser of all XML, and as that one reads it', () => {
  expect(readPlainXml(page)).toEqual(parseAnyXml(page));
});

test('a document that was written is read as the parser of all XML reads it', () => {
  fc.assert(
    fc.property(content, (written) => {
      const document = writeXml('Root', written);
      const root = readPlainXml(document);
      // Carriage returns and surrogate pairs are left to the full parser.
      if (/^[\t\n\u0020-\ud7ff]*$/.test(document) && !document.includes('&#13;')) expect(root).not.toBeNull();
      expectAgreement(document);
    }),
  );
});

test('a page that was cut off anywhere is no page', () => {
  const end = page.lastIndexOf('</ListBucketResult>') + '</ListBucketResult>'.length;
  for (let length = 0; length < end; length += 1) expect(readPlainXml(page.slice(0, length))).toBeNull();
});

test('whatever is put into a page or taken from it, both readers agree or the fast one gives it up', () => {
  const change = fc.record({
    at: fc.nat(page.length),
    removed: fc.nat(12),
    added: fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 3 })),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let document = page;
      for (const { at, removed, added } of changes) {
        document = document.slice(0, at) + added + document.slice(at + removed);
      }
      expectAgreement(document);
    }),
    { numRuns: 3000 },
  );
});

test('a document nested without end is given up', () => {
  expect(readPlainXml('<A>'.repeat(100_000))).toBeNull();
});
