import { randomBytes } from 'node:crypto';
import { appendFile, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

let server: TestServer;
let again: PracticeServer | null = null;

beforeEach(async () => {
  server = await start();
});

afterEach(async () => {
  await again?.close();
  again = null;
  await server.stop();
});

async function restart(): Promise<PracticeServer> {
  await server.close();
  again = await startPractice({ dataDir: server.dataDir });
  return again;
}

async function blobCount(): Promise<number> {
  const files = await readdir(join(server.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).length;
}

function factsOf({ objects, deleteMarker }: Awaited<ReturnType<Client['getBucketVersions']>>): unknown[] {
  return [...objects, ...deleteMarker].map(({ name, versionId, isLatest }) => [name, versionId, isLatest]);
}

test('samples are there at first: files, versions, a deleted object, an empty bucket', async () => {
  const samples = await connect(server, { bucket: 'waybill-samples' }).listV2({}, {});
  expect(samples.objects.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Welcome to Waybill.txt', '欢迎使用 Waybill.txt', 'pictures/harbour.png']),
  );
  const versions = await connect(server, { bucket: 'waybill-versions' }).getBucketVersions({});
  expect(versions.objects.filter(({ name }) => name === 'price-list.csv')).toHaveLength(3);
  expect(versions.deleteMarker).toMatchObject([{ name: 'old-terms.txt' }]);
  expect((await connect(server, { bucket: 'waybill-inbox' }).listV2({}, {})).keyCount).toBe(0);
  expect((await connect(server, { bucket: 'waybill-samples' }).get('pictures/harbour.png')).res.headers).toMatchObject({
    'content-type': 'image/png',
  });
});

test('the account key is kept from others and stays the same', async () => {
  const { mode } = await stat(join(server.dataDir, 'account.json'));
  expect(mode & 0o777).toBe(0o600);
  const next = await restart();
  expect([next.accessKeyId, next.accessKeySecret]).toEqual([server.accessKeyId, server.accessKeySecret]);
});

test('objects, versions, settings and unfinished uploads survive a restart; samples do not come back', async () => {
  const before = connect(server, { bucket: 'waybill-versions' });
  const content = randomBytes(120_000);
  await before.put('kept', Buffer.from('one'));
  await before.put('kept', content, { meta: { uid: 1, pid: 1, colour: 'blue' } });
  await before.delete('price-list.csv');
  const inbox = connect(server, { bucket: 'waybill-inbox' });
  const { uploadId } = await inbox.initMultipartUpload('half');
  const url = await inbox.signatureUrlV4('PUT', 60, { queries: { partNumber: 1, uploadId } }, 'half');
  await send(url, { method: 'PUT', body: content });
  await connect(server, { bucket: 'waybill-samples' }).delete('Welcome to Waybill.txt');
  const versions = factsOf(await before.getBucketVersions({}));

  const next = await restart();
  const after = connect(next, { bucket: 'waybill-versions' });
  expect(content.equals((await after.get('kept')).content as Buffer)).toBe(true);
  expect((await after.head('kept')).meta).toMatchObject({ colour: 'blue' });
  expect(factsOf(await after.getBucketVersions({}))).toEqual(versions);
  const { parts } = await connect(next, { bucket: 'waybill-inbox' }).listParts('half', uploadId);
  expect(parts).toMatchObject({ PartNumber: '1', Size: '120000' });
  await expect(connect(next, { bucket: 'waybill-samples' }).head('Welcome to Waybill.txt')).rejects.toMatchObject({
    status: 404,
  });
});

test.each(['', '{}', '{"accessKeyId":"PRACTICE0011223344556677"}', '\0\0\0\0'])(
  'an account file with %j is kept aside and told, and a new key takes its place',
  async (text) => {
    await server.close();
    const path = join(server.dataDir, 'account.json');
    await writeFile(path, text);
    again = await startPractice({ dataDir: server.dataDir });
    expect(again.troubles).toMatchObject([{ kind: 'damaged', path }]);
    expect(again.accessKeySecret).toMatch(/^[\w-]{32}$/);
    const { accessKeySecret } = again;
    await again.close();
    again = await startPractice({ dataDir: server.dataDir });
    expect([again.accessKeySecret, again.troubles]).toEqual([accessKeySecret, []]);
  },
);

test('a damaged list of buckets is told, and the buckets are found again with their objects', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  await client.put('kept', Buffer.from('x'));
  await server.close();
  const path = join(server.dataDir, 'buckets.json');
  await writeFile(path, '[{"name":"../../..","region":');
  again = await startPractice({ dataDir: server.dataDir });
  expect(again.troubles).toMatchObject([{ kind: 'damaged', path }]);
  const after = connect(again, { bucket: 'waybill-inbox' });
  expect((await after.get('kept')).content).toEqual(Buffer.from('x'));
  const versions = await connect(again, { bucket: 'waybill-versions' }).getBucketVersioning('waybill-versions');
  expect(versions.versionStatus).toBe('Enabled');
  expect((await after.listBuckets({})).buckets.map(({ name }) => name)).toContain('waybill-samples');
});

test('a damaged line of a bucket costs its object alone, and is told', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  for (const key of ['first', 'second', 'third']) await client.put(key, Buffer.from(key));
  await server.close();
  const path = join(server.dataDir, 'buckets', 'waybill-inbox', 'objects.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.map((line) => (line.includes('"second"') ? line.slice(9) : line)).join('\n'));
  again = await startPractice({ dataDir: server.dataDir });
  expect(again.troubles).toMatchObject([{ kind: 'damaged', path }]);
  const { objects } = await connect(again, { bucket: 'waybill-inbox' }).listV2({}, {});
  expect(objects.map(({ name }) => name)).toEqual(['first', 'third']);
});

test('a journal torn by a crash loses its last line only', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  await client.put('whole', Buffer.from('x'));
  await server.close();
  await appendFile(join(server.dataDir, 'buckets', 'waybill-inbox', 'objects.jsonl'), '{"op":"put","version":{"ke');
  again = await startPractice({ dataDir: server.dataDir });
  const after = connect(again, { bucket: 'waybill-inbox' });
  await after.put('next', Buffer.from('y'));
  expect((await after.listV2({}, {})).objects.map(({ name }) => name)).toEqual(['next', 'whole']);
});

