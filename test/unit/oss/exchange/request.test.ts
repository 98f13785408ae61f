import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { ServerClock } from '../../../../main/oss/connection.ts';
import { listObjects } from '../../../../main/oss/operations/listing.ts';
import { getObject, putObject } from '../../../../main/oss/operations/objects.ts';
import { closeServers, connectTo, failureOf, makeServer } from '../scripted-server.ts';
import { parseEtag } from '../../../../main/oss/exchange/reply-headers.ts';
import { send, sendForXml, sendUnsigned } from '../../../../main/oss/exchange/request.ts';

afterEach(closeServers);

const skewed = '<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>';

test.each(['.', '..', 'a/../b', 'a/./b', '../..', 'a//b', 'a b+c?d#e%20f', '你/🙂', '%2e%2e/a'])(
  'the key %s reaches the wire as it is',
  async (key) => {
    const urls: string[] = [];
    const connection = await makeServer((request, response) => {
      urls.push(request.url ?? '');
      response.end();
    });
    await putObject(connection, { bucket: 'my-bucket', key, body: new Uint8Array(), sizeBytes: 0 });
    const path = urls[0] ?? '';
    expect(decodeURIComponent(path)).toBe(`/my-bucket/${key}`);
    // No segment that a client, proxy or cache would resolve.
    expect(
      path
        .split('/')
        .slice(2)
        .filter((segment) => segment === '.' || segment === '..'),
    ).toEqual(key === '.' || key === '..' ? [key] : []);
  },
);

test('a request that is refused for its time is signed once more with the time of the server', async () => {
  const dates: string[] = [];
  const bodies: string[] = [];
  const serverTime = Date.UTC(2030, 0, 1);
  const connection = await makeServer(
    (request, response) => {
      dates.push(String(request.headers['x-oss-date']));
      response.setHeader('date', new Date(serverTime).toUTCString());
      if (dates.length === 1) response.statusCode = 403;
      void text(request).then((body) => {
        bodies.push(body);
        response.end(dates.length === 1 ? skewed : '');
      });
    },
    { clock: new ServerClock(() => serverTime - 12 * 3_600_000) },
  );
  const body = (): Readable => Readable.from([Buffer.from('abc')]);
  await putObject(connection, { bucket: 'my-bucket', key: 'k', body, sizeBytes: 3 });
  expect(bodies).toEqual(['abc', 'abc']);
  expect(dates).toEqual(['20291231T120000Z', '20300101T000000Z']);
  expect(connection.clock.now()).toBe(serverTime);
});

test('a clock that stays wrong is told with the time of the server, after two requests', async () => {
  let requests = 0;
  const clock = new ServerClock(() => Date.UTC(2029, 11, 31, 12));
  const connection = await makeServer(
    (_request, response) => {
      requests += 1;
      response.writeHead(403, { date: 'Tue, 01 Jan 2030 00:00:00 GMT' }).end(skewed);
    },
    { clock },
  );
  expect(await failureOf(listObjects(connection, 'my-bucket'))).toMatchObject({
    kind: 'credentials',
    cause: 'clock-skew',
    serverTime: Date.UTC(2030, 0, 1),
  });
  expect(requests).toBe(2);
});

test.each([
  ['ahead', '2036'],
  ['behind', '2016'],
])('a server that is years %s is not believed: nothing is signed by its time', async (_how, year) => {
  let requests = 0;
  const now = Date.UTC(2026, 10, 29);
  const clock = new ServerClock(() => now);
  const connection = await makeServer(
    (_request, response) => {
      requests += 1;
      response.writeHead(403, { date: new Date(Date.UTC(Number(year), 10, 26)).toUTCString() }).end(skewed);
    },
    { clock },
  );
  expect(await failureOf(listObjects(connection, 'my-bucket'))).toMatchObject({
    kind: 'credentials',
    cause: 'clock-skew',
    serverTime: Date.UTC(Number(year), 10, 26),
  });
  expect(requests).toBe(1);
  expect(clock.now()).toBe(now);
});

test.each([
  [24, true],
  [-24, true],
  [24.01, false],
  [-24.01, false],
])('a correction of %d hours is taken: %j', (hours, isTaken) => {
  const now = Date.UTC(2026, 10, 29);
  const clock = new ServerClock(() => now);
  expect(clock.sync(now + hours * 3_600_000)).toBe(isTaken);
  expect(clock.offsetMs).toBe(isTaken ? hours * 3_600_000 : 0);
});

