// A server that means harm, or that somebody put in the way.
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Failure, WaybillError } from '../../../main/failure.ts';
import { type AccessKey, type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { getObject } from '../../../main/oss/operations/objects.ts';
import { send, sendForXml, sendUnsigned } from '../../../main/oss/exchange/request.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the test at hand sends its requests through. */
let makeTransport: () => Dispatcher = makeDispatcher;

async function connectTo(answer: RequestListener, key?: AccessKey): Promise<Connection> {
  const endpoint = parseEndpoint(await listen(answer));
  const dispatcher = makeTransport();
  closers.push(() => dispatcher.destroy());
  const accessKey = key ?? { accessKeyId: 'LTAI-hostile', accessKeySecret: 'a-secret', securityToken: 'a-token' };
  return {
    endpoint,
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve(accessKey),
    dispatcher,
    clock: new ServerClock(),
  };
}

const answers =
  (body: string): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/xml');
    // The client may hang up before all of it is sent.
    response.on('error', () => undefined).end(body);
  };

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof WaybillError) return error.failure;
  throw error;
}

const list = (connection: Connection) => listObjects(connection, 'my-bucket', { prefix: '' });
const malformed = { kind: 'oss', code: 'MalformedReply' };

describe.each([
  ['the pools', makeDispatcher],
  ['the pools and threads', () => new TransferAgent()],
])('through %s', (_way, make) => {
  beforeEach(() => {
    makeTransport = make;
  });

  describe('hostile XML', () => {
    test('an entity bomb is refused at its document type, before anything is expanded', async () => {
      const entities = Array.from({ length: 30 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};">`).join('');
      const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "0">${entities}]><ListBucketResult><Name>&e30;</Name></ListBucketResult>`;
      expect(await failureOf(list(await connectTo(answers(bomb))))).toMatchObject(malformed);
    });

    test('an external entity is not fetched', async () => {
      let asked = 0;
      const elsewhere = await listen((_request, response) => {
        asked += 1;
        response.end();
      });
      const document = `<!DOCTYPE x [<!ENTITY e SYSTEM "${elsewhere}/">]><ListBucketResult><Name>&e;</Name></ListBucketResult>`;
      expect(await failureOf(list(await connectTo(answers(document))))).toMatchObject(malformed);
      expect(asked).toBe(0);
    });

    test('elements that are opened for ever are refused at the 65th', async () => {
      let sent = 0;
      const connection = await connectTo((_request, response) => {
        const more = (): void => {
          if (response.destroyed || sent > 64 * 1024 * 1024) return;
          sent += 300_000;
          response.write('<a>'.repeat(100_000), () => setImmediate(more));
        };
        response.on('error', () => undefined);
        more();
      });
      const before = process.memoryUsage().heapUsed;
      expect(await failureOf(list(connection))).toMatchObject(malformed);
      // A reply without an end is cut at 32 MiB, and its elements are not kept.
      expect(sent).toBeLessThan(64 * 1024 * 1024);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 1024 * 1024);
    });

    test.each([
      ['nothing', ''],
      ['HTML', '<html><head><meta charset="utf-8"></head><body><p>Sign in to the network</body></html>'],
      ['well-formed HTML', '<html><head/><body><p>Sign in to the network</p></body></html>'],
      ['JSON', '{"Contents":[]}'],
      ['a listing that was cut off', '<ListBucketResult><Contents><Key>a</Key>'],
      ['a second document', '<ListBucketResult></ListBucketResult><ListBucketResult></ListBucketResult>'],
      ['bytes that are no text', '\u0000\u0001\u0002'],
    ])('%s is no empty bucket', async (_what, body) => {
      expect(await failureOf(list(await connectTo(answers(body))))).toMatchObject({ kind: 'oss' });
    });
  });

  describe('a redirect to another host', () => {
    test.each([301, 302, 303, 307, 308])(
      '%i is not followed, so nothing of the credentials arrives',
      async (status) => {
        const seen: string[] = [];
        const thief = await listen((request, response) => {
          seen.push(request.url ?? '');
          response.end('<ListBucketResult></ListBucketResult>');
        });
        const redirecting: RequestListener = (_request, response) => {
          response.writeHead(status, { location: `${thief}/` }).end();
        };
        let asked = 0;
        const connection = await connectTo((request, response) => {
          asked += 1;
          redirecting(request, response);
        });
        expect(await failureOf(list(connection))).toMatchObject({ kind: 'oss', status });
        await failureOf(getObject(connection, { bucket: 'my-bucket', key: 'a' }, { expects: 'file' }));
        const { host, port } = connection.endpoint;
        const signed = `http://${host}:${String(port)}/my-bucket/a?Signature=x&Expires=1&OSSAccessKeyId=y`;
        await failureOf(sendUnsigned(signed, { method: 'GET' }, connection.dispatcher));
        expect(asked).toBe(3);
        expect(seen).toEqual([]);
      },
    );
  });

  describe('a server that never comes to an end', () => {
    test('an answer of a byte now and then is given up, although it is never silent for long', async () => {
      const connection = await connectTo((_request, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      });
      const failure = await failureOf(sendForXml(connection, { method: 'GET', textTimeoutMs: 300 }));
      expect(failure).toMatchObject({ kind: 'network', reason: 'timeout' });
    });

    test('an error of a byte now and then is given up as well', async () => {
      const connection = await connectTo((_request, response) => {
        response.writeHead(403);
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      });
      const failure = await failureOf(sendForXml(connection, { method: 'GET', textTimeoutMs: 300 }));
      expect(failure).toMatchObject({ kind: 'network', reason: 'timeout' });
    });

    test.each([
      ['a head of a byte now and then', '', 'a'],
      ['interim replies one after another', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
      ['headers without end', 'HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n'],
    ])('%s: given up', async (_what, start, more) => {
      const server = createTcpServer((socket) => {
        socket.write(start === '' && more === 'a' ? 'HTTP/1.1 200 OK\r\nx-slow: ' : start);
        const drip = setInterval(() => socket.write(more), 20);
        socket.on('error', () => undefined).on('close', () => clearInterval(drip));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closers.push(() => new Promise((resolve) => server.close(resolve)));
      const { endpoint, ...connection } = await connectTo(() => undefined);
      const port = (server.address() as AddressInfo).port;
      const asked = performance.now();
      const failure = await failureOf(
        sendForXml({ ...connection, endpoint: { ...endpoint, port } }, { method: 'GET', answerTimeoutMs: 1000 }),
      );
      expect(failure.kind).toMatch(/^(network|oss)$/);
      expect(performance.now() - asked).toBeLessThan(10_000);
    });

    test('headers that never come are given up', async () => {
      const connection = await connectTo(() => undefined);
      const failure = await failureOf(sendForXml(connection, { method: 'GET', answerTimeoutMs: 300 }));
      expect(failure).toMatchObject({ kind: 'network', reason: 'timeout' });
    });
  });

  test('nothing of the secret, the token or the signature is in what a hostile answer fails with', async () => {
    const echo: RequestListener = (request, response) => {
      const authorization = String(request.headers.authorization);
      const token = String(request.headers['x-oss-security-token']);
      response.writeHead(403, { 'x-oss-request-id': '65F0' });
      response.end(
        `<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><StringToSign>${authorization} ${token}</StringToSign><SignatureProvided>${authorization}</SignatureProvided></Error>`,
      );
    };
    const text = JSON.stringify(await failureOf(list(await connectTo(echo))));
    expect(text).toContain('65F0');
    expect(text).not.toContain('OSS4-HMAC');
    expect(text).not.toContain('a-token');
  });

  const token = `CAIS${'abcdefghijklmnopqrstuvwxyz0123456789+/'.repeat(8)}==`;
  const echoing = (answer: (secrets: readonly string[]) => string, status = 403) =>
    connectTo(
      (request, response) => {
        const { authorization = '', 'x-oss-security-token': sent } = request.headers;
        const signature = /Signature=(\w+)/.exec(authorization)?.[1] ?? '';
        const secrets = [authorization, signature, String(sent)].flatMap((secret) => [
          secret,
          encodeURIComponent(secret),
          ...(secret.match(/.{1,40}/g) ?? []),
        ]);
        response.writeHead(status, { etag: `"${signature}"`, 'x-oss-request-id': signature, 'x-oss-ec': signature });
        response.end(answer(secrets));
      },
      { accessKeyId: 'LTAI-hostile', accessKeySecret: 'a-secret-of-many-characters', securityToken: token },
    );
  const isClean = (text: string): void => {
    expect(text).not.toMatch(/Signature=[0-9a-f]|[0-9a-f]{17}|abcdefghijklmnop|a-secret|%2B%2F/);
  };

  test.each(['Code', 'Message', 'RequestId', 'EC', 'Endpoint', 'AuthAction', 'BucketName', 'Key'])(
    'a secret that the server repeats as the %s of an error goes no further',
    async (name) => {
      const connection = await echoing((secrets) => {
        const all = name === 'Code' ? (secrets[3] ?? '') : secrets.join('\n');
        const element = `<${name}>${all}</${name}>`;
        const code = name === 'Code' ? '' : '<Code>X</Code>';
        const isDetail = name === 'AuthAction';
        return `<Error>${code}${isDetail ? `<AccessDeniedDetail>${element}</AccessDeniedDetail>` : element}</Error>`;
      });
      isClean(JSON.stringify(await failureOf(list(connection))));
      const { host, port } = connection.endpoint;
      const link = `http://${host}:${String(port)}/my-bucket/a?x-oss-signature=${'5e'.repeat(32)}&x-oss-security-token=${encodeURIComponent(token)}`;
      isClean(JSON.stringify(await failureOf(sendUnsigned(link, { method: 'GET' }, connection.dispatcher))));
    },
  );

  test('a listing that holds the token is no listing, and a header that holds it is cut', async () => {
    const contents = `<Contents><Key>${token}</Key><Size>1</Size><LastModified>2026-11-24T00:00:00.000Z</LastModified></Contents>`;
    const document = `<ListBucketResult>${contents}<IsTruncated>false</IsTruncated></ListBucketResult>`;
    expect(await failureOf(list(await echoing(() => document, 200)))).toMatchObject(malformed);
    const request = { method: 'GET', bucket: 'my-bucket', key: 'a' };
    const { headers, body } = await send(await echoing(() => 'x', 200), request);
    body.destroy();
    isClean(JSON.stringify(headers));
  });
});
