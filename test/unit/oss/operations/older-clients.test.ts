import { afterEach, expect, test } from 'vitest';
import { listObjects } from '../../../../main/oss/operations/listing.ts';
import { getSymlink } from '../../../../main/oss/operations/symlinks.ts';
import { closeServers, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

const bucket = 'my-bucket';

test.each([
  ['docs%2Fa+b.txt', 'docs/a b.txt'],
  ['docs/a%20b.txt', 'docs/a b.txt'],
  ['1%2B1=2.txt', '1+1=2.txt'],
])('a symlink whose target was stored as %s leads to %s', async (stored, target) => {
  const connection = await makeServer((_request, response) => {
    response.setHeader('x-oss-symlink-target', stored);
    response.end();
  });
  expect((await getSymlink(connection, { bucket, key: 'link' })).target).toBe(target);
});

test('a continuation token that is percent-encoded is sent back as the token that it stands for', async () => {
  const urls: string[] = [];
  const connection = await makeServer(({ url = '' }, response) => {
    urls.push(url);
    const next = `<NextContinuationToken>Cg%3D%2B${urls.length}</NextContinuationToken>`;
    const key = `<Contents><Key>k${urls.length}</Key><Size>1</Size>
      <LastModified>2026-11-30T10:00:00.000Z</LastModified><StorageClass>Standard</StorageClass></Contents>`;
    const content = `<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>${next}${key}`;
    response.end(`<ListBucketResult>${content}</ListBucketResult>`);
  });
  const { nextPageToken } = await listObjects(connection, bucket);
  await listObjects(connection, bucket, { pageToken: nextPageToken ?? undefined });
  expect(new URL(urls[1] ?? '', 'http://h').searchParams.get('continuation-token')).toBe('Cg=+1');
});
