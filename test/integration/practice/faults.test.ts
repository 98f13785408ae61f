import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { createCRC64 } from 'hash-wasm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'faults-bucket';
const content = randomBytes(1_000_000);
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
  await client.put('k', content);
});

afterAll(() => server.stop());

afterEach(() => server.faults.clear());

/** How a download goes: how many bytes came, and how it ended. */
async function download(): Promise<{ bytes: number; end: string; crcAgrees: boolean }> {
  const url = new URL(await client.signatureUrlV4('GET', 60, {}, 'k'));
  const crc = await createCRC64();
  return new Promise((resolve) => {
    let bytes = 0;
    let told = '';
    let finished = false;
    const finish = (end: string): void => {
      if (finished) return;
      finished = true;
      const actual = BigInt(`0x${crc.digest('hex')}`).toString();
      resolve({ bytes, end, crcAgrees: actual === told });
    };
    const request = httpRequest(url, (response) => {
      told = String(response.headers['x-oss-hash-crc64ecma']);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        crc.update(chunk);
      });
      response.on('error', (error) => finish('code' in error ? String(error.code) : 'error'));
      response.on('end', () => finish('end'));
    });
    request.on('error', (error) => finish('code' in error ? String(error.code) : 'error'));
    request.end();
  });
}

const fine = { bytes: content.length, end: 'end', crcAgrees: true };

test('without a fault all is well', async () => {
  expect(await download()).toEqual(fine);
});

describe('one fault, then all is well again', () => {
  test('a reset before the headers', async () => {
    server.faults.add({ effect: { kind: 'reset', at: 'before-headers' }, times: 1 });
    expect(await download()).toMatchObject({ bytes: 0, end: 'ECONNRESET' });
    expect(await download()).toEqual(fine);
  });

  test('a reset in the middle of a download', async () => {
    server.faults.add({ effect: { kind: 'reset', at: 'mid-body', afterBytes: 400_000 }, times: 1 });
    const { bytes, end } = await download();
    expect(end).toBe('ECONNRESET');
    expect(bytes).toBeLessThanOrEqual(400_000);
    expect(await download()).toEqual(fine);
  });

  test('a body that ends early', async () => {
    server.faults.add({ effect: { kind: 'truncate', afterBytes: 400_000 }, times: 1 });
    const { bytes, end } = await download();
    expect([bytes, end]).toEqual([400_000, 'ECONNRESET']);
    expect(await download()).toEqual(fine);
  });

  test('a wrong byte under the right CRC-64', async () => {
    server.faults.add({ effect: { kind: 'corrupt', atByte: 500_000 }, times: 1 });
    expect(await download()).toEqual({ ...fine, crcAgrees: false });
    expect(await download()).toEqual(fine);
  });

  test('a 503', async () => {
    server.faults.add({ effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' }, times: 1 });
    await expect(client.get('k')).rejects.toMatchObject({ status: 503, code: 'ServiceUnavailable' });
    expect(await download()).toEqual(fine);
  });

  test('a token that has expired meanwhile', async () => {
    server.faults.add({ effect: { kind: 'expired-token' }, times: 1 });
    await expect(client.get('k')).rejects.toMatchObject({ status: 403, code: 'SecurityTokenExpired' });
    expect(await download()).toEqual(fine);
  });

  test('latency and a slow body take their time', async () => {
    server.faults.add({ effect: { kind: 'latency', ms: 200 }, times: 1 });
    server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 2_000_000 }, times: 1 });
    const started = performance.now();
    expect(await download()).toEqual(fine);
    expect(performance.now() - started).toBeGreaterThan(600);
  });
});

describe('uploads', () => {
  async function put(key: string, body: Buffer): Promise<number | string> {
    const url = await client.signatureUrlV4('PUT', 60, {}, key);
    return send(url, { method: 'PUT', body }).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'error'),
    );
  }

  test('one that is cut leaves nothing behind', async () => {
    server.faults.add({ effect: { kind: 'reset', at: 'mid-upload', afterBytes: 100_000 }, times: 1 });
    expect(await put('cut', content)).toMatch(/ECONNRESET|EPIPE/);
    await expect(client.head('cut')).rejects.toMatchObject({ status: 404 });
    expect(await put('cut', content)).toBe(200);
  });

  test('one whose reply is lost is there all the same', async () => {
    server.faults.add({ effect: { kind: 'reset', at: 'after-work' }, times: 1 });
    expect(await put('lost-reply', content)).toBe('ECONNRESET');
    expect(content.equals((await client.get('lost-reply')).content as Buffer)).toBe(true);
  });
});

describe('a rule', () => {
  const broken = { kind: 'error', status: 500, code: 'InternalError' } as const;
  const status = async (key: string, method = 'GET'): Promise<number> =>
    (await send(await client.signatureUrlV4(method, 60, {}, key), { method })).status;

  test('hits only what it matches', async () => {
    server.faults.add({ match: { method: 'GET', operation: 'GetObject', bucket: BUCKET, key: /^k$/ }, effect: broken });
    expect([await status('k'), await status('k', 'HEAD'), await status('other')]).toEqual([500, 200, 404]);
    server.faults.clear();
    server.faults.add({ match: { key: 'other' }, effect: broken });
    expect([await status('k'), await status('other')]).toEqual([200, 500]);
  });

  test('may skip some and hit a number of times', async () => {
    server.faults.add({ match: { operation: 'GetObject' }, skip: 1, times: 2, effect: broken });
    const seen = [];
    for (let at = 0; at < 4; at += 1) seen.push(await status('k'));
    expect(seen).toEqual([200, 500, 500, 200]);
  });

  test('is taken away by what added it', async () => {
    const remove = server.faults.add({ effect: broken });
    expect(await status('k')).toBe(500);
    remove();
    expect(await status('k')).toBe(200);
  });

  test('may hit STS', async () => {
    server.faults.add({ match: { operation: 'AssumeRole' }, effect: broken });
    const answer = await send(`${server.endpoint}/?Action=AssumeRole`);
    expect([answer.status, xmlText(answer.text, 'Code')]).toEqual([500, 'InternalError']);
  });
});
