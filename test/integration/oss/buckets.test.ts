import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../main/oss/connection.ts';
import { send } from '../../../main/oss/exchange/request.ts';
import { createBucket, deleteBucket, putBucketVersioning } from '../../../main/oss/operations/bucket-settings.ts';
import { getBucketInfo, getBucketVersioning } from '../../../main/oss/operations/buckets.ts';
import { uploadPartCopy } from '../../../main/oss/operations/copies.ts';
import { deleteObjects } from '../../../main/oss/operations/deletes.ts';
import { completeMultipartUpload, initiateMultipartUpload } from '../../../main/oss/operations/multipart.ts';
import { getObject, putObject } from '../../../main/oss/operations/objects.ts';
import { describeRegions } from '../../../main/oss/operations/regions.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

let run: PracticeRun;
let connection: Connection;

beforeAll(async () => {
  run = await startPracticeRun();
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
});
afterAll(() => run.close());

async function put(bucket: string, key: string, content: string): Promise<void> {
  await putObject(connection, { bucket, key, body: Buffer.from(content), sizeBytes: content.length });
}

test('OSS says which regions there are, also those that are newer than ours', async () => {
  const found = await describeRegions(connection);
  expect(found.find(({ id }) => id === 'cn-hangzhou')).toMatchObject({ en: 'China (Hangzhou)' });
  expect(found.find(({ id }) => id === 'cn-examplecity')).toMatchObject({ en: 'cn-examplecity' });
  expect(found.map(({ id }) => id)).not.toContain('cn-nanjing');
});

test('a bucket is created as it was asked for, and deleted', async () => {
  const bucket = 'created-here';
  await createBucket(connection, bucket, { storageClass: 'IA', acl: 'public-read' });
  expect(await getBucketInfo(connection, bucket)).toMatchObject({ storageClass: 'IA' });
  const { body } = await send(connection, { method: 'GET', bucket, params: { acl: null } });
  expect(await text(body)).toContain('<Grant>public-read</Grant>');
  await put(bucket, 'k', 'x');
  await expect(deleteBucket(connection, bucket)).rejects.toMatchObject({ failure: { code: 'BucketNotEmpty' } });
  await deleteObjects(connection, bucket, [{ key: 'k' }]);
  await deleteBucket(connection, bucket);
  await expect(getBucketInfo(connection, bucket)).rejects.toMatchObject({ failure: { code: 'NoSuchBucket' } });
});

test('versioning is turned on, and suspended', async () => {
  const bucket = 'versions-here';
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
  expect(await getBucketVersioning(connection, bucket)).toBe('never');
  await putBucketVersioning(connection, bucket, 'enabled');
  expect(await getBucketVersioning(connection, bucket)).toBe('enabled');
  await putBucketVersioning(connection, bucket, 'suspended');
  expect(await getBucketVersioning(connection, bucket)).toBe('suspended');
});

test('of an object with versions, the one that is named is copied or deleted', async () => {
  const bucket = 'waybill-versions';
  // No XML can name this key, so that each version is deleted by a request of its own.
  const key = 'control\u0001';
  for (const content of ['first', 'other']) await put(bucket, key, content);
  const { versions } = await listVersions(connection, bucket, { prefix: key });
  const [newest, first] = versions;
  if (newest === undefined || first === undefined) throw new Error('two versions were put');
  const upload = { bucket, key: 'assembled' };
  const uploadId = await initiateMultipartUpload(connection, upload);
  const source = { bucket, key, versionId: first.versionId };
  const copied = { ...upload, uploadId, partNumber: 1, source, start: 0, sizeBytes: 5 };
  const part = await uploadPartCopy(connection, copied);
  const parts = [{ partNumber: 1, etag: part.etag, crc64: part.crc64 ?? '', sizeBytes: 5 }];
  await completeMultipartUpload(connection, { ...upload, uploadId, parts });
  expect(await text((await getObject(connection, upload)).body)).toBe('first');

  expect(await deleteObjects(connection, bucket, [{ key, versionId: first.versionId }])).toEqual({
    failed: [],
    markers: [],
  });
  const { failed, markers } = await deleteObjects(connection, bucket, [{ key }]);
  expect(failed).toEqual([]);
  const left = (await listVersions(connection, bucket, { prefix: key })).versions;
  expect(left.map(({ versionId }) => versionId)).toEqual([markers[0]?.versionId, newest.versionId]);
  expect(markers).toEqual([{ key, versionId: left[0]?.versionId }]);
});
