import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../main/oss/connection.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { changeMany } from '../../../main/properties/change-many.ts';
import { changeObject } from '../../../main/properties/change-object.ts';
import { readProperties } from '../../../main/properties/read-properties.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'waybill-inbox';
/** What another tool sends: the bytes of UTF-8, and of GBK. */
const utf8 = Buffer.from('打包测试.csv').toString('latin1');
const gbk = '\xb4\xf2\xb0\xfc';
const raw = {
  'x-oss-meta-filename': utf8,
  'x-oss-meta-gbk': gbk,
  'content-disposition': `attachment; filename="${utf8}"`,
};
let run: PracticeRun;

beforeAll(async () => {
  run = await startPracticeRun();
});

afterAll(() => run.close());

async function connect(signVersion: 'v4' | 'v1'): Promise<Connection> {
  const { id } = await run.accounts.add(run.draft({ remember: false, signVersion }));
  return run.accounts.connection(id, bucket);
}

/** Stores an object with raw header bytes, byte for byte; the URL signs those of x-oss-*. */
async function put(connection: Connection, key: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const url = makeSignedUrl({
    ...connection,
    ...{ method: 'PUT', bucket, key, signedAt: Date.now(), expiresSeconds: 60 },
    accessKey: await connection.accessKey(),
    headers,
    additionalHeaders: [],
  });
  const { hostname, port, pathname, search } = new URL(url);
  const head = [
    `PUT ${pathname}${search} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...['content-length: 1', 'connection: close'],
  ].join('\r\n');
  const socket = createConnection(Number(port), hostname);
  socket.write(`${head}\r\n\r\nx`, 'latin1');
  const reply = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
  expect(reply).toMatch(/^HTTP\/1\.1 200 /);
}

const { signal } = new AbortController();

test.each(['v4', 'v1'] as const)(
  'headers that are not ASCII keep their bytes in a change (%s)',
  async (signVersion) => {
    const connection = await connect(signVersion);
    const key = `bytes-${signVersion}`;
    await put(connection, key, raw);
    await changeObject(connection, { bucket, key }, { headers: { 'cache-control': 'no-cache' } }, signal);
    const head = await headObject(connection, { bucket, key });
    expect(head.meta).toEqual({ filename: utf8, gbk });
    expect(head.httpHeaders).toMatchObject({
      'cache-control': 'no-cache',
      'content-disposition': raw['content-disposition'],
    });
  },
);

test('they are shown as UTF-8, and stay what they are when other metadata changes', async () => {
  const connection = await connect('v4');
  await put(connection, 'shown', raw);
  const { head } = await readProperties(connection, { bucket, key: 'shown' });
  expect(head.meta).toEqual({ filename: '打包测试.csv', gbk });
  const meta = { only: true, values: { ...head.meta, more: 'new' } };
  await changeObject(connection, { bucket, key: 'shown' }, { meta }, signal);
  expect((await headObject(connection, { bucket, key: 'shown' })).meta).toEqual({ filename: utf8, gbk, more: 'new' });
  const typed = { only: true, values: { filename: '另一个' } };
  await expect(changeObject(connection, { bucket, key: 'shown' }, { meta: typed }, signal)).rejects.toMatchObject({
    failure: { kind: 'input', field: 'x-oss-meta-filename', rule: 'not-ascii' },
  });
});

test('one signature that OSS refuses stops no other change', async () => {
  const connection = await connect('v4');
  const keys = ['one', 'two', 'three'].map((name) => `refused/${name}`);
  for (const key of keys) await put(connection, key, {});
  const remove = run.server.faults.add({
    match: { key: 'refused/two' },
    effect: { kind: 'error', status: 403, code: 'SignatureDoesNotMatch' },
  });
  const scope = { bucket, keys, prefixes: [], versionId: null };
  const change = { headers: { 'cache-control': 'no-cache' } };
  const outcome = await changeMany({ connection, signal, onProgress: () => undefined }, scope, change);
  remove();
  expect(outcome).toMatchObject({ changed: 2, unchanged: 0, stopped: null });
  expect(outcome.failed.map(({ key }) => key)).toEqual(['refused/two']);
});

test('objects under way when a failure stops the rest are counted', async () => {
  const connection = await connect('v4');
  const keys = Array.from({ length: 6 }, (_, at) => `count/${at}`);
  for (const key of keys) await put(connection, key, {});
  run.server.faults.add({
    match: { key: 'count/0', operation: 'HeadObject' },
    times: 1,
    effect: { kind: 'error', status: 403, code: 'InvalidAccessKeyId' },
  });
  const scope = { bucket, keys, prefixes: [], versionId: null };
  const change = { headers: { 'cache-control': 'no-cache' } };
  const outcome = await changeMany({ connection, signal, onProgress: () => undefined }, scope, change);
  const heads = await Promise.all(keys.map((key) => headObject(connection, { bucket, key })));
  expect(outcome.stopped).toMatchObject({ kind: 'credentials' });
  expect(outcome.changed).toBe(heads.filter(({ httpHeaders }) => httpHeaders['cache-control'] === 'no-cache').length);
});
