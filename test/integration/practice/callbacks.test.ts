// OSS calls a server that an upload names; if that fails, the object stays and the answer is 203.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, start } from './client.ts';
import { post, signForm } from './forms.ts';

const BUCKET = 'callback-bucket';
let server: TestServer;
let client: Client;
let called: Server;
const received: { type: string | undefined; body: string }[] = [];
let answer = { status: 200, body: '{"Status":"OK"}' };

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
  called = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ type: request.headers['content-type'], body });
      response.writeHead(answer.status).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(called, 'listening');
});

afterAll(async () => {
  called.close();
  await server.stop();
});

beforeEach(() => {
  received.length = 0;
  answer = { status: 200, body: '{"Status":"OK"}' };
});

/** As ali-oss takes it. */
function callback(changes: object = {}): object {
  const { port } = called.address() as AddressInfo;
  const body = 'bucket=${bucket}&object=${object}&size=${size}&from=${x:from}';
  return { url: `http://127.0.0.1:${String(port)}/done`, body, customValue: { from: 'a b' }, ...changes };
}

const ways: readonly (readonly [string, (key: string, options: object) => Promise<unknown>])[] = [
  ['PutObject', (key, options) => client.put(key, Buffer.from('content'), options)],
  [
    'CompleteMultipartUpload',
    async (key, options) => {
      const { uploadId } = await client.initMultipartUpload(key);
      const part = await client.uploadPart(key, uploadId, 1, Buffer.from('content'), 0, 7);
      const { etag } = part as unknown as { etag: string };
      return client.completeMultipartUpload(key, uploadId, [{ number: 1, etag }], options);
    },
  ],
];

describe.each(ways)('%s', (name, upload) => {
  test('hands the answer of the callback server to the uploader', async () => {
    const result = await upload(`${name}/told`, { callback: callback() });
    expect(result).toMatchObject({ data: { Status: 'OK' } });
    expect(received).toEqual([
      {
        type: 'application/x-www-form-urlencoded',
        body: `bucket=${BUCKET}&object=${encodeURIComponent(`${name}/told`)}&size=7&from=a%20b`,
      },
    ]);
  });

  test.each([
    ['refuses', { status: 500, body: '{}' }, 'Error status : 500.'],
    ['answers no JSON', { status: 200, body: 'thanks' }, 'Response body is not valid json format.'],
  ])('keeps the object where the callback server %s', async (_what, given, message) => {
    answer = given;
    const key = `${name}/untold-${String(given.status)}`;
    await expect(upload(key, { callback: callback() })).rejects.toMatchObject({ status: 203, message });
    expect((await client.get(key)).content).toEqual(Buffer.from('content'));
    expect(received).toHaveLength(1);
  });
});

test('a value that nobody gave is empty, also under a name that every object answers to', async () => {
  const body = 'a=${constructor}&b=${x:none}&c=${__proto__}';
  await client.put('none', Buffer.from('content'), { callback: callback({ body }) as never });
  expect(received.map((one) => one.body)).toEqual(['a=&b=&c=']);
});

test('a body of JSON gets its values as JSON', async () => {
  const json = callback({ body: '{"key":${object},"size":${size}}', contentType: 'application/json' });
  await client.put('a "b"', Buffer.from('content'), { callback: json as never });
  expect(received).toEqual([{ type: 'application/json', body: '{"key":"a \\"b\\"","size":7}' }]);
});

test('a form names the server in a field, and what it wants to be told in fields of its own', async () => {
  const { port } = called.address() as AddressInfo;
  const callbackBody = 'object=${object}&size=${size}&type=${mimeType}&from=${x:from}';
  const given = { callbackUrl: `http://127.0.0.1:${String(port)}/done`, callbackBody };
  const form = new Map([
    ...signForm(client, { bucket: BUCKET, fields: { key: 'in/a', 'x:from': 'a b' } }),
    ['callback', Buffer.from(JSON.stringify(given)).toString('base64')],
  ]);
  const done = await post(server, form, 'content', { bucket: BUCKET });
  expect([done.status, done.text]).toEqual([200, '{"Status":"OK"}']);
  expect(done.headers.get('x-oss-hash-crc64ecma')).toMatch(/^\d+$/);
  expect(received[0]?.body).toBe('object=in%2Fa&size=7&type=text%2Fplain&from=a%20b');
  answer = { status: 500, body: '' };
  const failed = await post(server, form, 'content', { bucket: BUCKET });
  expect([failed.status, failed.code]).toEqual([203, 'CallbackFailed']);
});