test('a crash between an object and the end of its upload takes nothing from the object', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  const { uploadId } = await client.initMultipartUpload('done');
  const partUrl = await client.signatureUrlV4('PUT', 60, { queries: { partNumber: 1, uploadId } }, 'done');
  await send(partUrl, { method: 'PUT', body: 'part' });
  const path = join(server.dataDir, 'buckets', 'waybill-inbox', 'uploads.jsonl');
  const unfinished = await readFile(path);
  const headers = { 'x-oss-complete-all': 'yes' };
  const completeUrl = await client.signatureUrlV4('POST', 60, { headers, queries: { uploadId } }, 'done');
  expect((await send(completeUrl, { method: 'POST', headers, body: '' })).status).toBe(200);
  await server.close();
  await writeFile(path, unfinished);
  again = await startPractice({ dataDir: server.dataDir });
  const after = connect(again, { bucket: 'waybill-inbox' });
  await expect(after.abortMultipartUpload('done', uploadId)).rejects.toMatchObject({ code: 'NoSuchUpload' });
  expect((await after.get('done')).content).toEqual(Buffer.from('part'));
});

test('replaced, deleted and abandoned bytes leave the disk', async () => {
  const atFirst = await blobCount();
  const client = connect(server, { bucket: 'waybill-inbox' });
  for (let at = 0; at < 5; at += 1) await client.put('again', randomBytes(100));
  expect(await blobCount()).toBe(atFirst + 1);
  await client.putACL('again', 'private');
  expect((await client.get('again')).res.status).toBe(200);
  const { uploadId } = await client.initMultipartUpload('given-up');
  for (const partNumber of [1, 1, 2]) {
    const url = await client.signatureUrlV4('PUT', 60, { queries: { partNumber, uploadId } }, 'given-up');
    await send(url, { method: 'PUT', body: 'part' });
  }
  expect(await blobCount()).toBe(atFirst + 3);
  await client.abortMultipartUpload('given-up', uploadId);
  await client.delete('again');
  expect(await blobCount()).toBe(atFirst);
});

