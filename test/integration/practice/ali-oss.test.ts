import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testTls } from '../../support/tls/certificate.ts';
import { type Addressing, type Client, type TestServer, connect, send, start } from './client.ts';

const KEYS = [
  'plain.txt',
  'a b+c%d#e?f&g.txt',
  '引号"\'.txt',
  '🚢/é.txt',
  'a//b',
  'tab\there',
  'x&amp;<y>',
  '~!*()[]{}|^`\\.txt',
  'é.txt',
];

const combinations: (readonly [Addressing, 'V1' | 'V4'])[] = [
  ['path', 'V1'],
  ['path', 'V4'],
  ['sub-domain', 'V1'],
  ['sub-domain', 'V4'],
  ['custom domain', 'V1'],
  ['custom domain', 'V4'],
];

describe.each(combinations)('ali-oss by %s, signature %s', (addressing, version) => {
  const bucket = 'made-by-ali-oss';
  let server: TestServer;
  let client: Client;

  beforeAll(async () => {
    const secure = addressing === 'path' ? {} : { tls: testTls, customDomains: { 'files.example.com': bucket } };
    server = await start(secure);
    client = connect(server, { addressing, bucket, v4: version === 'V4' });
    await client.putBucket(bucket);
  });

  afterAll(() => server.stop());

  test.each(KEYS)('puts, heads, gets, lists and deletes %j', async (key) => {
    const content = randomBytes(2000);
    await client.put(key, content, {
      meta: { colour: 'blue', uid: 1, pid: 2 },
      headers: { 'Cache-Control': 'no-cache' },
    });
    const head = await client.head(key);
    expect(head.res.headers).toMatchObject({
      'content-length': '2000',
      'cache-control': 'no-cache',
      'x-oss-meta-colour': 'blue',
      'x-oss-object-type': 'Normal',
    });
    expect((await client.get(key)).content).toEqual(content);
    const listed = await client.listV2({ prefix: key, 'max-keys': '10' }, {});
    expect(listed.objects.map(({ name, size }) => [name, size])).toEqual([[key, 2000]]);
    const listedV1 = await client.list({ prefix: key, 'max-keys': 10 }, {});
    expect(listedV1.objects.map(({ name }) => name)).toEqual([key]);
    await client.delete(key);
    await expect(client.get(key)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
  });

  test.each(KEYS)('a URL that ali-oss signed opens %j', async (key) => {
    await client.put(key, Buffer.from(`content of ${key}`));
    const url =
      version === 'V4' ? await client.signatureUrlV4('GET', 60, {}, key) : client.signatureUrl(key, { expires: 60 });
    const answer = await send(url);
    expect([answer.status, answer.text]).toEqual([200, `content of ${key}`]);
    expect(
      (
        await send(
          url.replace(/(ignature=..)(.)/, (_, start: string, char: string) => start + (char === 'x' ? 'y' : 'x')),
        )
      ).status,
    ).toBe(403);
    expect((await send(url, { method: 'DELETE' })).status).toBe(403);
  });

  test('uploads in parts, from a file', async () => {
    const content = randomBytes(1024 * 1024 + 17);
    const file = join(server.dataDir, 'upload.bin');
    await writeFile(file, content);
    await client.multipartUpload('big/上传.bin', file, { partSize: 200 * 1024, parallel: 3 });
    const got = await client.get('big/上传.bin');
    expect(content.equals(got.content as Buffer)).toBe(true);
    expect(got.res.headers).toMatchObject({ 'x-oss-object-type': 'Multipart' });
  });

  test('a multipart upload can be listed, continued and given up', async () => {
    const { uploadId } = await client.initMultipartUpload('parts.bin');
    const file = join(server.dataDir, 'part.bin');
    await writeFile(file, randomBytes(150_000));
    await client.uploadPart('parts.bin', uploadId, 1, file, 0, 120_000);
    await client.uploadPart('parts.bin', uploadId, 2, file, 120_000, 150_000);
    const { parts } = await client.listParts('parts.bin', uploadId);
    expect(parts).toMatchObject([
      { PartNumber: '1', Size: '120000' },
      { PartNumber: '2', Size: '30000' },
    ]);
    const { uploads } = await client.listUploads({ 'max-uploads': 10 }, {});
    expect(uploads.map(({ name }: { name: string }) => name)).toContain('parts.bin');
    await client.abortMultipartUpload('parts.bin', uploadId);
    await expect(client.listParts('parts.bin', uploadId)).rejects.toMatchObject({ code: 'NoSuchUpload' });
  });

  test('copies with and without new metadata', async () => {
    await client.put('source &.txt', Buffer.from('copy me'), { meta: { uid: 1, pid: 1, colour: 'red' } });
    await client.copy('copy.txt', 'source &.txt');
    expect((await client.head('copy.txt')).meta).toMatchObject({ colour: 'red' });
    await client.copy('copy.txt', 'source &.txt', { meta: { uid: 1, pid: 1, colour: 'green' } });
    expect((await client.head('copy.txt')).meta).toMatchObject({ colour: 'green' });
    expect((await client.get('copy.txt')).content).toEqual(Buffer.from('copy me'));
  });

  test('deletes many at once', async () => {
    const keys = ['m/1 &.txt', 'm/2<.txt', 'm/三.txt'];
    for (const key of keys) await client.put(key, Buffer.from('x'));
    const { deleted } = await client.deleteMulti(keys, {});
    expect((deleted as unknown as { Key: string }[]).map(({ Key }) => Key)).toEqual(keys);
    for (const key of keys) await client.put(key, Buffer.from('x'));
    const quiet = await client.deleteMulti(keys, { quiet: true });
    expect(quiet.deleted).toEqual([]);
    expect((await client.listV2({ prefix: 'm/' }, {})).keyCount).toBe(0);
  });

  test('reads and writes ACLs, tags and bucket facts', async () => {
    await client.put('facts.txt', Buffer.from('x'));
    await client.putACL('facts.txt', 'public-read');
    expect((await client.getACL('facts.txt')).acl).toBe('public-read');
    await client.putObjectTagging('facts.txt', { colour: 'blue' });
    expect((await client.getObjectTagging('facts.txt')).tag).toEqual({ colour: 'blue' });
    await client.deleteObjectTagging('facts.txt');
    expect((await client.getObjectTagging('facts.txt')).tag).toEqual({});
    expect((await client.getObjectMeta('facts.txt')).res.headers).toMatchObject({ 'content-length': '1' });
    expect((await client.getBucketInfo(bucket)).bucket).toMatchObject({ Name: bucket, Location: 'oss-cn-hangzhou' });
    expect((await client.getBucketLocation(bucket)).location).toBe('oss-cn-hangzhou');
    expect((await client.getBucketACL(bucket)).acl).toBe('private');
  });

  test('keeps versions, finds them again, and deletes for good', async () => {
    await client.putBucketVersioning(bucket, 'Enabled');
    const first = await client.put('v.txt', Buffer.from('one'));
    const second = await client.put('v.txt', Buffer.from('two'));
    const firstId = (first.res.headers as Record<string, string>)['x-oss-version-id'] ?? '';
    const secondId = (second.res.headers as Record<string, string>)['x-oss-version-id'] ?? '';
    await client.delete('v.txt');
    const listed = await client.getBucketVersions({ prefix: 'v.txt', 'max-keys': 10 });
    expect(listed.objects.map(({ versionId, isLatest }) => [versionId, isLatest])).toEqual([
      [secondId, false],
      [firstId, false],
    ]);
    expect(listed.deleteMarker).toHaveLength(1);
    await expect(client.get('v.txt')).rejects.toMatchObject({ code: 'NoSuchKey' });
    const old = await client.get('v.txt', { versionId: firstId });
    expect(old.content).toEqual(Buffer.from('one'));
    await client.delete('v.txt', { versionId: listed.deleteMarker[0]?.versionId } as object);
    expect((await client.get('v.txt')).content).toEqual(Buffer.from('two'));
    await client.putBucketVersioning(bucket, 'Suspended');
    expect((await client.getBucketVersioning(bucket)).versionStatus).toBe('Suspended');
  });
});

test.each([true, false])('ali-oss lists the sample buckets (V4: %s)', async (v4) => {
  const server = await start();
  const { buckets } = await connect(server, { v4 }).listBuckets({});
  expect(buckets.map(({ name }) => name)).toEqual(['waybill-inbox', 'waybill-samples', 'waybill-versions']);
  await server.stop();
});
