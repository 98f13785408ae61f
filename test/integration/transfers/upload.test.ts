import { writeFileSync } from 'node:fs';
import { appendFile, open, rename, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seeded } from '../../support/seeded.ts';
import { whenSent } from './noted-requests.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import {
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '../../../main/oss/operations/multipart.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import type { UploadJob } from '../../../main/transfers/upload/upload-job.ts';
import { digest, makePracticeBucket, makeWatch, noise, openBelow, type PracticeBucket } from './practice-bucket.ts';
import { abortUpload } from '../../../main/transfers/upload/multipart-session.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket({ tls: testTls });
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function job(key: string, path: string, more: Partial<UploadJob> = {}): UploadJob {
  const { connection, bucket } = practice;
  return { connection, bucket, key, path, existing: 'keep', checkpoint: null, ...more };
}

async function unfinished(): Promise<number> {
  return (await listMultipartUploads(practice.connection, practice.bucket)).uploads.length;
}

test.each([0, 1, 1000, 8 * MiB, 8 * MiB + 1, 35 * MiB + 17])(
  'a file of %i bytes arrives as it was, verified',
  async (size) => {
    const bytes = noise(size);
    const path = await practice.file('whole.bin', bytes);
    const watch = makeWatch();
    const outcome = await uploadFile(job(`whole-${size}`, path), watch.upload);
    expect(outcome.verified).toBe('crc64');
    expect(watch.seen).toMatchObject({ doneBytes: size, sizeBytes: size, verifying: true, upload: null });
    expect(digest(await practice.read(`whole-${size}`))).toBe(digest(bytes));
    expect(await unfinished()).toBe(0);
  },
);

test.each([3 * MiB, 20 * MiB])('of a sparse file of %i bytes the holes arrive as zeros', async (size) => {
  const bytes = Buffer.alloc(size);
  noise(1000).copy(bytes, MiB + 123);
  noise(1000).copy(bytes, size - MiB);
  const path = await practice.file(`sparse-${size}`, '');
  const file = await open(path, 'r+');
  for (const at of [MiB, size - MiB]) await file.write(bytes, at, 4096, at);
  await file.truncate(size);
  expect((await file.stat()).blocks * 512).toBeLessThan(size / 2);
  await file.close();
  const outcome = await uploadFile(job(`sparse-${size}`, path), makeWatch().upload);
  expect(outcome.verified).toBe('crc64');
  expect(digest(await practice.read(`sparse-${size}`))).toBe(digest(bytes));
});

test('Content-Type comes from the extension of the key', async () => {
  const path = await practice.file('page', 'x');
  await uploadFile(job('site/page.html', path), makeWatch().upload);
  await uploadFile(job('site/thing.unheard-of', path), makeWatch().upload);
  const { connection, bucket } = practice;
  expect((await headObject(connection, { bucket, key: 'site/page.html' })).contentType).toBe('text/html');
  const other = await headObject(connection, { bucket, key: 'site/thing.unheard-of' });
  expect(other.contentType).toBe('application/octet-stream');
});

test('an object that exists is kept unless it shall be replaced', async () => {
  await practice.put('taken.txt', 'old');
  const path = await practice.file('new.txt', 'new');
  await expect(uploadFile(job('taken.txt', path), makeWatch().upload)).rejects.toMatchObject({
    failure: { kind: 'oss', code: 'FileAlreadyExists' },
  });
  expect((await practice.read('taken.txt')).toString()).toBe('old');
  await uploadFile(job('taken.txt', path, { existing: 'replace' }), makeWatch().upload);
  expect((await practice.read('taken.txt')).toString()).toBe('new');
});

