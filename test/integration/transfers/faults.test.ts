import { mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import {
  digest,
  digestOf,
  makePracticeBucket,
  makeWatch,
  namesIn,
  noise,
  type PracticeBucket,
} from './practice-bucket.ts';
import { accountId, makeQueue } from './queue-run.ts';
import { makeRelay, type Relay } from './relay.ts';
import { abortUpload } from '../../../main/transfers/upload/multipart-session.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let relay: Relay;
/** The same bucket, but over the network that can break. */
let afar: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
  relay = await makeRelay(Number(new URL(practice.server.endpoint).port));
  const endpoint = parseEndpoint(`http://127.0.0.1:${relay.port}`);
  afar = { ...practice, connection: { ...practice.connection, endpoint } };
});
afterEach(() => practice.server.faults.clear());
afterAll(async () => {
  await relay.close();
  await practice.close();
});

async function freshFolder(name: string): Promise<string> {
  const folder = join(practice.folder, name);
  // A test that is tried again finds what its first attempt left.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return folder;
}

test.each([1, 5])('%i in a hundred requests failing does not matter', async (percent) => {
  const every = 100 / percent;
  for (let hit = 0; hit < 4 * percent; hit += 1) {
    const effect =
      hit % 2 === 0
        ? ({ kind: 'reset', at: 'after-work' } as const)
        : ({ kind: 'error', status: 503, code: 'ServiceUnavailable' } as const);
    practice.server.faults.add({ skip: Math.floor(hit * every + every / 2), times: 1, effect });
  }
  const folder = await freshFolder(`some-${percent}`);
  const tree = await freshFolder(`tree-${percent}`);
  const small = noise(20_000);
  for (let index = 0; index < 60; index += 1) await practice.file(`tree-${percent}/${index}`, small);
  const large = noise(40 * MiB);
  await practice.file(`tree-${percent}/large`, large);
  const run = makeQueue(practice, { overwrite: () => 'replace' });
  await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [tree] });
  await run.settled();
  const prefixes = [`tree-${percent}/`];
  await run.queue.addDownloads({ accountId, bucket: practice.bucket, keys: [], prefixes, versionId: null, folder });
  await run.settled();
  for (const transfer of run.queue.list()) {
    expect(transfer).toMatchObject({ state: { at: 'done' }, folder: { done: 61, failed: 0 } });
  }
  const names = await namesIn(join(folder, `tree-${percent}`));
  expect(names.length).toBe(61);
  for (const name of names) {
    expect(await digestOf(join(folder, `tree-${percent}`, name))).toBe(digest(name === 'large' ? large : small));
  }
  await run.close();
});

test('a network that goes away and comes back ends in the same bytes, up and down', async () => {
  const bytes = noise(48 * MiB);
  await practice.put('far-down', bytes);
  const path = await practice.file('far-up', bytes);
  const folder = await freshFolder('far');
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 6 * MiB } });
  const run = makeQueue(afar, { overwrite: () => 'replace' });
  await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [path] });
  await run.queue.addDownloads({
    ...{ accountId, bucket: practice.bucket, prefixes: [], versionId: null },
    keys: ['far-down'],
    folder,
  });
  await run.until((all) => all.every(({ doneBytes }) => doneBytes > 4 * MiB), 'both under way');
  await relay.unplug();
  await run.until((all) => all.every(({ state }) => state.at !== 'running'), 'both stopped');
  expect(run.queue.list().some(({ state }) => state.at === 'failed')).toBe(false);
  practice.server.faults.clear();
  await relay.plug();
  run.queue.retry(run.queue.list().map(({ id }) => id));
  await run.settled();
  expect(run.queue.list().map(({ state }) => state.at)).toEqual(['done', 'done']);
  expect(digest(await practice.read('far-up'))).toBe(digest(bytes));
  expect(await digestOf(join(folder, 'far-down'))).toBe(digest(bytes));
  await run.close();
});

test.each([
  ['small', 2 * MiB],
  ['large', 20 * MiB],
])('a %s file whose bytes are damaged on the way up is never taken for stored', async (name, size) => {
  const bytes = noise(size);
  const path = await practice.file(`damaged-${name}`, bytes);
  const connection = { ...afar.connection, dispatcher: new TransferAgent() };
  relay.damage(MiB);
  const upload = { connection, bucket: practice.bucket, key: `damaged-${name}`, path, checkpoint: null } as const;
  const outcome = await uploadFile({ ...upload, existing: 'replace' }, makeWatch().upload);
  expect(relay.isDamaging()).toBe(false);
  expect(outcome.verified).toBe('crc64');
  expect(digest(await practice.read(`damaged-${name}`))).toBe(digest(bytes));
  await connection.dispatcher.destroy();
});

