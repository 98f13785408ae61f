import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { uploadThroughLink } from '../../../main/transfers/upload/link-upload.ts';
import { linkSource, type ObjectSource } from '../../../main/transfers/download/object-source.ts';
import { digest, digestOf, makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';

const MiB = 1024 ** 2;
const HOUR_MS = 3_600_000;
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

/** A link that holds for a minute of the server's clock. */
function signedUrl(method: 'GET' | 'PUT', key: string, params: Record<string, string> = {}): string {
  const { connection, bucket, server } = practice;
  return makeSignedUrl({
    ...{ method, bucket, key, params, headers: {} },
    endpoint: connection.endpoint,
    region: connection.region,
    signVersion: 'v4',
    accessKey: {
      accessKeyId: server.accessKeyId,
      accessKeySecret: server.accessKeySecret,
      securityToken: null,
    },
    signedAt: Date.now() + practice.server.faults.clockOffsetMs,
    expiresSeconds: 60,
  });
}

/** The link as a source that counts its requests, and tells when so many were answered. */
function countingSource(url: string, onAnswered: (count: number) => void = () => undefined) {
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(reading.kind);
  const source = linkSource(reading.url, reading.parts, practice.connection.dispatcher);
  const seen = { opened: 0, open: 0, most: 0, answered: 0 };
  const counting: ObjectSource = {
    ...source,
    open: async (request) => {
      seen.opened += 1;
      seen.open += 1;
      seen.most = Math.max(seen.most, seen.open);
      const answer = await source.open(request);
      answer.body.once('close', () => (seen.open -= 1));
      seen.answered += 1;
      onAnswered(seen.answered);
      return answer;
    },
  };
  return { source: counting, seen };
}

const endLinks = (): void => void (practice.server.faults.clockOffsetMs += HOUR_MS);

test('what was asked for before a link ends arrives after it', async () => {
  const bytes = noise(48 * MiB);
  await practice.put('ends', bytes);
  practice.server.faults.add({ match: { key: 'ends' }, effect: { kind: 'slow', bytesPerSecond: 16 * MiB } });
  // One request that tells the size, and one for each of four parts of the rest.
  const { source, seen } = countingSource(signedUrl('GET', 'ends'), (count) => {
    if (count === 5) endLinks();
  });
  const target = join(practice.folder, 'ends');
  const watch = makeWatch();
  await downloadObject({ source, target, replace: true, checkpoint: null }, watch.download);
  expect(practice.server.faults.clockOffsetMs).toBe(HOUR_MS);
  expect(seen.opened).toBe(5);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('a request that breaks after the end stops no other; a fresh link reads only what it still lacked', async () => {
  const bytes = noise(48 * MiB);
  await practice.put('breaks', bytes);
  const { faults } = practice.server;
  faults.add({ match: { key: 'breaks' }, effect: { kind: 'slow', bytesPerSecond: 16 * MiB } });
  // The third request is one of the large ones.
  faults.add({
    match: { key: 'breaks' },
    skip: 2,
    times: 1,
    effect: { kind: 'reset', at: 'mid-body', afterBytes: MiB },
  });
  const target = join(practice.folder, 'breaks');
  const first = countingSource(signedUrl('GET', 'breaks'), (count) => {
    if (count === 5) endLinks();
  });
  const watch = makeWatch();
  const job = { target, replace: true, checkpoint: null };
  await expect(downloadObject({ ...job, source: first.source }, watch.download)).rejects.toMatchObject({
    failure: { kind: 'link', cause: 'expired' },
  });
  expect(watch.seen.spans).toHaveLength(4);
  const checkpoint = watch.seen.download;
  expect(checkpoint).not.toBeNull();

  const second = countingSource(signedUrl('GET', 'breaks'));
  const again = makeWatch();
  await downloadObject({ ...job, source: second.source, checkpoint }, again.download);
  expect(second.seen.opened).toBe(1);
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('a link with a traffic limit is read through one connection', async () => {
  const bytes = noise(24 * MiB);
  await practice.put('limited', bytes);
  const { source, seen } = countingSource(signedUrl('GET', 'limited', { 'x-oss-traffic-limit': '838860800' }));
  const target = join(practice.folder, 'limited');
  await downloadObject({ source, target, replace: true, checkpoint: null }, makeWatch().download);
  expect(seen).toMatchObject({ opened: 1, most: 1 });
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('an upload that began before its link ended is stored after it', async () => {
  const bytes = noise(12 * MiB);
  const path = await practice.file('late', bytes);
  practice.server.faults.add({ match: { key: 'late' }, effect: { kind: 'slow', bytesPerSecond: 8 * MiB } });
  const watch = makeWatch();
  const onBytes = (count: number): void => {
    watch.upload.onBytes(count);
    if (watch.seen.doneBytes > 4 * MiB && practice.server.faults.clockOffsetMs === 0) endLinks();
  };
  const job = { url: signedUrl('PUT', 'late'), path, headers: {}, dispatcher: practice.connection.dispatcher };
  expect(await uploadThroughLink(job, { ...watch.upload, onBytes })).toMatchObject({ verified: 'crc64' });
  expect(practice.server.faults.clockOffsetMs).toBe(HOUR_MS);
  practice.server.faults.clear();
  expect(digest(await practice.read('late'))).toBe(digest(bytes));
});