test.each([
  ['a reset in the middle', { kind: 'reset', at: 'mid-upload', afterBytes: 100_000 }],
  ['a reset after the work was done', { kind: 'reset', at: 'after-work' }],
  ['503', { kind: 'error', status: 503, code: 'ServiceUnavailable' }],
] as const)('%s is made good, small and large', async (_, effect) => {
  const small = noise(MiB);
  const large = noise(30 * MiB);
  const smallPath = await practice.file('small.bin', small);
  const largePath = await practice.file('large.bin', large);
  const key = `fault-${effect.kind}-${'at' in effect ? effect.at : ''}`;
  practice.server.faults.add({ match: { operation: 'PutObject' }, times: 1, effect });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, times: 3, effect });
  practice.server.faults.add({ match: { operation: 'CompleteMultipartUpload' }, times: 1, effect });
  const watch = makeWatch();
  expect(await uploadFile(job(`${key}-small`, smallPath), makeWatch().upload)).toMatchObject({ verified: 'crc64' });
  expect(await uploadFile(job(`${key}-large`, largePath), watch.upload)).toMatchObject({ verified: 'crc64' });
  expect(watch.seen.doneBytes).toBe(large.length);
  expect(digest(await practice.read(`${key}-small`))).toBe(digest(small));
  expect(digest(await practice.read(`${key}-large`))).toBe(digest(large));
});

