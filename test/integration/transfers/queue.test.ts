import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testTls } from '../../support/tls/certificate.ts';
import { WaybillError } from '../../../main/failure.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import {
  digest,
  digestOf,
  makeBucket,
  makePracticeBucket,
  namesIn,
  noise,
  type PracticeBucket,
} from './practice-bucket.ts';
import { accountId, linkOf, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket({ tls: testTls });
});
afterEach(async () => {
  practice.server.faults.clear();
  await run.close();
});
afterAll(() => practice.close());

function upload(prefix: string, ...paths: string[]): Promise<readonly string[]> {
  return run.queue.addUploads({ accountId, bucket: practice.bucket, prefix, paths });
}

function download(folder: string, keys: string[], prefixes: string[] = []): Promise<readonly string[]> {
  const { bucket } = practice;
  return run.queue.addDownloads({ accountId, bucket, keys, prefixes, versionId: null, folder });
}

async function freshFolder(name: string): Promise<string> {
  const folder = join(practice.folder, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

function url(key: string, method: 'GET' | 'PUT' = 'GET'): string {
  const { server, connection, bucket } = practice;
  const accessKey = { accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret, securityToken: null };
  const { endpoint, region } = connection;
  const times = { signedAt: Date.now(), expiresSeconds: 60 };
  return makeSignedUrl({ method, bucket, key, endpoint, region, signVersion: 'v4', accessKey, ...times });
}

test('at most ten batches come in a second', async () => {
  run = makeQueue(practice);
  const paths = await Promise.all(Array.from({ length: 12 }, (_, i) => practice.file(`many-${i}`, noise(MiB))));
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 1500 } });
  await upload('many/', ...paths);
  await run.settled();
  expect(run.batches.length).toBeGreaterThan(2);
  for (const [index, { at }] of run.batches.entries()) {
    const eleventh = run.batches[index + 10];
    if (eleventh !== undefined) expect(eleventh.at - at).toBeGreaterThan(950);
  }
});

test('an existing key asks; replace, skip and keep both do what they say', async () => {
  run = makeQueue(practice);
  const names = ['replace.txt', 'skip.txt', 'keep-both.txt'] as const;
  for (const name of names) await practice.put(`ask/${name}`, 'old');
  await practice.put('ask/keep-both (2).txt', 'other');
  const paths = await Promise.all(names.map((name) => practice.file(name, 'new')));
  await upload('ask/', ...paths);
  await run.settled();
  for (const name of names) expect(run.find(name).state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
  for (const name of names) run.queue.choose(run.find(name).id, name.slice(0, -4) as 'skip', false);
  await run.settled();
  expect(run.find('ask/replace.txt').state.at).toBe('done');
  expect(run.find('ask/skip.txt').state.at).toBe('skipped');
  expect(run.find('ask/keep-both (3).txt')).toMatchObject({ name: 'keep-both (3).txt', state: { at: 'done' } });
  expect((await practice.read('ask/replace.txt')).toString()).toBe('new');
  expect((await practice.read('ask/skip.txt')).toString()).toBe('old');
  expect((await practice.read('ask/keep-both.txt')).toString()).toBe('old');
  expect((await practice.read('ask/keep-both (3).txt')).toString()).toBe('new');
});

test('one answer for all counts for those that wait and those that come later, but not for another batch', async () => {
  run = makeQueue(practice);
  const names = Array.from({ length: 8 }, (_, i) => `all-${i}.txt`);
  for (const name of names) await practice.put(`all/${name}`, 'old');
  const paths = await Promise.all(names.map((name) => practice.file(name, 'new')));
  await upload('all/', ...paths);
  await run.until((transfers) => transfers.some(({ state }) => state.at === 'blocked'), 'one asks');
  const asking = run.queue.list().find(({ state }) => state.at === 'blocked');
  run.queue.choose(asking?.id ?? '', 'replace', true);
  await run.settled();
  expect(run.queue.list().map(({ state }) => state.at)).toEqual(names.map(() => 'done'));
  await upload('all/', ...paths.slice(0, 1));
  await run.settled();
  expect(run.queue.list().at(-1)?.state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
});

test('an object that comes up after the question is not replaced', async () => {
  run = makeQueue(practice);
  const path = await practice.file('race.bin', noise(20 * MiB));
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 500 } });
  await upload('race/', path);
  await run.until((transfers) => transfers.some(({ state }) => state.at === 'running'), 'running');
  await run.until(() => run.find('race.bin').doneBytes > 0, 'bytes');
  await practice.put('race/race.bin', 'theirs');
  await run.settled();
  expect(run.find('race.bin').state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
  expect((await practice.read('race/race.bin')).toString()).toBe('theirs');
});

