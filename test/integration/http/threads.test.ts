// What the threads do on their connections, seen from the server.
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Failure, toFailure } from '../../../main/failure.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import type { FileSlice } from '../../../main/http/message.ts';
import { storeBody } from '../../../main/http/store-body.ts';
import { IdleConnections } from '../../../main/http/threads/idle-connections.ts';
import { RawConnection } from '../../../main/http/threads/raw-connection.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { WorkerPool } from '../../../main/http/threads/worker-pool.ts';
import { trust } from '../../../main/http/trust.ts';
import { sendUnsigned, type UnsignedRequest } from '../../../main/oss/exchange/request.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { testCa, testTls } from '../../support/tls/certificate.ts';

const MiB = 1024 ** 2;
const STALL_MS = 500;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
let folder: string;
let agent: TransferAgent;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-threads-'));
});
beforeEach(() => {
  agent = new TransferAgent();
});
afterEach(async () => {
  trust(null);
  await agent.destroy();
});
afterAll(() => rm(folder, { recursive: true }));

async function serve(onRequest: Parameters<typeof startRawServer>[0]): Promise<RawServer> {
  const server = await startRawServer(onRequest);
  onTestFinished(() => server.close());
  return server;
}

async function sliceOf(sizeBytes: number): Promise<FileSlice> {
  const path = join(folder, `slice-${String(sizeBytes)}`);
  await writeFile(path, Buffer.alloc(sizeBytes, 1));
  const { mtimeMs: modifiedAt } = await stat(path);
  return { kind: 'file-slice', fd: null, path, start: 0, sizeBytes, file: { sizeBytes, modifiedAt } };
}

async function put(origin: string, sizeBytes: number, dispatcher = agent) {
  const body = await sliceOf(sizeBytes);
  return sendUnsigned(`${origin}/k`, { method: 'PUT', body, contentLength: sizeBytes }, dispatcher);
}

/** An agent that soon gives up a server that is silent. */
function makeImpatient(): TransferAgent {
  const impatient = new TransferAgent({ stallTimeoutMs: STALL_MS });
  onTestFinished(() => impatient.destroy());
  return impatient;
}

async function get(origin: string, request: Partial<UnsignedRequest> = {}, dispatcher = agent): Promise<string> {
  const reply = await sendUnsigned(`${origin}/k`, { method: 'GET', expects: 'file', ...request }, dispatcher);
  const path = join(folder, crypto.randomUUID());
  const file = await open(path, 'w+');
  try {
    const target = { fd: file.fd, path, position: 0, maxBytes: null };
    const { error } = await storeBody(reply.body, target, () => undefined);
    if (error !== null) throw error;
    return await file.readFile('latin1');
  } finally {
    await file.close();
  }
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => toFailure(error),
  );
}

/** Reads the rest of a request body, and says when all of it was there. */
function whenWhole(socket: Socket, start: Buffer, sizeBytes: number, done: () => void): void {
  let seen = start.length;
  const note = (): void => {
    if (seen === sizeBytes) done();
  };
  socket.on('data', (bytes: Buffer) => {
    seen += bytes.length;
    note();
  });
  note();
}

