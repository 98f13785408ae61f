import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { digest, digestOf, makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';
import { makeRelay, type Relay } from './relay.ts';

const MiB = 1024 ** 2;
const STALL_MS = 400;
let practice: PracticeBucket;
let relay: Relay;
let dispatcher: TransferAgent;
let afar: Connection;

beforeAll(async () => {
  practice = await makePracticeBucket();
  relay = await makeRelay(Number(new URL(practice.server.endpoint).port));
});
beforeEach(() => {
  dispatcher = new TransferAgent({ stallTimeoutMs: STALL_MS });
  afar = { ...practice.connection, endpoint: parseEndpoint(`http://127.0.0.1:${relay.port}`), dispatcher };
});
afterEach(() => dispatcher.destroy());
afterAll(async () => {
  await relay.close();
  await practice.close();
});

test.each([
  ['in the middle of an answer', 3 * MiB],
  ['before an answer begins', 0],
])('a download whose connection falls silent %s drops it and goes on where it was', async (_, afterBytes) => {
  const bytes = noise(20 * MiB);
  await practice.put('silent', bytes);
  relay.freeze('down', afterBytes);
  const watch = makeWatch();
  const target = join(practice.folder, `silent-${afterBytes}`);
  const source = accountSource(afar, { bucket: practice.bucket, key: 'silent' });
  const start = performance.now();
  await downloadObject({ source, target, replace: true, checkpoint: null }, watch.download);
  expect(performance.now() - start).toBeGreaterThanOrEqual(STALL_MS);
  expect(relay.isFreezing()).toBe(false);
  expect(watch.seen.doneBytes).toBe(bytes.length);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test.each([
  ['small', 2 * MiB],
  ['large', 20 * MiB],
])('a %s upload whose connection falls silent drops it and sends that part again', async (name, size) => {
  const bytes = noise(size);
  const path = await practice.file(`silent-${name}`, bytes);
  relay.freeze('up', MiB);
  const job = { connection: afar, bucket: practice.bucket, key: `silent-${name}`, path, checkpoint: null } as const;
  const watch = makeWatch();
  const start = performance.now();
  const outcome = await uploadFile({ ...job, existing: 'replace' }, watch.upload);
  expect(performance.now() - start).toBeGreaterThanOrEqual(STALL_MS);
  expect(outcome.verified).toBe('crc64');
  expect(watch.seen.doneBytes).toBe(size);
  expect(digest(await practice.read(`silent-${name}`))).toBe(digest(bytes));
});

test('what waits for its own bandwidth limit is not taken for silent', async () => {
  const bytes = noise(300_000);
  await practice.put('patient', bytes);
  // A block takes longer than silence may.
  dispatcher.bandwidth.set({ up: null, down: 60_000 });
  const target = join(practice.folder, 'patient');
  const source = accountSource(afar, { bucket: practice.bucket, key: 'patient' });
  const opened: number[] = [];
  const counting = {
    ...source,
    open: (request: Parameters<typeof source.open>[0]) => (opened.push(1), source.open(request)),
  };
  const lifted = setTimeout(() => dispatcher.bandwidth.set({ up: null, down: null }), 4 * STALL_MS);
  await downloadObject({ source: counting, target, replace: true, checkpoint: null }, makeWatch().download);
  clearTimeout(lifted);
  expect(opened).toHaveLength(1);
  expect(await digestOf(target)).toBe(digest(bytes));
});