test('an existing file asks before a download too', async () => {
  run = makeQueue(practice);
  await practice.put('down.txt', 'new');
  const folder = await freshFolder('asks');
  await writeFile(join(folder, 'down.txt'), 'old');
  await download(folder, ['down.txt']);
  await run.settled();
  const { id, state } = run.find('down.txt');
  expect(state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
  run.queue.choose(id, 'keep-both', false);
  await run.settled();
  expect(await readFile(join(folder, 'down.txt'), 'utf8')).toBe('old');
  expect(await readFile(join(folder, 'down (2).txt'), 'utf8')).toBe('new');
  expect(run.queue.localPathOf(id)).toBe(join(folder, 'down (2).txt'));
});

test('cancel leaves no parts in the bucket and no temporary file', async () => {
  run = makeQueue(practice);
  const path = await practice.file('cancel.bin', noise(40 * MiB));
  await practice.put('cancel-down', noise(40 * MiB));
  const folder = await freshFolder('cancels');
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 10 * MiB } });
  await upload('cancel/', path);
  await download(folder, ['cancel-down']);
  await run.until((transfers) => transfers.every(({ doneBytes }) => doneBytes > 0), 'both move');
  run.queue.cancel(run.queue.list().map(({ id }) => id));
  expect(run.queue.list().map(({ state }) => state.at)).toEqual(['cancelled', 'cancelled']);
  practice.server.faults.clear();
  await run.close();
  expect(await namesIn(folder)).toEqual([]);
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
  expect(await practice.has('cancel/cancel.bin')).toBe(false);
});

test('pause and resume finish with the same bytes', async () => {
  run = makeQueue(practice);
  const bytes = noise(40 * MiB);
  await practice.put('pause-down', bytes);
  const path = await practice.file('pause-up', bytes);
  const folder = await freshFolder('pauses');
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 20 * MiB } });
  await upload('pause/', path);
  await download(folder, ['pause-down']);
  await run.until((transfers) => transfers.every(({ doneBytes }) => doneBytes > 8 * MiB), 'both move');
  const ids = run.queue.list().map(({ id }) => id);
  run.queue.pause(ids);
  expect(run.queue.list().map(({ state }) => state.at)).toEqual(['paused', 'paused']);
  practice.server.faults.clear();
  run.queue.resume(ids);
  await run.settled();
  expect(run.queue.list().map(({ state, doneBytes }) => [state.at, doneBytes])).toEqual([
    ['done', bytes.length],
    ['done', bytes.length],
  ]);
  expect(await digestOf(join(folder, 'pause-down'))).toBe(digest(bytes));
  expect(digest(await practice.read('pause/pause-up'))).toBe(digest(bytes));
});

test('a fifth of all requests failing does not matter', async () => {
  run = makeQueue(practice);
  const { faults } = practice.server;
  for (let skip = 2; skip < 400; skip += 5) {
    const effect =
      skip % 2 === 0
        ? ({ kind: 'error', status: 500, code: 'InternalError' } as const)
        : ({ kind: 'reset', at: 'before-headers' } as const);
    faults.add({ skip, times: 1, effect });
  }
  const files = Array.from({ length: 10 }, (_, i) => ({ name: `fifth-${i}`, bytes: noise((i + 1) * 2 * MiB) }));
  const paths = await Promise.all(files.map(({ name, bytes }) => practice.file(name, bytes)));
  await upload('fifth/', ...paths);
  await run.settled();
  const folder = await freshFolder('fifths');
  await download(folder, [], ['fifth/']);
  await run.settled();
  expect(run.queue.list().filter(({ state }) => state.at !== 'done')).toEqual([]);
  for (const { name, bytes } of files) expect(await digestOf(join(folder, 'fifth', name))).toBe(digest(bytes));
});