test('a body that can be read once only is not sent twice, but the clock is set for the next try', async () => {
  let requests = 0;
  const clock = new ServerClock(() => Date.UTC(2029, 11, 31, 12));
  const connection = await makeServer(
    (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.writeHead(403, { date: 'Tue, 01 Jan 2030 00:00:00 GMT' }).end(skewed));
    },
    { clock },
  );
  const body = Readable.from([Buffer.from('abc')]);
  const failure = await failureOf(putObject(connection, { bucket: 'my-bucket', key: 'k', body, sizeBytes: 3 }));
  expect(failure).toMatchObject({ cause: 'clock-skew' });
  expect(requests).toBe(1);
  expect(clock.now()).toBe(Date.UTC(2030, 0, 1));
});

test('V1 signs with the clock of the server too', async () => {
  let date: string | undefined;
  const clock = new ServerClock(() => Date.UTC(2026, 0, 1));
  clock.sync(Date.UTC(2026, 0, 2));
  const connection = await makeServer(
    (request, response) => {
      date = request.headers.date;
      response.end();
    },
    { signVersion: 'v1', clock },
  );
  await putObject(connection, { bucket: 'my-bucket', key: 'k', body: new Uint8Array(), sizeBytes: 0 });
  expect(date).toBe('Fri, 02 Jan 2026 00:00:00 GMT');
});

test('a stream of known length is sent with its length, not chunked', async () => {
  let headers: IncomingMessage['headers'] = {};
  const connection = await makeServer((request, response) => {
    headers = request.headers;
    request.resume().on('end', () => response.end());
  });
  const body = Readable.from([Buffer.alloc(70_000), Buffer.alloc(30_000)]);
  await putObject(connection, { bucket: 'my-bucket', key: 'k', body, sizeBytes: 100_000 });
  expect(headers['content-length']).toBe('100000');
  expect(headers['transfer-encoding']).toBeUndefined();
});

test('a stream that ends before the length that was said is no upload', async () => {
  const connection = await makeServer((request, response) => void request.resume().on('end', () => response.end()));
  const body = Readable.from([Buffer.alloc(10)]);
  const failure = await failureOf(putObject(connection, { bucket: 'my-bucket', key: 'k', body, sizeBytes: 11 }));
  expect(failure).toMatchObject({ kind: 'file', reason: 'changed' });
});

test('a listing that was cut off throws in place of looking like a shorter one', async () => {
  const whole = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
  const connection = await makeServer((_request, response) => response.end(whole.slice(0, -5)));
  expect(await failureOf(listObjects(connection, 'my-bucket'))).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
});

test('an answer that ends before its length is a broken network', async () => {
  const connection = await makeServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('<ListBucketResult>');
    setImmediate(() => response.destroy());
  });
  expect(await failureOf(listObjects(connection, 'my-bucket'))).toMatchObject({ kind: 'network', reason: 'reset' });
});

test('an answer in chunks that ends before the last one is a broken network, also when the server closes politely', async () => {
  const server = createSocketServer((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n'),
    );
    socket.on('error', () => undefined);
  });
  const connection = await connectTo(server);
  const { body } = await getObject(connection, { bucket: 'my-bucket', key: 'k' });
  await expect(text(body)).rejects.toThrow();
});

test('an error inside a 200 answer is an error', async () => {
  const connection = await makeServer((_request, response) =>
    response.end('<Error><Code>InternalError</Code></Error>'),
  );
  const failure = await failureOf(sendForXml(connection, { method: 'POST', bucket: 'my-bucket' }));
  expect(failure).toMatchObject({ kind: 'oss', code: 'InternalError' });
});

test('a request that is given up is cancelled', async () => {
  const abort = new AbortController();
  const connection = await makeServer(() => {
    abort.abort();
  });
  const failure = await failureOf(send(connection, { method: 'GET', signal: abort.signal }));
  expect(failure).toEqual({ kind: 'cancelled' });
  expect(await failureOf(send(connection, { method: 'GET', signal: abort.signal }))).toEqual({ kind: 'cancelled' });
});

test('a server that is not there is a refused connection', async () => {
  const server = createServer();
  const connection = await connectTo(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await failureOf(send(connection, { method: 'GET' }))).toMatchObject({ kind: 'network', reason: 'refused' });
});

