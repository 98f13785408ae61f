import { mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seeded } from '../../support/seeded.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import type { DownloadJob } from '../../../main/transfers/download/download-job.ts';
import { accountSource, linkSource, type ObjectSource } from '../../../main/transfers/download/object-source.ts';
import { uploadThroughLink } from '../../../main/transfers/upload/link-upload.ts';
import type { DownloadCheckpoint } from '../../../main/transfers/tasks/checkpoints.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import {
  digest,
  digestOf,
  makePracticeBucket,
  makeWatch,
  namesIn,
  noise,
  openBelow,
  type PracticeBucket,
} from './practice-bucket.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket({ tls: testTls });
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

async function freshFolder(name: string): Promise<string> {
  const folder = join(practice.folder, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

function source(key: string): ObjectSource {
  return accountSource(practice.connection, { bucket: practice.bucket, key });
}

function signedUrl(method: 'GET' | 'PUT', key: string, params: Record<string, string> = {}, headers = {}): string {
  const { connection, bucket, server } = practice;
  return makeSignedUrl({
    method,
    bucket,
    key,
    params,
    headers,
    endpoint: connection.endpoint,
    region: connection.region,
    signVersion: 'v4',
    accessKey: { accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret, securityToken: null },
    signedAt: Date.now(),
    expiresSeconds: 60,
  });
}

function link(key: string, params: Record<string, string> = {}): ObjectSource {
  const reading = readSignedUrl(signedUrl('GET', key, params));
  if (reading.kind !== 'link') throw new Error(reading.kind);
  return linkSource(reading.url, reading.parts, practice.connection.dispatcher);
}

function job(from: ObjectSource, target: string, more: Partial<DownloadJob> = {}): DownloadJob {
  return { source: from, target, replace: false, checkpoint: null, ...more };
}

test.each([0, 1, 8 * MiB, 8 * MiB + 1, 35 * MiB + 17])(
  '%i bytes arrive as they were, by key and by link',
  async (size) => {
    const bytes = noise(size);
    await practice.put(`get-${size}`, bytes);
    const folder = await freshFolder(`get-${size}`);
    for (const [name, from] of [
      ['by-key', source(`get-${size}`)],
      ['by-link', link(`get-${size}`)],
      ['by-limited-link', link(`get-${size}`, { 'x-oss-traffic-limit': '838860800' })],
    ] as const) {
      const watch = makeWatch();
      const outcome = await downloadObject(job(from, join(folder, name)), watch.download);
      expect(outcome.verified).toBe('crc64');
      expect(watch.seen).toMatchObject({ doneBytes: size, sizeBytes: size, download: null });
      expect(await digestOf(join(folder, name))).toBe(digest(bytes));
    }
    expect(await namesIn(folder)).toEqual(['by-key', 'by-limited-link', 'by-link']);
  },
);

test.each([
  ['a reset in the middle of the body', { kind: 'reset', at: 'mid-body', afterBytes: 3 * MiB }],
  ['a truncated body', { kind: 'truncate', afterBytes: 2 * MiB }],
  ['503', { kind: 'error', status: 503, code: 'ServiceUnavailable' }],
] as const)('%s is made good without reading again what is there', async (_, effect) => {
  const bytes = noise(30 * MiB);
  await practice.put('broken', bytes);
  const folder = await freshFolder(`broken-${effect.kind}`);
  for (const [name, from] of [
    ['key', source('broken')],
    ['link', link('broken')],
    ['limited', link('broken', { 'x-oss-traffic-limit': '838860800' })],
  ] as const) {
    practice.server.faults.clear();
    practice.server.faults.add({ match: { operation: 'GetObject' }, times: 3, effect });
    const watch = makeWatch();
    await downloadObject(job(from, join(folder, name)), watch.download);
    expect(watch.seen.doneBytes).toBe(bytes.length);
    expect(await digestOf(join(folder, name))).toBe(digest(bytes));
  }
});

test('one wrong byte is noticed, and nothing is left of the copy', async () => {
  await practice.put('flipped', noise(20 * MiB));
  const folder = await freshFolder('flipped');
  practice.server.faults.add({ match: { operation: 'GetObject' }, times: 1, effect: { kind: 'corrupt', atByte: 7 } });
  const watch = makeWatch();
  await expect(downloadObject(job(source('flipped'), join(folder, 'x')), watch.download)).rejects.toMatchObject({
    failure: { kind: 'integrity' },
  });
  expect(await namesIn(folder)).toEqual([]);
  expect(watch.seen).toMatchObject({ doneBytes: 0, download: null });
});

test('an object that is replaced meanwhile is read anew, never mixed', async () => {
  await practice.put('replaced', noise(40 * MiB));
  const after = noise(40 * MiB);
  const folder = await freshFolder('replaced');
  const from = source('replaced');
  let opened = 0;
  const replacing: ObjectSource = {
    ...from,
    open: async (request) => {
      opened += 1;
      // The first ranges are of the old object.
      if (opened === 3) await practice.put('replaced', after);
      return from.open(request);
    },
  };
  const watch = makeWatch();
  await downloadObject(job(replacing, join(folder, 'x')), watch.download);
  expect(await digestOf(join(folder, 'x'))).toBe(digest(after));
  expect(watch.seen.doneBytes).toBe(after.length);
  expect(await namesIn(folder)).toEqual(['x']);
});

test('a download that is complete is not thrown away because its file cannot be put in place', async () => {
  const bytes = noise(20 * MiB);
  await practice.put('no-place', bytes);
  const folder = await freshFolder('no-place');
  const target = join(folder, 'report');
  // As a file that another program has open is on Windows: nothing can be renamed over it.
  await mkdir(join(target, 'inside'), { recursive: true });
  const first = makeWatch();
  const refused = downloadObject(job(source('no-place'), target, { replace: true }), first.download);
  await expect(refused).rejects.toMatchObject({ failure: { kind: 'file', path: target } });
  expect(await namesIn(folder)).toEqual(['.report.waybill-part', 'report']);
  expect(first.seen.doneBytes).toBe(bytes.length);

  await rm(target, { recursive: true });
  practice.server.faults.add({
    match: { operation: 'GetObject' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  const checkpoint = first.seen.download;
  await downloadObject(job(source('no-place'), target, { replace: true, checkpoint }), makeWatch().download);
  expect(await digestOf(target)).toBe(digest(bytes));
  expect(await namesIn(folder)).toEqual(['report']);
});

test('a cancelled download goes on from its checkpoint', async () => {
  const bytes = noise(40 * MiB);
  await practice.put('stopped', bytes);
  const folder = await freshFolder('stopped');
  const abort = new AbortController();
  const first = makeWatch(abort.signal);
  const stopped = downloadObject(job(source('stopped'), join(folder, 'x')), {
    ...first.download,
    onSpan: (index) => {
      first.download.onSpan(index);
      if (first.seen.spans.length === 2) abort.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect(await namesIn(folder)).toEqual(['.x.waybill-part']);
  const checkpoint = first.seen.download;
  const second = makeWatch();
  let read = 0;
  const counting: ObjectSource = {
    ...source('stopped'),
    open: async (request) => {
      const answer = await source('stopped').open(request);
      read += answer.contentLength ?? 0;
      return answer;
    },
  };
  await downloadObject(job(counting, join(folder, 'x'), { checkpoint }), second.download);
  expect(read).toBeLessThanOrEqual(bytes.length - 16 * MiB);
  expect(second.seen.doneBytes).toBe(bytes.length);
  expect(await digestOf(join(folder, 'x'))).toBe(digest(bytes));
});

/** A download of 40 MiB that stopped after two spans. */
async function stopEarly(key: string, target: string): Promise<{ bytes: Buffer; checkpoint: DownloadCheckpoint }> {
  const bytes = noise(40 * MiB);
  await practice.put(key, bytes);
  const abort = new AbortController();
  const watch = makeWatch(abort.signal);
  const onSpan = (index: number): void => {
    watch.download.onSpan(index);
    if (watch.seen.spans.length === 2) abort.abort();
  };
  await expect(downloadObject(job(source(key), target), { ...watch.download, onSpan })).rejects.toThrow();
  const checkpoint = watch.seen.download;
  if (checkpoint === null) throw new Error('no checkpoint');
  return { bytes, checkpoint };
}

test('a part file that lost its end does not count as read', async () => {
  const target = join(await freshFolder('cut'), 'x');
  const { bytes, checkpoint } = await stopEarly('cut', target);
  await truncate(checkpoint.partPath, 8 * MiB);
  await downloadObject(job(source('cut'), target, { checkpoint }), makeWatch().download);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('an answer with another range than the one asked for is not written', async () => {
  const target = join(await freshFolder('shifted'), 'x');
  const { bytes, checkpoint } = await stopEarly('shifted', target);
  let shifted = 0;
  const shifting: ObjectSource = {
    ...source('shifted'),
    open: ({ range, ...request }) => {
      shifted += 1;
      const by = shifted === 1 ? 1 : 0;
      const { start = 0, end = 0 } = range ?? {};
      return source('shifted').open({ ...request, range: { start: start - by, end: end - by } });
    },
  };
  await downloadObject(job(shifting, target, { checkpoint }), makeWatch().download);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('a file that exists stays, even if it came up while the bytes were on their way', async () => {
  await practice.put('late', noise(10 * MiB));
  const folder = await freshFolder('late');
  const target = join(folder, 'x');
  const watch = makeWatch();
  const download = downloadObject(job(source('late'), target), {
    ...watch.download,
    onSpan: () => void writeFile(target, 'mine'),
  });
  await expect(download).rejects.toMatchObject({ failure: { kind: 'file', reason: 'exists' } });
  expect(await readFile(target, 'utf8')).toBe('mine');
  await downloadObject(job(source('late'), target, { replace: true, checkpoint: watch.seen.download }), watch.download);
  expect(await namesIn(folder)).toEqual(['x']);
});

test('an expired link is called expired', async () => {
  await practice.put('ended', 'x');
  const from = link('ended');
  practice.server.faults.clockOffsetMs = 120_000;
  await expect(downloadObject(job(from, join(practice.folder, 'ended')), makeWatch().download)).rejects.toMatchObject({
    failure: { kind: 'link', cause: 'expired' },
  });
});

test('a file goes up through a link with exactly the headers that its maker bound', async () => {
  const bytes = noise(9 * MiB);
  const path = await practice.file('up.bin', bytes);
  const { dispatcher } = practice.connection;
  const url = signedUrl('PUT', 'through-link', {}, { 'content-type': 'text/x-special' });
  practice.server.faults.add({ times: 1, effect: { kind: 'reset', at: 'mid-upload', afterBytes: MiB } });
  await expect(uploadThroughLink({ url, path, headers: {}, dispatcher }, makeWatch().upload)).rejects.toMatchObject({
    failure: { kind: 'link', cause: 'link-mismatch' },
  });
  const headers = { 'content-type': 'text/x-special' };
  const watch = makeWatch();
  const outcome = await uploadThroughLink({ url, path, headers, dispatcher }, watch.upload);
  expect(outcome.verified).toBe('crc64');
  expect(watch.seen.doneBytes).toBe(bytes.length);
  expect(digest(await practice.read('through-link'))).toBe(digest(bytes));
});

test('a file keeps its modification time up and down; an object without one gives when it was stored', async () => {
  const path = await practice.file('old-plans.txt', 'plans');
  await utimes(path, 1_600_000_000.25, 1_600_000_000.25);
  const { connection, bucket } = practice;
  const upload = { connection, bucket, key: 'old-plans.txt', path, existing: 'keep', checkpoint: null } as const;
  await uploadFile(upload, makeWatch().upload);
  await practice.put('no-time', 'x');
  const folder = await freshFolder('times');
  for (const key of ['old-plans.txt', 'no-time']) {
    await downloadObject(job(source(key), join(folder, key)), makeWatch().download);
  }
  expect((await stat(join(folder, 'old-plans.txt'))).mtimeMs).toBe(1_600_000_000_250);
  const { lastModified } = await headObject(connection, { bucket, key: 'no-time' });
  expect((await stat(join(folder, 'no-time'))).mtimeMs).toBe(lastModified);
});

test('a download that is stopped at any moment ends, and leaves nothing open', { timeout: 60_000 }, async () => {
  await practice.put('stopped', noise(64 * MiB));
  const folder = await freshFolder('stopped');
  const random = seeded();
  for (let round = 0; round < 60; round += 1) {
    const stop = new AbortController();
    const job = { source: source('stopped'), target: join(folder, String(round)), replace: true, checkpoint: null };
    const stopped = downloadObject(job, makeWatch(stop.signal).download).catch(() => 'stopped');
    setTimeout(() => stop.abort(), random.below(60));
    await stopped;
  }
  expect(await openBelow(folder), `SEED=${random.seed}`).toEqual([]);
});

test.each([0, 1, 20 * MiB])('no answer for an object of %i bytes is left waiting', async (sizeBytes) => {
  await practice.put('left', noise(sizeBytes));
  const folder = await freshFolder(`left-${sizeBytes}`);
  const bodies: Readable[] = [];
  const wanted = source('left');
  const noting: ObjectSource = {
    ...wanted,
    open: async (request) => {
      const answer = await wanted.open(request);
      bodies.push(answer.body);
      return answer;
    },
  };
  const job = { source: noting, target: join(folder, 'left'), replace: true, checkpoint: null };
  await downloadObject(job, makeWatch().download);
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) expect(body.destroyed || body.readableEnded).toBe(true);
});