test('a cancelled upload goes on from its checkpoint without sending finished parts again', async () => {
  const bytes = noise(40 * MiB);
  const path = await practice.file('resume.bin', bytes);
  const abort = new AbortController();
  const first = makeWatch(abort.signal);
  const stopped = uploadFile(job('resume.bin', path), {
    ...first.upload,
    onPart: (part) => {
      first.upload.onPart(part);
      if (first.seen.parts.length === 2) abort.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  const checkpoint = first.seen.upload;
  expect(checkpoint?.parts.length).toBeGreaterThanOrEqual(2);
  if (checkpoint === null) throw new Error('no checkpoint');
  // OSS may have one more, whose answer came too late.
  const { parts: sent } = await listParts(practice.connection, checkpoint);
  const second = makeWatch();
  await uploadFile(job('resume.bin', path, { checkpoint }), second.upload);
  expect(second.seen.parts.length).toBeLessThanOrEqual(5 - sent.length);
  expect(digest(await practice.read('resume.bin'))).toBe(digest(bytes));
});

test('OSS is asked which parts it has: one whose note was lost is not sent again, one that is not there is', async () => {
  const { connection, bucket } = practice;
  const bytes = noise(40 * MiB);
  const path = await practice.file('noted.bin', bytes);
  const upload = { bucket, key: 'noted.bin' };
  const uploadId = await initiateMultipartUpload(connection, upload);
  // The second is of other bytes than the file's.
  for (const [partNumber, body] of [
    [1, bytes.subarray(0, 8 * MiB)],
    [2, noise(8 * MiB)],
  ] as const) {
    await uploadPart(connection, { ...upload, uploadId, partNumber, body, sizeBytes: body.length });
  }
  const invented = { partNumber: 5, etag: 'NOT-THERE', crc64: '1', sizeBytes: 8 * MiB };
  const replaced = { partNumber: 2, etag: 'SENT-BEFORE', crc64: '1', sizeBytes: 8 * MiB };
  const { mtimeMs: modifiedAt } = await stat(path);
  const checkpoint = {
    ...upload,
    ...{ uploadId, partSizeBytes: 8 * MiB, sizeBytes: bytes.length, modifiedAt, parts: [invented, replaced] },
  };
  const watch = makeWatch();
  await uploadFile(job('noted.bin', path, { checkpoint }), watch.upload);
  expect(watch.seen.parts.map(({ partNumber }) => partNumber).sort()).toEqual([2, 3, 4, 5]);
  expect(watch.seen.doneBytes).toBe(bytes.length);
  expect(digest(await practice.read('noted.bin'))).toBe(digest(bytes));
});

test('a checkpoint of another state of the file is dropped with its parts', async () => {
  const path = await practice.file('edited.bin', noise(20 * MiB));
  const abort = new AbortController();
  const first = makeWatch(abort.signal);
  const stopped = uploadFile(job('edited.bin', path), { ...first.upload, onPart: () => abort.abort() });
  await expect(stopped).rejects.toThrow();
  const edited = noise(20 * MiB);
  await practice.file('edited.bin', edited);
  await utimes(path, 1_700_000_000, 1_700_000_000);
  await uploadFile(job('edited.bin', path, { checkpoint: first.seen.upload }), makeWatch().upload);
  expect(digest(await practice.read('edited.bin'))).toBe(digest(edited));
  expect(await unfinished()).toBe(0);
});

test('an upload that OSS forgot begins anew', async () => {
  const bytes = noise(20 * MiB);
  const path = await practice.file('forgotten.bin', bytes);
  const abort = new AbortController();
  const first = makeWatch(abort.signal);
  await expect(
    uploadFile(job('forgotten.bin', path), { ...first.upload, onPart: () => abort.abort() }),
  ).rejects.toThrow();
  const checkpoint = first.seen.upload;
  if (checkpoint === null) throw new Error('no checkpoint');
  await abortUpload(practice.connection, checkpoint);
  const second = makeWatch();
  await uploadFile(job('forgotten.bin', path, { checkpoint }), second.upload);
  expect(second.seen.doneBytes).toBe(bytes.length);
  expect(digest(await practice.read('forgotten.bin'))).toBe(digest(bytes));
});

test.each([
  ['grows', (path: string) => appendFile(path, 'more')],
  ['is replaced', (path: string) => rename(join(practice.folder, 'other.bin'), path)],
])('a file that %s while it is read fails and makes no object', async (name, change) => {
  const path = await practice.file('moving.bin', noise(30 * MiB));
  await practice.file('other.bin', noise(30 * MiB));
  const watch = makeWatch();
  const changes: Promise<void>[] = [];
  const upload = uploadFile(job(`moving ${name}`, path), {
    ...watch.upload,
    onPart: () => {
      if (changes.length === 0) changes.push(change(path));
    },
  });
  // Parts that are still read see the change; the first part is done before it.
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 1, effect: { kind: 'latency', ms: 300 } });
  await expect(upload).rejects.toMatchObject({ failure: { kind: 'file', reason: 'changed', path } });
  await Promise.all(changes);
  expect(await practice.has(`moving ${name}`)).toBe(false);
});

test('a small file that changes between its size and its bytes makes no object', async () => {
  const path = await practice.file('shrinking.bin', noise(4 * MiB));
  const upload = uploadFile(job('shrinking', path), {
    ...makeWatch().upload,
    // At once: a write in the background may come after the bytes were read.
    onSize: () => writeFileSync(path, 'short'),
  });
  await expect(upload).rejects.toMatchObject({ failure: { kind: 'file', reason: 'changed' } });
  expect(await practice.has('shrinking')).toBe(false);
});

test('a missing file and a folder are told apart', async () => {
  await expect(uploadFile(job('x', '/no/such/file'), makeWatch().upload)).rejects.toMatchObject({
    failure: { kind: 'file', reason: 'missing' },
  });
  await expect(uploadFile(job('x', practice.folder), makeWatch().upload)).rejects.toMatchObject({
    failure: { kind: 'file', reason: 'not-a-file' },
  });
});

test.each([2 * MiB, 48 * MiB])(
  'an upload of %i bytes that is stopped at any moment ends, and leaves nothing open',
  { timeout: 60_000 },
  async (sizeBytes) => {
    const path = await practice.file(`stopped-${sizeBytes}`, noise(sizeBytes));
    const random = seeded();
    for (let round = 0; round < 40; round += 1) {
      const stop = new AbortController();
      const watch = makeWatch(stop.signal);
      const stopped = uploadFile(job(`stopped-${round}`, path), watch.upload).catch(() => 'stopped');
      setTimeout(() => stop.abort(), random.below(sizeBytes / MiB + 10));
      await stopped;
      if (watch.seen.upload !== null) await abortUpload(practice.connection, watch.seen.upload);
    }
    expect(await openBelow(path), `SEED=${random.seed}`).toEqual([]);
  },
);

test('an upload that is stopped while OSS begins it is known, and goes on', async () => {
  const bytes = noise(20 * MiB);
  const path = await practice.file('begun', bytes);
  const stop = new AbortController();
  const first = makeWatch(stop.signal);
  practice.server.faults.add({ match: { operation: 'InitiateMultipartUpload' }, effect: { kind: 'latency', ms: 400 } });
  void whenSent('POST uploads').then(() => stop.abort());
  await expect(uploadFile(job('begun', path), first.upload)).rejects.toThrow();
  const checkpoint = first.seen.upload;
  const { uploads } = await listMultipartUploads(practice.connection, practice.bucket);
  expect(uploads.filter(({ key }) => key === 'begun').map(({ uploadId }) => uploadId)).toEqual([checkpoint?.uploadId]);
  await uploadFile(job('begun', path, { checkpoint }), makeWatch().upload);
  expect(digest(await practice.read('begun'))).toBe(digest(bytes));
});