describe('an upload', () => {
  test.each(['100 Continue', '102 Processing', '103 Early Hints'])('goes on after an unasked %s', async (interim) => {
    const { origin } = await serve((socket, _head, start) => {
      socket.write(`HTTP/1.1 ${interim}\r\n\r\n`);
      whenWhole(socket, start, 6 * MiB, () => socket.write(OK));
    });
    expect((await put(origin, 6 * MiB)).status).toBe(200);
  });

  test.each([
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['without a length', 'Connection: close\r\n\r\nhello'],
    ['at length', `Content-Length: ${String(MiB)}\r\n\r\n${'a'.repeat(MiB)}`],
  ])('that is answered %s is sent once', async (_how, rest) => {
    let uploads = 0;
    const { origin } = await serve((socket, _head, start) => {
      uploads += 1;
      whenWhole(socket, start, 3 * MiB, () => socket.end(`HTTP/1.1 200 OK\r\nETag: "x"\r\n${rest}`));
    });
    expect((await put(origin, 3 * MiB)).headers['etag']).toBe('x');
    expect(uploads).toBe(1);
  });

  test.each([
    ['before', 64, null],
    ['once', 3, /^\d+$/],
  ] as const)(
    'that is answered %s all of it was sent has a CRC-64 only of the whole',
    async (when, mebibytes, crc64) => {
      const { origin } = await serve((socket, _head, start) => {
        if (when === 'before') socket.pause().write(OK);
        else whenWhole(socket, start, 3 * MiB, () => socket.write(OK));
      });
      const { sentCrc64 } = await put(origin, mebibytes * MiB);
      if (crc64 === null) expect(sentCrc64).toBeNull();
      else expect(sentCrc64).toMatch(crc64);
    },
  );

  test('of which the server reads nothing is given up, although it begins an answer and never ends it', async () => {
    const { origin } = await serve((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await failureOf(put(origin, 32 * MiB, makeImpatient()))).toMatchObject({
      kind: 'network',
      reason: 'timeout',
    });
  });
});

describe('a download', () => {
  test.each([
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n'],
    ['until the connection ends', 'Connection: close\r\n\r\nhello, world'],
  ])('that comes %s is asked for once', async (_how, rest) => {
    let requests = 0;
    const { origin } = await serve((socket) => {
      requests += 1;
      socket.end(`HTTP/1.1 200 OK\r\n${rest}`);
    });
    expect(await get(origin)).toBe('hello, world');
    expect(requests).toBe(1);
  });

  test('with bytes beyond its end leaves nothing for the next one to find', async () => {
    let requests = 0;
    const server = await serve((socket) => {
      requests += 1;
      // The excess arrives with the body, and would be the head of the next reply.
      const excess = requests === 1 ? 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong' : '';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n`, () => socket.write(`right${excess}`));
    });
    expect(await get(server.origin)).toBe('right');
    expect(await get(server.origin)).toBe('right');
    expect(server.connections()).toBe(2);
  });

  test('under a bandwidth limit is read in small blocks, so that no connection stands still', async () => {
    const { origin } = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(MiB)}\r\n\r\n${'a'.repeat(MiB)}`);
    });
    const { hostname: host, port } = new URL(origin);
    const connection = new RawConnection({ isSecure: false, host, port: Number(port) }, () => 4096);
    onTestFinished(() => connection.destroy());
    await connection.send({ head: 'GET /k HTTP/1.1\r\n\r\n', body: null });
    let total = 0;
    for (let bytes = await connection.next(); bytes !== null; bytes = await connection.next()) {
      expect(bytes.length).toBeLessThanOrEqual(4096);
      total += bytes.length;
    }
    expect(total).toBe(MiB);
  });
});

describe.each(['pool', 'thread'] as const)('through a %s', (way) => {
  const ask = async (origin: string, request: Partial<UnsignedRequest> = {}): Promise<Failure> => {
    if (way === 'thread') return failureOf(get(origin, request, makeImpatient()));
    const pool = makeDispatcher({ stallTimeoutMs: STALL_MS });
    onTestFinished(() => pool.destroy());
    return failureOf(sendUnsigned(`${origin}/k`, { method: 'GET', ...request }, pool));
  };

  test('interim replies without an end are given up', async () => {
    const { origin } = await serve((socket) => {
      const more = (): void => {
        if (!socket.destroyed) socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => setImmediate(more));
      };
      more();
    });
    expect(await ask(origin)).toMatchObject({ kind: 'oss', cause: 'not-oss', code: 'MalformedReply' });
  });

  test('a head of a byte now and then is given up, although it is never silent for long', async () => {
    const { origin } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await ask(origin)).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  test('an error of a byte now and then is given up as well', async () => {
    const { origin } = await serve((socket) => {
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 5000\r\n\r\n');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await ask(origin, { textTimeoutMs: STALL_MS })).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  test('an answer that never comes is waited for as long as the request says', async () => {
    const { origin } = await serve(() => undefined);
    const patient = new TransferAgent({ stallTimeoutMs: 600_000 });
    onTestFinished(() => patient.destroy());
    const body = way === 'thread' ? await sliceOf(10) : new Uint8Array(10);
    const request = { method: 'PUT', body, contentLength: 10, answerTimeoutMs: 300 };
    expect(await failureOf(sendUnsigned(`${origin}/k`, request, patient))).toMatchObject({ reason: 'timeout' });
  });
});

describe('TLS', () => {
  /** `names` are the server names that clients sent: `false` for none. */
  async function serveTls(reply: string | Buffer = OK): Promise<{ readonly port: number; readonly names: unknown[] }> {
    const names: unknown[] = [];
    const sockets: Socket[] = [];
    const server = createTlsServer(testTls, (socket) => {
      names.push('servername' in socket && socket.servername);
      sockets.push(socket);
      socket.on('error', () => undefined).on('data', () => socket.write(reply));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { port: (server.address() as AddressInfo).port, names };
  }

  test('names the server by its name, and not at all by an address', async () => {
    trust([testCa]);
    const { port, names } = await serveTls();
    expect(await get(`https://localhost:${String(port)}`)).toBe('ok');
    expect(await get(`https://127.0.0.1:${String(port)}`)).toBe('ok');
    expect(names).toEqual(['localhost', false]);
  });

  describe.each([
    ['of a known length', (body: Buffer) => [`Content-Length: ${String(body.length)}\r\n\r\n`, body]],
    ['in chunks', (body: Buffer) => ['Transfer-Encoding: chunked\r\n\r\n', ...chunksOf(body)]],
  ] as const)('a body %s, which TLS hands over in records however slowly it is read', (_name, framed) => {
    const body = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) >> 8));
    const reply = Buffer.concat(['HTTP/1.1 200 OK\r\n', ...framed(body)].map((piece) => Buffer.from(piece)));

    test('arrives whole, twice on one connection', async () => {
      trust([testCa]);
      const { port, names } = await serveTls(reply);
      for (let turn = 0; turn < 2; turn += 1) {
        expect(Buffer.from(await get(`https://localhost:${String(port)}`), 'latin1').equals(body)).toBe(true);
      }
      expect(names).toHaveLength(1);
    });

    test('arrives whole within a bandwidth limit', async () => {
      trust([testCa]);
      const limited = new TransferAgent();
      onTestFinished(() => limited.destroy());
      limited.bandwidth.set({ up: null, down: 4 * MiB });
      const { port } = await serveTls(reply);
      const got = await get(`https://localhost:${String(port)}`, {}, limited);
      expect(Buffer.from(got, 'latin1').equals(body)).toBe(true);
    });

    test('arrives whole at a reader that waits before each of its turns', async () => {
      const { port } = await serveTls(reply);
      const connection = new RawConnection({ isSecure: true, host: 'localhost', port, ca: testCa });
      onTestFinished(() => connection.destroy());
      await connection.send({ head: 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n', body: null });
      const got: Buffer[] = [];
      for (;;) {
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
        const bytes = await connection.next();
        if (bytes === null) break;
        // Whoever reads may use the bytes until the next call.
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
        got.push(Buffer.from(bytes));
      }
      expect(Buffer.concat(got).equals(body)).toBe(true);
      expect(connection.isOpen).toBe(true);
    });
  });

  test('is verified whatever the environment says', async () => {
    const { port } = await serveTls();
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    for (const expects of ['file', 'text'] as const) {
      const url = `https://localhost:${String(port)}/k`;
      const failure = await failureOf(sendUnsigned(url, { method: 'GET', expects }, agent));
      expect(failure).toMatchObject({ kind: 'network', reason: 'tls' });
    }
  });
});