test('a damaged copy is thrown away and read again', async () => {
  run = makeQueue(practice);
  const bytes = noise(2 * MiB);
  await practice.put('damaged', bytes);
  const folder = await freshFolder('damages');
  practice.server.faults.add({ match: { operation: 'GetObject' }, times: 1, effect: { kind: 'corrupt', atByte: 5 } });
  await download(folder, ['damaged']);
  await run.settled();
  expect(run.find('damaged').state).toMatchObject({ at: 'done', verified: 'crc64' });
  expect(await digestOf(join(folder, 'damaged'))).toBe(digest(bytes));
});

test('a copy that is damaged every time fails and leaves nothing', async () => {
  run = makeQueue(practice);
  await practice.put('always-damaged', noise(MiB));
  const folder = await freshFolder('always');
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'corrupt', atByte: 5 } });
  await download(folder, ['always-damaged']);
  await run.settled();
  expect(run.find('always-damaged').state).toMatchObject({ at: 'failed', because: { kind: 'integrity' } });
  expect(await namesIn(folder)).toEqual([]);
});

test('an expired token is renewed once; if that does not help the transfer waits for credentials', async () => {
  let renewed = 0;
  run = makeQueue(practice, {
    refresh: () => {
      renewed += 1;
      return Promise.resolve();
    },
  });
  const path = await practice.file('token.txt', 'x');
  practice.server.faults.add({ times: 1, effect: { kind: 'expired-token' } });
  await upload('token/', path);
  await run.settled();
  expect(run.find('token.txt').state.at).toBe('done');
  expect(renewed).toBe(1);
  const stop = practice.server.faults.add({ effect: { kind: 'expired-token' } });
  await upload('token-2/', path);
  await run.settled();
  const { id, state } = run.find('token-2/token.txt');
  expect(state).toMatchObject({ at: 'blocked', need: 'credentials' });
  expect(renewed).toBe(2);
  stop();
  run.queue.resume([id]);
  await run.settled();
  expect(run.find('token-2/token.txt').state.at).toBe('done');
});

test('credentials that are missing block, they do not fail', async () => {
  run = makeQueue(practice, {
    connection: () => Promise.reject(new WaybillError({ kind: 'credentials', cause: 'missing' })),
  });
  await upload('', await practice.file('nobody.txt', 'x'));
  await run.settled();
  expect(run.find('nobody.txt').state).toMatchObject({ at: 'blocked', need: 'credentials' });
});

test('an object that is not there fails and can be tried again', async () => {
  run = makeQueue(practice);
  const folder = await freshFolder('nothing');
  await download(folder, ['not-yet']);
  await run.settled();
  expect(run.find('not-yet').state).toMatchObject({ at: 'failed', because: { kind: 'oss', code: 'NoSuchKey' } });
  await practice.put('not-yet', 'now');
  run.queue.retry([run.find('not-yet').id]);
  await run.settled();
  expect(await readFile(join(folder, 'not-yet'), 'utf8')).toBe('now');
});

