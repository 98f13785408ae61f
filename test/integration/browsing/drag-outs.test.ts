import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DragOuts } from '../../../main/browsing/drag-outs.ts';
import type { Failure } from '../../../main/failure.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Client, connect, start, type TestServer } from '../practice/client.ts';

const bucket = 'waybill-inbox';
const dispatcher = makeDispatcher();
let server: TestServer;
let client: Client;
let connection: Connection;
let now = 0;
let failures: Failure[] = [];

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

afterEach(() => {
  server.faults.clear();
  failures = [];
});

afterAll(async () => {
  await dispatcher.close();
  await server.stop();
});

const makeDragOuts = () =>
  new DragOuts({
    run: (_account, _bucket, operation) => operation(connection),
    now: () => now,
    onFailure: (failure) => failures.push(failure),
  });

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));

async function offered(key: string, bytes = content): Promise<{ dragOuts: DragOuts; ticket: string }> {
  await client.put(key, bytes);
  const dragOuts = makeDragOuts();
  return { dragOuts, ticket: dragOuts.offer('a', { bucket, key }).ticket };
}

async function taken(dragOuts: DragOuts, ticket: string): Promise<Readable> {
  const found = await dragOuts.redeem(ticket);
  if (found === null) throw new Error('the ticket is not known');
  return found.body;
}

/** What arrives, and how it ends. */
async function read(body: Readable): Promise<{ bytes: Buffer; error: unknown }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}

describe('a ticket for what is dragged out', () => {
  test('gives all bytes of the object, once', async () => {
    const { dragOuts, ticket } = await offered('whole.bin');
    const found = await dragOuts.redeem(ticket);
    expect(found?.sizeBytes).toBe(content.length);
    expect(found && (await read(found.body)).bytes.equals(content)).toBe(true);
    expect(await dragOuts.redeem(ticket)).toBeNull();
  });

  test('gives an empty object', async () => {
    const { dragOuts, ticket } = await offered('empty.bin', Buffer.alloc(0));
    expect(await read(await taken(dragOuts, ticket))).toEqual({ bytes: Buffer.alloc(0), error: null });
  });

  test('is good for five minutes', async () => {
    const { dragOuts, ticket } = await offered('late.bin');
    now += 5 * 60_000;
    expect(await dragOuts.redeem(ticket)).toBeNull();
  });

  test('is forgotten when the window is locked, and makes room for later ones', async () => {
    const { dragOuts, ticket } = await offered('locked.bin');
    const first = dragOuts.offer('a', { bucket, key: 'locked.bin' }).ticket;
    dragOuts.clear();
    expect(await dragOuts.redeem(ticket)).toBeNull();
    expect(await dragOuts.redeem(first)).toBeNull();
    const [oldest = '', second = ''] = Array.from(
      { length: 9 },
      () => dragOuts.offer('a', { bucket, key: 'locked.bin' }).ticket,
    );
    expect(await dragOuts.redeem(oldest)).toBeNull();
    (await taken(dragOuts, second)).destroy();
  });

  test('cannot be guessed: another name is none', async () => {
    const { dragOuts, ticket } = await offered('guess.bin');
    expect(ticket).toMatch(/^[0-9a-f]{32}$/);
    expect(await dragOuts.redeem(ticket.toUpperCase() + '0')).toBeNull();
    expect(await dragOuts.redeem('')).toBeNull();
  });

  test('names a file that every system takes, and no colon that would cut the name', () => {
    const name = (key: string) => makeDragOuts().offer('a', { bucket, key }).name;
    expect(name('a/b/运单 1.pdf')).toBe('运单 1.pdf');
    expect(name('a/12:30:00.log')).toBe('12_30_00.log');
    expect(name('a/..')).not.toMatch(/^\.+$/);
    expect(name('a/gpj.\u202eexe')).not.toContain('\u202e');
    expect(name('a/..\\..\\x')).not.toContain('\\');
  });
});

describe('the bytes of what is dragged out', () => {
  test('fail before their end where the CRC-64 is another', async () => {
    const { dragOuts, ticket } = await offered('corrupt.bin');
    server.faults.add({ match: { operation: 'GetObject' }, times: 1, effect: { kind: 'corrupt', atByte: 1000 } });
    const { bytes, error } = await read(await taken(dragOuts, ticket));
    expect(error).toMatchObject({ failure: { kind: 'integrity' } });
    expect(bytes.length).toBeLessThan(content.length);
    expect(failures).toMatchObject([{ kind: 'integrity' }]);
  });

  test('go on where the connection broke', async () => {
    const { dragOuts, ticket } = await offered('broken.bin');
    server.faults.add({
      match: { operation: 'GetObject' },
      times: 1,
      effect: { kind: 'truncate', afterBytes: 1_000_000 },
    });
    const { bytes, error } = await read(await taken(dragOuts, ticket));
    expect(error).toBeNull();
    expect(bytes.equals(content)).toBe(true);
  });

  test('fail where the object was replaced after the connection broke', async () => {
    const { dragOuts, ticket } = await offered('replaced.bin');
    server.faults.add({
      match: { operation: 'GetObject' },
      times: 1,
      effect: { kind: 'truncate', afterBytes: 1_000_000 },
    });
    const body = await taken(dragOuts, ticket);
    await client.put('replaced.bin', Buffer.alloc(content.length, 7));
    const { bytes, error } = await read(body);
    expect(error).toMatchObject({ failure: { kind: 'oss', status: 412 } });
    expect(bytes.length).toBeLessThan(content.length);
  });

  test('are not all held in memory: little waits for whoever reads them', async () => {
    const size = 64 * 1024 * 1024;
    const { dragOuts, ticket } = await offered('large.bin', Buffer.alloc(size, 3));
    const body = await taken(dragOuts, ticket);
    let most = 0;
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      most = Math.max(most, body.readableLength);
    }
    expect(length).toBe(size);
    expect(most).toBeLessThan(1024 * 1024);
  });

  test('stop where whoever reads them stops, without a failure that a person would see', async () => {
    const { dragOuts, ticket } = await offered('stopped.bin');
    const body = await taken(dragOuts, ticket);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(body.destroyed).toBe(true);
    expect(failures).toEqual([]);
  });

  test('of an object that is gone are refused, and the window is told why', async () => {
    const dragOuts = makeDragOuts();
    const { ticket } = dragOuts.offer('a', { bucket, key: 'nothing-here' });
    await expect(dragOuts.redeem(ticket)).rejects.toMatchObject({ failure: { code: 'NoSuchKey' } });
    expect(failures).toMatchObject([{ code: 'NoSuchKey' }]);
  });
});