test('names that are none never reach the network', async () => {
  let requests = 0;
  const connection = await makeServer((_request, response) => {
    requests += 1;
    response.end();
  });
  expect(await failureOf(send(connection, { method: 'GET', bucket: 'evil.example/' }))).toMatchObject({
    kind: 'input',
  });
  expect(await failureOf(send(connection, { method: 'GET', bucket: 'my-bucket', key: '/k' }))).toMatchObject({
    kind: 'input',
  });
  expect(requests).toBe(0);
});

test('a signed URL is sent as it is written, without the headers of a signature', async () => {
  const seen: IncomingMessage[] = [];
  const { endpoint, dispatcher } = await makeServer((request, response) => {
    seen.push(request);
    response.end('hello');
  });
  const url = `http://127.0.0.1:${String(endpoint.port)}/b/a/../%2e/b?Signature=a%2Bb&x`;
  const { body } = await sendUnsigned(url, { method: 'GET', headers: { 'x-oss-meta-a': '1' } }, dispatcher);
  expect(await text(body)).toBe('hello');
  expect(seen[0]?.url).toBe('/b/a/../%2e/b?Signature=a%2Bb&x');
  expect(seen[0]?.headers['authorization']).toBeUndefined();
  expect(seen[0]?.headers['x-oss-date']).toBeUndefined();
});

test('a link that is refused is the fault of the link', async () => {
  const xml = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message><EC>0002-00000069</EC></Error>';
  const { endpoint, dispatcher } = await makeServer((_request, response) => response.writeHead(403).end(xml));
  const url = `http://127.0.0.1:${String(endpoint.port)}/b/k?x`;
  const failure = await failureOf(sendUnsigned(url, { method: 'GET' }, dispatcher));
  expect(failure).toMatchObject({ kind: 'link', cause: 'expired' });
});

test('a range asks for the standard behaviour, and no answer may be compressed', async () => {
  let headers: IncomingMessage['headers'] = {};
  const connection = await makeServer((request, response) => {
    headers = request.headers;
    response.writeHead(206, { 'content-range': 'bytes 2-3/10', etag: '"E"' }).end('cd');
  });
  const reply = await getObject(
    connection,
    { bucket: 'my-bucket', key: 'k' },
    { range: { start: 2, end: 3 }, ifMatch: 'E' },
  );
  await text(reply.body);
  expect(headers).toMatchObject({
    range: 'bytes=2-3',
    'x-oss-range-behavior': 'standard',
    'accept-encoding': 'identity',
    'if-match': '"E"',
  });
  expect(reply).toMatchObject({ etag: 'E', sizeBytes: 10, contentRange: { start: 2, end: 3, sizeBytes: 10 } });
});

test.each(['"a\nb"', '"a\u0000"', '\u4f60', '\r\nx: y'])(
  'the ETag %j, which no header can hold, is malformed',
  (etag) => {
    expect(() => parseEtag(etag)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'MalformedReply' }) as unknown }),
    );
  },
);

test('an ETag loses its quotes, and nothing else', () => {
  expect(['"5B3C"', '5B3C', '"', '""', '', '"a"b'].map((etag) => parseEtag(etag))).toEqual([
    '5B3C',
    '5B3C',
    '"',
    '',
    '',
    '"a"b',
  ]);
});

test('a host has served what was sent there, wherever the connection leads by then', async () => {
  const place = { host: 'oss-cn-hangzhou.aliyuncs.com', protocol: 'https', port: null, addressing: 'virtual' } as const;
  let served = 0;
  let isMoved = false;
  const server = await makeServer((_, response) => {
    isMoved = true;
    response.end();
  });
  const connection = {
    ...server,
    get endpoint() {
      return isMoved ? place : { ...server.endpoint, addressing: 'cname' as const };
    },
    onHostServed: () => (served += 1),
  };
  await putObject(connection, { bucket: 'my-bucket', key: 'k', body: new Uint8Array(), sizeBytes: 0 });
  expect([isMoved, served]).toEqual([true, 0]);
});

test('a request that is given up does not wait for OSS to say whether its domain is still bound', async () => {
  const server = await makeServer((_, response) => response.end());
  const given = new AbortController();
  const connection = {
    ...server,
    endpoint: { ...server.endpoint, addressing: 'cname' as const },
    recheckDomain: () => {
      setImmediate(() => given.abort());
      return new Promise<boolean>(() => undefined);
    },
  };
  const sending = send(connection, { method: 'GET', bucket: 'my-bucket', key: 'k', signal: given.signal });
  expect(await failureOf(sending)).toMatchObject({ kind: 'cancelled' });
});