test('a file that is cut short while its parts go up makes no object, and its upload can be cleaned up', async () => {
  const path = await practice.file('cut', noise(40 * MiB));
  const watch = makeWatch();
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 16 * MiB } });
  const { connection, bucket } = practice;
  const upload = uploadFile(
    { connection, bucket, key: 'cut', path, existing: 'keep', checkpoint: null },
    { ...watch.upload, onPart: () => void truncate(path, 1000) },
  );
  await expect(upload).rejects.toMatchObject({ failure: { kind: 'file', reason: 'changed', path } });
  expect(await practice.has('cut')).toBe(false);
  if (watch.seen.upload === null) throw new Error('no checkpoint');
  await abortUpload(connection, watch.seen.upload);
  expect((await listMultipartUploads(connection, bucket)).uploads).toEqual([]);
});

test('a target folder that is removed during a download fails by its path, and the next attempt makes it anew', async () => {
  const bytes = noise(24 * MiB);
  await practice.put('homeless', bytes);
  const folder = await freshFolder('home');
  const source = accountSource(practice.connection, { bucket: practice.bucket, key: 'homeless' });
  const target = join(folder, 'x');
  const job = { source, target, replace: false, checkpoint: null };
  const removed: Promise<void>[] = [];
  const onSpan = (): void => void removed.push(rm(folder, { recursive: true, force: true }));
  await expect(downloadObject(job, { ...makeWatch().download, onSpan })).rejects.toMatchObject({
    failure: { kind: 'file', reason: 'missing', path: target },
  });
  await Promise.all(removed);
  await downloadObject(job, makeWatch().download);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('a bandwidth limit holds for all parts together, and lifting it counts for those under way', async () => {
  const dispatcher = new TransferAgent();
  const connection = { ...practice.connection, dispatcher };
  const path = await practice.file('limited', noise(64 * MiB));
  const upload = {
    connection,
    bucket: practice.bucket,
    key: 'limited',
    path,
    existing: 'keep',
    checkpoint: null,
  } as const;
  dispatcher.bandwidth.set({ up: 4 * MiB, down: null });
  const watch = makeWatch();
  const start = performance.now();
  let seconds = 0;
  const onBytes = (count: number): void => {
    watch.upload.onBytes(count);
    if (watch.seen.doneBytes < 8 * MiB || seconds > 0) return;
    seconds = (performance.now() - start) / 1000;
    // The rest would take years.
    dispatcher.bandwidth.set({ up: null, down: null });
  };
  await uploadFile(upload, { ...watch.upload, onBytes });
  // A limit holds at least this long; a slow machine may take longer. (0.1 s may be made up for at the start.)
  expect(seconds).toBeGreaterThan(8 / 4 - 0.2);
  await dispatcher.destroy();
});

test('a slow upload that is paused keeps nearly all it sent, and goes on from there', async () => {
  const dispatcher = new TransferAgent();
  const connection = { ...practice.connection, dispatcher };
  const bytes = noise(60 * MiB);
  const path = await practice.file('slow-line', bytes);
  const upload = { connection, bucket: practice.bucket, key: 'slow-line', path, existing: 'keep' } as const;
  dispatcher.bandwidth.set({ up: 0.5 * MiB, down: null });
  const paused = new AbortController();
  const watch = makeWatch(paused.signal);
  const onPart: typeof watch.upload.onPart = (part) => {
    watch.upload.onPart(part);
    if (watch.seen.parts.length === 2) paused.abort();
  };
  await expect(uploadFile({ ...upload, checkpoint: null }, { ...watch.upload, onPart })).rejects.toThrow();
  const { upload: checkpoint, doneBytes, parts } = watch.seen;
  const kept = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  // With parts of 8 MiB, four at a time, none would have been there for a minute.
  expect(checkpoint?.partSizeBytes).toBeLessThanOrEqual(4 * MiB);
  expect(kept).toBeGreaterThan(0);
  expect(doneBytes).toBe(kept);

  dispatcher.bandwidth.set({ up: null, down: null });
  const rest = makeWatch();
  const outcome = await uploadFile({ ...upload, checkpoint }, rest.upload);
  expect(outcome.verified).toBe('crc64');
  expect(rest.seen.doneBytes).toBe(bytes.length);
  const sentAgain = rest.seen.parts.filter(({ partNumber }) => parts.some((part) => part.partNumber === partNumber));
  expect(sentAgain).toEqual([]);
  expect(digest(await practice.read('slow-line'))).toBe(digest(bytes));
  await dispatcher.destroy();
});
