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
