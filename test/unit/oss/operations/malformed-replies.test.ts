import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../../../main/oss/connection.ts';
import { getObjectAcl } from '../../../../main/oss/operations/acl.ts';
import { getBucketInfo, listBuckets } from '../../../../main/oss/operations/buckets.ts';
import { listObjects } from '../../../../main/oss/operations/listing.ts';
import { deleteObjects } from '../../../../main/oss/operations/deletes.ts';
import {
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '../../../../main/oss/operations/multipart.ts';
import { getObject, headObject } from '../../../../main/oss/operations/objects.ts';
import { getSymlink } from '../../../../main/oss/operations/symlinks.ts';
import { listVersions } from '../../../../main/oss/operations/versions.ts';
import { getObjectTags } from '../../../../main/oss/operations/tags.ts';
import { closeServers, failureOf, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

const bucket = 'my-bucket';
const object = { bucket, key: 'k' };
const part = { ...object, uploadId: 'u', partNumber: 1, body: Buffer.from('x'), sizeBytes: 1 };
const entry = (fields: string): string =>
  `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents>${fields}</Contents></ListBucketResult>`;

const answers = (body: string) => (response: ServerResponse) => void response.end(body);

test.each<[string, (response: ServerResponse) => void, (from: Connection) => Promise<unknown>, number]>([
  ['an ACL that OSS does not have', answers(acl('public')), (from) => getObjectAcl(from, object), 200],
  ['no ACL', answers('<AccessControlPolicy/>'), (from) => getObjectAcl(from, object), 200],
  ['a bucket without information', answers('<BucketInfo/>'), (from) => getBucketInfo(from, bucket), 200],
  ['tags without a set', answers('<Tagging/>'), (from) => getObjectTags(from, object), 200],
  ['a symlink without a target', answers(''), (from) => getSymlink(from, object), 200],
  ['a part without an ETag', answers(''), (from) => uploadPart(from, part), 200],
  [
    'a part of an object without a range',
    (response) => void response.writeHead(206).end('x'),
    (from) => getObject(from, object, { range: { start: 0, end: 0 } }),
    206,
  ],
  [
    'a date that is none',
    answers(entry('<Key>k</Key><Size>1</Size><LastModified>yesterday</LastModified>')),
    (from) => listObjects(from, bucket),
    200,
  ],
  [
    'a size that is none',
    answers(entry('<Key>k</Key><Size>-1</Size><LastModified>2026-11-24T12:00:00.000Z</LastModified>')),
    (from) => listObjects(from, bucket),
    200,
  ],
  [
    'a key that is not encoded as announced',
    answers(entry('<Key>100%</Key><Size>1</Size><LastModified>2026-11-24T12:00:00.000Z</LastModified>')),
    (from) => listObjects(from, bucket),
    200,
  ],
  ['another document', answers('<ListBucketResult/>'), (from) => listBuckets(from), 200],
])('%s is malformed', async (_what, answer, ask, status) => {
  const connection = await makeServer((request, response) => {
    request.resume();
    answer(response);
  });
  expect(await failureOf(ask(connection))).toMatchObject({ kind: 'oss', code: 'MalformedReply', status });
});

function acl(grant: string): string {
  return `<AccessControlPolicy><AccessControlList><Grant>${grant}</Grant></AccessControlList></AccessControlPolicy>`;
}

test.each<[string, (from: Connection) => Promise<unknown>]>([
  ['ListBucketResult', (from) => listBuckets(from)],
  ['ListAllMyBucketsResult', (from) => listObjects(from, bucket)],
  ['ListPartsResult', (from) => listVersions(from, bucket)],
  ['ListVersionsResult', (from) => listParts(from, part)],
  ['ListBucketResult', (from) => listMultipartUploads(from, bucket)],
  ['CompleteMultipartUploadResult', (from) => initiateMultipartUpload(from, object)],
  ['Tagging', (from) => getObjectAcl(from, object)],
  ['AccessControlPolicy', (from) => getObjectTags(from, object)],
  ['Bucket', (from) => getBucketInfo(from, bucket)],
  ['ListBucketResult', (from) => deleteObjects(from, bucket, [{ key: 'k' }])],
])('%s in place of another document is malformed: %#', async (root, ask) => {
  const everything = `<IsTruncated>false</IsTruncated><UploadId>u</UploadId><TagSet/><Bucket><Name>b</Name></Bucket>
    <AccessControlList><Grant>private</Grant></AccessControlList><Buckets/><Deleted><Key>k</Key></Deleted>`;
  const connection = await makeServer((request, response) => {
    request.resume().on('end', () => response.end(`<${root}>${everything}</${root}>`));
  });
  expect(await failureOf(ask(connection))).toMatchObject({ kind: 'oss', code: 'MalformedReply', status: 200 });
});

test('keys that are encoded like a form are decoded like one', async () => {
  const connection = await makeServer((_request, response) => {
    const entries = ['a+b', 'a%2Bb', 'a%20b'].map(
      (key) =>
        `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-11-24T12:00:00.000Z</LastModified></Contents>`,
    );
    response.end(
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`,
    );
  });
  const { objects } = await listObjects(connection, bucket);
  expect(objects.map(({ key }) => key)).toEqual(['a b', 'a+b', 'a b']);
});

describe('an answer with nothing but a status', () => {
  test.each([
    [304, 'NotModified'],
    [404, 'NotFound'],
    [409, 'Http409'],
    [412, 'PreconditionFailed'],
    [416, 'InvalidRange'],
  ])('%i is called %s', async (status, code) => {
    const connection = await makeServer((_request, response) => void response.writeHead(status).end());
    expect(await failureOf(headObject(connection, object))).toMatchObject({ kind: 'oss', status, code });
  });

  test.each([
    ['a denial if OSS says it', { 'x-oss-request-id': '5C3D' }, 'denied-by-policy'],
    ['not of OSS without a request ID', {}, 'not-oss'],
  ])('403 is %s', async (_what, headers, cause) => {
    const connection = await makeServer((_request, response) => void response.writeHead(403, headers).end());
    expect(await failureOf(headObject(connection, object))).toMatchObject({ cause, code: 'Forbidden' });
  });
});