test('a link works without an account, and an ended one asks for a fresh one that then goes on', async () => {
  run = makeQueue(practice, { connection: () => Promise.reject(new Error('no account')) });
  const bytes = noise(12 * MiB);
  await practice.put('linked.bin', bytes);
  const folder = await freshFolder('links');
  practice.server.faults.clockOffsetMs = 600_000;
  const ended = run.queue.addLinkDownload({ ...linkOf(url('linked.bin')), folder, fileName: 'linked.bin' });
  await run.settled();
  expect(run.find('linked.bin')).toMatchObject({ through: 'link', state: { at: 'blocked', need: 'fresh-link' } });
  practice.server.faults.clear();
  const fresh = run.queue.addLinkDownload({ ...linkOf(url('linked.bin')), folder, fileName: 'linked.bin' });
  expect(fresh).toBe(ended);
  await run.settled();
  expect(await digestOf(join(folder, 'linked.bin'))).toBe(digest(bytes));
  const path = await practice.file('link-up', 'up');
  run.queue.addLinkUpload({ ...linkOf(url('link-up', 'PUT')), path, headers: {} });
  await run.settled();
  expect((await practice.read('link-up')).toString()).toBe('up');
});

test('clear forgets what has ended and says so', async () => {
  run = makeQueue(practice);
  await upload('clear/', await practice.file('cleared.txt', 'x'));
  await run.settled();
  const { id } = run.find('cleared.txt');
  run.queue.clear();
  expect(run.queue.list()).toEqual([]);
  await run.until(() => run.batches.some(({ batch }) => batch.removed.includes(id)), 'told');
});

test('clear keeps what failed until it is dismissed', async () => {
  run = makeQueue(practice);
  practice.server.faults.add({
    match: { operation: 'PutObject' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await upload('clear/', await practice.file('failing.txt', 'x'));
  await run.settled();
  const { id } = run.find('failing.txt');
  run.queue.clear();
  expect(run.find('failing.txt').state.at).toBe('failed');
  await upload('clear/', await practice.file('failing-too.txt', 'x'));
  await run.settled();
  run.queue.cancel([id]);
  run.queue.clear('failed');
  expect(run.queue.list().map(({ name }) => name)).toEqual(['failing.txt']);
  run.queue.clear();
  expect(run.queue.list()).toEqual([]);
});

test('in a bucket with versions replacing makes a version, and the transfer names it', async () => {
  run = makeQueue(practice);
  const bucket = 'waybill-versions';
  await makeBucket(practice.connection, bucket, true);
  const path = await practice.file('versioned.txt', 'one');
  await run.queue.addUploads({ accountId, bucket, prefix: '', paths: [path] });
  await run.settled();
  await run.queue.addUploads({ accountId, bucket, prefix: '', paths: [path] });
  await run.settled();
  const asked = run.queue.list().at(-1);
  expect(asked?.state).toEqual({ at: 'blocked', need: 'overwrite-choice' });
  run.queue.choose(asked?.id ?? '', 'replace', false);
  await run.settled();
  const [first, second] = run.queue.list().map(({ state }) => (state.at === 'done' ? state.versionId : null));
  expect(first).toBeTypeOf('string');
  expect(second).toBeTypeOf('string');
  expect(second).not.toBe(first);
});

test('a target folder that was removed is made again', async () => {
  run = makeQueue(practice);
  await practice.put('folder-gone', noise(30 * MiB));
  const folder = await freshFolder('gone');
  await rm(folder, { recursive: true });
  await download(folder, ['folder-gone']);
  await run.settled();
  expect(run.find('folder-gone').state.at).toBe('done');
});

test('what an earlier attempt stored late asks nobody whether to replace it', async () => {
  const bytes = noise(5000);
  const path = await practice.file('late', bytes);
  run = makeQueue(practice);
  practice.server.faults.add({ match: { operation: 'PutObject' }, times: 1, effect: { kind: 'latency', ms: 5000 } });
  await upload('late/', path);
  await run.until(() => run.find('late').doneBytes > 0, 'sent');
  run.queue.pause('all');
  // It was not there yet when the next attempt looked, and is when that one sends.
  practice.server.faults.add({
    match: { operation: 'HeadObject' },
    times: 1,
    effect: { kind: 'error', status: 404, code: 'NoSuchKey' },
  });
  await practice.put('late/late', bytes);
  run.queue.resume('all');
  await run.settled();
  expect(run.find('late').state).toMatchObject({ at: 'done', verified: 'crc64' });
});
