import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Preview, Previews } from '../../../main/browsing/previews.ts';
import { measurePrefix, searchKeys } from '../../../main/browsing/scan.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Client, connect, start, type TestServer } from '../practice/client.ts';

const bucket = 'waybill-inbox';
const dispatcher = makeDispatcher();
let server: TestServer;
let client: Client;
let connection: Connection;

beforeAll(async () => {
  server = await start();
  client = connect(server, { bucket });
  const { accessKeyId, accessKeySecret } = server;
  connection = {
    endpoint: parseEndpoint(server.endpoint),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
  };
});

afterAll(async () => {
  await dispatcher.close();
  await server.stop();
});

const makePreviews = () => new Previews((_account, _bucket, operation) => operation(connection));

async function look(key: string, bytes: Buffer, contentType = ''): Promise<{ previews: Previews; preview: Preview }> {
  await client.put(key, bytes, contentType === '' ? {} : { mime: contentType });
  const previews = makePreviews();
  return { previews, preview: await previews.open('a', { bucket, key }) };
}

async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a preview', () => {
  test('of a text is the text, with what it is written in', async () => {
    const { preview } = await look('note.txt', Buffer.from('运单'));
    expect(preview).toEqual({ kind: 'text', text: '运单', encoding: 'utf-8', cut: null });
  });

  test('of an empty object is an empty text', async () => {
    const { preview } = await look('empty', Buffer.alloc(0));
    expect(preview).toMatchObject({ kind: 'text', text: '' });
  });

  test('of a long text is its beginning, and says so', async () => {
    const { preview } = await look('long.log', Buffer.alloc(300_000, 'a line\n'));
    expect(preview).toMatchObject({ kind: 'text', cut: { readBytes: 262_144, sizeBytes: 300_000 } });
  });

  test('of a page is its source', async () => {
    const { preview } = await look('page.html', Buffer.from('<script>alert(1)</script>'), 'text/html');
    expect(preview).toMatchObject({ kind: 'text', text: '<script>alert(1)</script>' });
  });

  test('of a picture never has the type that the object claims', async () => {
    const { previews, preview } = await look('drawing.svg', Buffer.from('<svg/>'), 'text/html');
    if (preview.kind !== 'image') throw new Error(preview.kind);
    const answer = await previews.respond(preview.ticket, null);
    expect(answer?.headers['content-type']).toBe('image/svg+xml');
    expect(answer && (await bytesOf(answer.body)).toString()).toBe('<svg/>');
  });

  test('of a large picture is whole where the server makes no smaller ones', async () => {
    const { previews, preview } = await look('large.png', Buffer.alloc(3_000_000, 1));
    if (preview.kind !== 'image') throw new Error(preview.kind);
    const answer = await previews.respond(preview.ticket, null);
    expect(answer && (await bytesOf(answer.body)).length).toBe(3_000_000);
  });

  test('of a film comes in the ranges that are asked for, and never all at once', async () => {
    const film = Buffer.from(Array.from({ length: 5_000_000 }, (_, at) => at % 251));
    const { previews, preview } = await look('film.mp4', film);
    if (preview.kind !== 'video') throw new Error(preview.kind);
    const part = await previews.respond(preview.ticket, 'bytes=1000-1999');
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 1000-1999/5000000' } });
    expect(part && (await bytesOf(part.body)).equals(film.subarray(1000, 2000))).toBe(true);
    const open = await previews.respond(preview.ticket, 'bytes=0-');
    expect(open?.headers['content-range']).toBe('bytes 0-4194303/5000000');
    open?.body.destroy();
    const last = await previews.respond(preview.ticket, 'bytes=4999990-');
    expect(last && (await bytesOf(last.body)).equals(film.subarray(4_999_990))).toBe(true);
  });

  test('of a PDF is what the window asks for of its bytes, and of no other file', async () => {
    const file = Buffer.from(Array.from({ length: 6_000_000 }, (_, at) => at % 251));
    const { previews, preview } = await look('bill.pdf', file, 'application/pdf');
    if (preview.kind !== 'pdf') throw new Error(preview.kind);
    expect(preview.sizeBytes).toBe(6_000_000);
    const middle = await previews.bytes(preview.ticket, { start: 5_000_000, end: 5_000_010 });
    expect(Buffer.from(middle).equals(file.subarray(5_000_000, 5_000_010))).toBe(true);
    expect(await previews.bytes(preview.ticket, { start: 0, end: 6_000_000 })).toHaveLength(4 * 1024 * 1024);

    await client.put('bill.pdf', Buffer.alloc(6_000_000));
    await expect(previews.bytes(preview.ticket, { start: 0, end: 10 })).rejects.toMatchObject({
      failure: { kind: 'oss', status: 412 },
    });
    await expect(previews.bytes(crypto.randomUUID(), { start: 0, end: 10 })).rejects.toMatchObject({
      failure: { kind: 'input', field: 'ticket' },
    });
  });

  test('of a PDF that the window has no room for is none', async () => {
    const key = 'huge.pdf';
    const { uploadId } = await client.initMultipartUpload(key, { mime: 'application/pdf' });
    const part = { content: Buffer.alloc(90 * 1024 * 1024), size: 90 * 1024 * 1024 };
    const done = [];
    for (const number of [1, 2, 3]) {
      const { etag } = await client.uploadPart(key, uploadId, number, part.content, 0, part.size);
      done.push({ number, etag });
    }
    await client.completeMultipartUpload(key, uploadId, done);
    const preview = await makePreviews().open('a', { bucket, key });
    expect(preview).toMatchObject({ kind: 'none', reason: 'pdf-too-large' });
  });

  test('is nothing for a ticket that nobody was given', async () => {
    expect(await makePreviews().respond(crypto.randomUUID(), null)).toBeNull();
  });
});

test('a prefix is searched and measured at any depth', async () => {
  await client.put('box/one/Cat.txt', Buffer.alloc(10));
  await client.put('box/two/cat/dog.txt', Buffer.alloc(20));
  await client.put('box/three.txt', Buffer.alloc(30));
  const from = { bucket, prefix: 'box/', pageToken: null };
  const any = { minBytes: null, maxBytes: null, after: null, before: null };
  const found = await searchKeys(connection, from, { text: 'CAT', ...any });
  const large = await searchKeys(connection, from, { text: '', ...any, minBytes: 20 });
  expect(large.objects.map(({ key }) => key)).toEqual(['box/three.txt', 'box/two/cat/dog.txt']);
  expect(found.objects.map(({ key }) => key)).toEqual(['box/one/Cat.txt', 'box/two/cat/dog.txt']);
  expect(found).toMatchObject({ scanned: 3, nextPageToken: null });
  expect(await measurePrefix(connection, from)).toEqual({ objects: 3, sizeBytes: 60, nextPageToken: null });
});
