import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CacheLimits } from '../../../main/browsing/byte-cache.ts';
import { Thumbnails } from '../../../main/browsing/thumbnails.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { type Client, connect, start, type TestServer } from '../practice/client.ts';

const bucket = 'waybill-inbox';
const dispatcher = makeDispatcher();

function connectionTo(endpoint: string, accessKeyId = 'LTAI5tExample', accessKeySecret = 'secret'): Connection {
  return {
    endpoint: parseEndpoint(endpoint),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
  };
}

const thumbnailsOf = (connection: Connection, limits?: CacheLimits) =>
  new Thumbnails((_account, _bucket, operation) => operation(connection), limits);

/** The thumbnail of an object as the window gets it: by its ticket. */
async function thumbnailOf(thumbnails: Thumbnails, key: string, sizeBytes: number) {
  const [ticket] = thumbnails.offer('a', bucket, [{ key, sizeBytes, lastModified: 1 }]);
  return ticket === null || ticket === undefined ? null : thumbnails.respond(ticket);
}

afterAll(() => dispatcher.close());

describe('where OSS does not process images', () => {
  let server: TestServer;
  let client: Client;
  let thumbnails: Thumbnails;

  beforeAll(async () => {
    server = await start();
    client = connect(server, { bucket });
    thumbnails = thumbnailsOf(connectionTo(server.endpoint, server.accessKeyId, server.accessKeySecret));
  });

  afterAll(() => server.stop());

  test('a small original is the thumbnail, under a type of our own', async () => {
    await client.put('dot.png', Buffer.from('not really an image'), { mime: 'text/html' });
    const found = await thumbnailOf(thumbnails, 'dot.png', 19);
    expect(found?.contentType).toBe('image/png');
    expect(Buffer.from(found?.bytes ?? []).toString()).toBe('not really an image');
  });

  test('a large original has none, and nothing but an image is asked for', () => {
    const objects = [
      { key: 'large.jpg', sizeBytes: 3_000_000, lastModified: 1 },
      { key: 'page.html', sizeBytes: 20, lastModified: 1 },
      { key: 'empty.png', sizeBytes: 0, lastModified: 1 },
      { key: 'scan.tif', sizeBytes: 20, lastModified: 1 },
    ];
    expect(thumbnails.offer('a', bucket, objects)).toEqual([null, null, null, null]);
  });

  test('an original that grew since it was listed is not read to its end', async () => {
    await client.put('grown.png', Buffer.alloc(600_000));
    expect(await thumbnailOf(thumbnails, 'grown.png', 100)).toBeNull();
  });

  test('what is gone has none, and is not asked for again', async () => {
    expect(await thumbnailOf(thumbnails, 'gone.png', 100)).toBeNull();
    expect(thumbnails.offer('a', bucket, [{ key: 'gone.png', sizeBytes: 100, lastModified: 1 }])).toEqual([null]);
  });

  test('a ticket that nobody was given is answered with nothing', async () => {
    expect(await thumbnails.respond('00000000-0000-4000-8000-000000000000')).toBeNull();
  });
});

describe('where OSS processes images', () => {
  let server: Server;
  let connection: Connection;
  let asked: string[] = [];
  let answer: (request: IncomingMessage) => { status: number; type: string; body: Buffer };

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(decodeURIComponent(request.url ?? ''));
      const { status, type, body } = answer(request);
      response.writeHead(status, { 'content-type': type, etag: '"e"', 'last-modified': new Date(0).toUTCString() });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connection = connectionTo(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  });

  afterEach(() => {
    asked = [];
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const refusal = (code: string) => Buffer.from(`<Error><Code>${code}</Code><Message>no</Message></Error>`);

  test('it makes large images smaller, and is asked once for each', async () => {
    answer = () => ({ status: 200, type: 'image/jpeg', body: Buffer.alloc(2000, 1) });
    const thumbnails = thumbnailsOf(connection);
    expect((await thumbnailOf(thumbnails, 'a.jpg', 5_000_000))?.bytes).toHaveLength(2000);
    expect((await thumbnailOf(thumbnails, 'a.jpg', 5_000_000))?.contentType).toBe('image/jpeg');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('x-oss-process=image/auto-orient,1/resize,m_lfit,w_320,h_320');
    expect(thumbnails.offer('a', bucket, [{ key: 'b.jpg', sizeBytes: 30_000_000, lastModified: 1 }])).toEqual([null]);
  });

  test('a type that the window can’t show is converted', async () => {
    answer = () => ({ status: 200, type: 'image/webp', body: Buffer.alloc(10) });
    await thumbnailOf(thumbnailsOf(connection), 'scan.tif', 5_000_000);
    expect(asked[0]).toContain('/format,jpg');
  });

  test('a server that sends the original, or a page, is not believed', async () => {
    const thumbnails = thumbnailsOf(connection);
    answer = () => ({ status: 200, type: 'image/jpeg', body: Buffer.alloc(4_000_000) });
    expect(await thumbnailOf(thumbnails, 'a.jpg', 4_000_000)).toBeNull();
    answer = () => ({ status: 200, type: 'text/html', body: Buffer.from('<script>') });
    expect(await thumbnailOf(thumbnails, 'b.jpg', 4_000_000)).toBeNull();
  });

  test('one image that can’t be processed says nothing of the others; a refusal is one of the bucket', async () => {
    const thumbnails = thumbnailsOf(connection);
    answer = () => ({ status: 400, type: 'application/xml', body: refusal('InvalidArgument') });
    expect(await thumbnailOf(thumbnails, 'broken.jpg', 5_000_000)).toBeNull();
    expect(await thumbnailOf(thumbnails, 'other.jpg', 5_000_000)).toBeNull();
    expect(asked).toHaveLength(2);
    answer = () => ({ status: 501, type: 'application/xml', body: refusal('NotImplemented') });
    expect(await thumbnailOf(thumbnails, 'third.jpg', 5_000_000)).toBeNull();
    expect(thumbnails.offer('a', bucket, [{ key: 'fourth.jpg', sizeBytes: 5_000_000, lastModified: 1 }])).toEqual([
      null,
    ]);
  });

  test('a service that is busy is asked again later', async () => {
    const thumbnails = thumbnailsOf(connection);
    answer = () => ({ status: 503, type: 'application/xml', body: refusal('SlowDown') });
    await expect(thumbnailOf(thumbnails, 'a.jpg', 5_000_000)).rejects.toThrow();
    answer = () => ({ status: 200, type: 'image/jpeg', body: Buffer.alloc(10) });
    expect(await thumbnailOf(thumbnails, 'a.jpg', 5_000_000)).not.toBeNull();
  });

  test('what is held stays within its bound of bytes and of count, however many are looked at', async () => {
    answer = () => ({ status: 200, type: 'image/jpeg', body: Buffer.alloc(1000) });
    const few = thumbnailsOf(connection, { bytes: 1_000_000, entries: 20 });
    const small = thumbnailsOf(connection, { bytes: 5500, entries: 1000 });
    for (let at = 0; at < 60; at += 1) {
      await thumbnailOf(few, `${at}.jpg`, 5_000_000);
      await thumbnailOf(small, `${at}.jpg`, 5_000_000);
    }
    expect([few.held.entries, small.held.bytes]).toEqual([20, 5000]);
    asked = [];
    await thumbnailOf(few, '59.jpg', 5_000_000);
    expect(asked).toEqual([]);
    few.clear();
    expect(few.held).toEqual({ bytes: 0, entries: 0 });
  });
});
