import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../../../main/oss/connection.ts';
import { listBuckets } from '../../../../main/oss/operations/buckets.ts';
import { listObjects } from '../../../../main/oss/operations/listing.ts';
import { listMultipartUploads, listParts } from '../../../../main/oss/operations/multipart.ts';
import { listVersions } from '../../../../main/oss/operations/versions.ts';
import { closeServers, failureOf, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

const bucket = 'my-bucket';
const lists: readonly (readonly [root: string, marker: string, list: (from: Connection) => Promise<object>])[] = [
  ['ListBucketResult', 'NextContinuationToken', (from) => listObjects(from, bucket)],
  ['ListVersionsResult', 'NextKeyMarker', (from) => listVersions(from, bucket)],
  ['ListMultipartUploadsResult', 'NextKeyMarker', (from) => listMultipartUploads(from, bucket)],
  ['ListPartsResult', 'NextPartNumberMarker', (from) => listParts(from, { bucket, key: 'k', uploadId: 'u' })],
  ['ListAllMyBucketsResult', 'NextMarker', (from) => listBuckets(from)],
];

const cases = lists.flatMap(([root, marker, list]) => [
  { root, next: '', list },
  { root, next: `<${marker}></${marker}>`, list },
]);

// Taken for the last page, what is left out would be missed by a copy or a deletion; asked again, it would be endless.
test.each(cases)('$root that goes on, but tells no place ("$next"), is malformed', async ({ root, next, list }) => {
  const connection = await makeServer((_request, response) => {
    response.end(`<${root}><IsTruncated>true</IsTruncated>${next}</${root}>`);
  });
  expect(await failureOf(list(connection))).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
});

test.each(lists)('%s that does not say whether it goes on is malformed, but for buckets', async (root, _, list) => {
  const connection = await makeServer((_request, response) => {
    response.end(`<${root}></${root}>`);
  });
  const ended = list(connection).then(() => 'the last page');
  if (root === 'ListAllMyBucketsResult') expect(await ended).toBe('the last page');
  else expect(await failureOf(ended)).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
});

const page = (root: string, fields: Readonly<Record<string, string>>): string =>
  `<${root}><IsTruncated>true</IsTruncated>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</${root}>`;
const upload = { bucket, key: 'k', uploadId: 'u' };

test.each<[string, string, (from: Connection) => Promise<object>]>([
  [
    'objects',
    page('ListBucketResult', { NextContinuationToken: 'same' }),
    (from) => listObjects(from, bucket, { pageToken: 'same' }),
  ],
  [
    'versions of the same key',
    page('ListVersionsResult', { NextKeyMarker: 'b', NextVersionIdMarker: 'v1' }),
    (from) => listVersions(from, bucket, { keyMarker: 'b', versionIdMarker: 'v1' }),
  ],
  [
    'versions of an earlier key',
    page('ListVersionsResult', { NextKeyMarker: 'a', NextVersionIdMarker: 'v2' }),
    (from) => listVersions(from, bucket, { keyMarker: 'b', versionIdMarker: 'v1' }),
  ],
  [
    'incomplete uploads',
    page('ListMultipartUploadsResult', { NextKeyMarker: 'b', NextUploadIdMarker: 'u1' }),
    (from) => listMultipartUploads(from, bucket, { keyMarker: 'b', uploadIdMarker: 'u1' }),
  ],
  [
    'parts',
    page('ListPartsResult', { NextPartNumberMarker: '7' }),
    (from) => listParts(from, upload, { partNumberMarker: 7 }),
  ],
  ['buckets', page('ListAllMyBucketsResult', { NextMarker: 'a' }), (from) => listBuckets(from, { marker: 'b' })],
])('a list of %s that does not advance is malformed', async (_what, document, list) => {
  const connection = await makeServer((_request, response) => response.end(document));
  expect(await failureOf(list(connection))).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
});

test.each<[string, string, (from: Connection) => Promise<object>]>([
  [
    'another version of the key',
    page('ListVersionsResult', { NextKeyMarker: 'b', NextVersionIdMarker: 'v2' }),
    (from) => listVersions(from, bucket, { keyMarker: 'b', versionIdMarker: 'v1' }),
  ],
  [
    // U+FF21 is three bytes of UTF-8 from EF on, U+10000 four from F0 on; UTF-16 has them the other way round.
    'a key in the order of bytes',
    page('ListVersionsResult', { NextKeyMarker: '\u{10000}' }),
    (from) => listVersions(from, bucket, { keyMarker: '\uff21' }),
  ],
  [
    'part 10 after part 9',
    page('ListPartsResult', { NextPartNumberMarker: '10' }),
    (from) => listParts(from, upload, { partNumberMarker: 9 }),
  ],
])('a list goes on with %s', async (_what, document, list) => {
  const connection = await makeServer((_request, response) => response.end(document));
  await expect(list(connection)).resolves.toBeTypeOf('object');
});

test.each([
  ['one again and again', [3, 3], undefined, null],
  ['one before another', [4, 3], undefined, null],
  ['one from before the page', [7], 7, null],
  ['one that the next page lists, too', [8, 9], 7, 8],
  ['one above 10,000', [10_001], undefined, null],
  ['one of no number', [0], undefined, null],
])('a list of parts that names %s is malformed', async (_what, numbers, partNumberMarker, next) => {
  const parts = numbers.map(
    (number) =>
      `<Part><PartNumber>${String(number)}</PartNumber><ETag>"e"</ETag><Size>1</Size><LastModified>2026-11-30T12:00:00.000Z</LastModified></Part>`,
  );
  const end = next === null ? '' : `<NextPartNumberMarker>${String(next)}</NextPartNumberMarker>`;
  const connection = await makeServer((_request, response) => {
    response.end(
      `<ListPartsResult><IsTruncated>${String(next !== null)}</IsTruncated>${end}${parts.join('')}</ListPartsResult>`,
    );
  });
  const failure = await failureOf(listParts(connection, upload, { partNumberMarker }));
  expect(failure).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
});
