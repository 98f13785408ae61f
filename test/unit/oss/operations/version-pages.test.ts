import { afterEach, expect, test } from 'vitest';
import { listMultipartUploads } from '../../../../main/oss/operations/multipart.ts';
import { listVersions } from '../../../../main/oss/operations/versions.ts';
import { closeServers, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

test('a page of versions has its folders, and both marks of the next page', async () => {
  const asked: string[] = [];
  const connection = await makeServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(`<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
      <NextKeyMarker>a%2Bb</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>
      <CommonPrefixes><Prefix>x%2F</Prefix></CommonPrefixes></ListVersionsResult>`);
  });
  const marks = { keyMarker: 'a b', versionIdMarker: 'v1', prefix: '', delimiter: '/', maxKeys: 7 };
  expect(await listVersions(connection, 'my-bucket', marks)).toEqual({
    versions: [],
    prefixes: ['x/'],
    nextKeyMarker: 'a+b',
    nextVersionIdMarker: 'v2',
    pagesOfKey: 0,
  });
  expect(Object.fromEntries(new URL(asked[0] ?? '', 'http://x').searchParams)).toEqual({
    ...{ versions: '', 'encoding-type': 'url', delimiter: '/', 'key-marker': 'a b' },
    ...{ 'version-id-marker': 'v1', 'max-keys': '7' },
  });
});

test('a page of uploads has both marks of the next page', async () => {
  const connection = await makeServer((_request, response) => {
    response.end(`<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
      <NextKeyMarker>a%2Bb</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker></ListMultipartUploadsResult>`);
  });
  expect(await listMultipartUploads(connection, 'my-bucket')).toMatchObject({
    uploads: [],
    nextKeyMarker: 'a+b',
    nextUploadIdMarker: 'u2',
  });
});