function chunksOf(body: Buffer): readonly (string | Buffer)[] {
  const chunks: (string | Buffer)[] = [];
  for (let start = 0; start < body.length; start += 50_000) {
    const chunk = body.subarray(start, start + 50_000);
    chunks.push(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
  }
  return [...chunks, '0\r\n\r\n'];
}

test('idle connections that the server closes are forgotten, with their buffers', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const sockets: Socket[] = [];
  const server = await serve((socket) => {
    sockets.push(socket);
    socket.write(OK);
  });
  const port = Number(new URL(server.origin).port);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const idle = new IdleConnections();
  for (let bucket = 0; bucket < 50; bucket += 1) {
    const connection = new RawConnection({ isSecure: false, host: '127.0.0.1', port });
    await connection.send({ head: 'GET /k HTTP/1.1\r\n\r\n', body: null });
    while ((await connection.next()) !== null);
    // Each bucket is a host of its own.
    idle.release({ isSecure: false, host: `bucket-${String(bucket)}`, port }, connection);
  }
  for (const socket of sockets) socket.destroy();
  const heldBytes = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers - before;
  };
  await expect.poll(heldBytes, { timeout: 3_000 }).toBeLessThan(10 * MiB);
  expect(await idle.acquire({ isSecure: false, host: 'bucket-0', port })).toBeNull();
});

test('a small slice leaves without a thread, one at a time, until a thread runs', async () => {
  const { origin } = await serve((socket) => void socket.write(OK));
  const toThread = vi.spyOn(WorkerPool.prototype, 'send');
  onTestFinished(() => toThread.mockRestore());
  const small = new TransferAgent({ bytesWithoutThread: 1024 });
  onTestFinished(() => small.destroy());
  const sendSlice = (body: FileSlice) =>
    sendUnsigned(`${origin}/k`, { method: 'PUT', body, contentLength: body.sizeBytes }, small);
  const send = async (sizeBytes: number): Promise<number> => {
    await sendSlice(await sliceOf(sizeBytes));
    return toThread.mock.calls.length;
  };
  expect(await send(1024)).toBe(0);
  expect(await send(1024)).toBe(0);
  await Promise.all([await sliceOf(512), await sliceOf(1024)].map(sendSlice));
  expect(toThread).toHaveBeenCalledTimes(1);
  expect(await send(1024)).toBe(2);
  expect(await send(1025)).toBe(3);
  await put(origin, 1024);
  expect(toThread).toHaveBeenCalledTimes(4);
});