test('a download goes on while its object is replaced', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  const first = randomBytes(3_000_000);
  await client.put('busy', first);
  server.faults.add({
    match: { operation: 'GetObject' },
    effect: { kind: 'slow', bytesPerSecond: 6_000_000 },
    times: 1,
  });
  const running = client.get('busy');
  await client.put('busy', Buffer.from('second'));
  expect(first.equals((await running).content as Buffer)).toBe(true);
  expect((await client.get('busy')).content).toEqual(Buffer.from('second'));
});

test('only what is new is written: one more line for one more object', async () => {
  const client = connect(server, { bucket: 'waybill-inbox' });
  const path = join(server.dataDir, 'buckets', 'waybill-inbox', 'objects.jsonl');
  await client.put('a', Buffer.from('x'));
  const before = await readFile(path, 'utf8');
  await client.put('b', Buffer.from('x'));
  const after = await readFile(path, 'utf8');
  expect(after.startsWith(before)).toBe(true);
  expect(after.slice(before.length).split('\n')).toHaveLength(2);
});

test('a port can be chosen, and one that is taken is an error', async () => {
  const port = Number(server.stsEndpoint.split(':')[1]);
  await expect(startPractice({ dataDir: join(server.dataDir, 'other'), port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await server.close();
  again = await startPractice({ dataDir: server.dataDir, port });
  expect(again.endpoint).toBe(server.endpoint);
  expect(xmlText((await send(`${again.endpoint}/`)).text, 'Code')).toBe('AccessDenied');
});

test('the rules of a bucket survive a restart: policy, CORS, referers, Block Public Access, direct reads', async () => {
  const bucket = 'waybill-inbox';
  const before = connect(server, { bucket });
  const statement = { Effect: 'Deny', Action: 'oss:GetObject', Principal: ['*'], Resource: 'acs:oss:*:*:x/*' };
  const rules = {
    policy: JSON.stringify({ Version: '1', Statement: [statement] }),
    cors: '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    referer: '<RefererConfiguration><AllowEmptyReferer>false</AllowEmptyReferer><RefererList/></RefererConfiguration>',
    publicAccessBlock:
      '<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>',
    bucketArchiveDirectRead: '<ArchiveDirectReadConfiguration><Enabled>true</Enabled></ArchiveDirectReadConfiguration>',
  };
  for (const [sub, body] of Object.entries(rules)) {
    const url = await before.signatureUrlV4('PUT', 60, { queries: { [sub]: null } });
    expect((await send(url, { method: 'PUT', body })).status).toBe(200);
  }
  const after = connect(await restart(), { bucket });
  const kept: Record<string, string> = {};
  for (const sub of Object.keys(rules)) {
    kept[sub] = (await send(await after.signatureUrlV4('GET', 60, { queries: { [sub]: null } }))).text;
  }
  expect(kept).toEqual({
    policy: rules.policy,
    cors: expect.stringContaining('<AllowedOrigin>*</AllowedOrigin>') as string,
    referer: expect.stringContaining('<AllowEmptyReferer>false</AllowEmptyReferer>') as string,
    publicAccessBlock: expect.stringContaining('<BlockPublicAccess>true</BlockPublicAccess>') as string,
    bucketArchiveDirectRead: expect.stringContaining('<Enabled>true</Enabled>') as string,
  });
});
