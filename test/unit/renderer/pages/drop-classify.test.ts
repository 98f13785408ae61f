import { expect, test } from 'vitest';
import { classify } from '../../../../renderer/pages/drop/classify.ts';
import type { Reply } from '../../../../renderer/pages/drop/http.ts';
import { completionOf, parseParts, partCount } from '../../../../renderer/pages/drop/parts/part-list.ts';

function reply(status: number, code = '', rest = ''): Reply {
  const body = code === '' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code>${rest}</Error>`;
  return { status, body, sentBytes: 0, isResent: false, crc64: null, etag: null, ossRequestId: 'R1', date: null };
}

test.each([
  [reply(200), 'stored'],
  [reply(204), 'stored'],
  [reply(0), 'cut'],
  [reply(409, 'FileAlreadyExists'), 'exists'],
  [reply(404, 'NoSuchUpload'), 'gone'],
  [reply(500, 'InternalError'), 'busy'],
  [reply(503), 'busy'],
  [reply(429), 'busy'],
  [reply(400, 'RequestTimeout'), 'busy'],
  // Parts that couldn't be joined after the answer had begun.
  [reply(200, 'InternalError'), 'busy'],
  [reply(400, 'EntityTooLarge'), 'refused'],
  [reply(403, 'AccessDenied', '<Message>Invalid according to Policy: Policy Condition failed</Message>'), 'refused'],
])('%j is %s', (answer, is) => {
  expect(classify(answer).is).toBe(is);
});

test.each([
  [reply(403, 'AccessDenied', '<Message>Invalid according to Policy: Policy expired.</Message>'), 'expired'],
  [reply(403, 'AccessDenied', '<Message>Request has expired.</Message>'), 'expired'],
  [reply(403, 'SecurityTokenExpired'), 'expired'],
  [reply(403, 'AccessDenied', '<EC>0003-00000101</EC>'), 'revoked'],
  [reply(403, 'InvalidAccessKeyId'), 'refused'],
  [reply(403, 'SignatureDoesNotMatch'), 'refused'],
  [reply(404, 'NoSuchBucket'), 'refused'],
])('%j ends the page: %s', (answer, because) => {
  expect(classify(answer)).toMatchObject({ is: 'closed', closing: { because } });
});

test('parts are read with their checksums, and ETags without quotes', () => {
  const xml = `<ListPartsResult><Part><PartNumber>2</PartNumber><ETag>&quot;AB&quot;</ETag><Size>5</Size>
<HashCrc64ecma>18446744073709551615</HashCrc64ecma></Part><Part><PartNumber>10</PartNumber><ETag>"C"</ETag><Size>1</Size></Part></ListPartsResult>`;
  expect(parseParts(xml)).toEqual([
    { number: 2, sizeBytes: 5, etag: 'AB', crc64: '18446744073709551615' },
    { number: 10, sizeBytes: 1, etag: 'C', crc64: null },
  ]);
});

test('the list of parts is a body without a type, so that no Content-Type is sent', async () => {
  const body = completionOf([{ number: 1, etag: 'A' }]);
  expect(body.type).toBe('');
  expect(await body.text()).toBe(
    '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"A"</ETag></Part></CompleteMultipartUpload>',
  );
});

test.each([
  [0, 1],
  [16, 1],
  [17, 2],
])('%d bytes in parts of 16 are %d parts', (fileBytes, count) => {
  expect(partCount(fileBytes, 16)).toBe(count);
});
