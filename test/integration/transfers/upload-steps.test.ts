import { truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { initiateMultipartUpload, listMultipartUploads, uploadPart } from '../../../main/oss/operations/multipart.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { initiateUpload } from '../../../main/transfers/upload/multipart-session.ts';
import type { UploadJob } from '../../../main/transfers/upload/upload-job.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import { uploadThroughLink } from '../../../main/transfers/upload/link-upload.ts';
import { OverwriteHints } from '../../../main/transfers/run/overwrite-hints.ts';
import { contentOfFile, contentOfObject } from '../../../main/transfers/run/same-content.ts';
import { noteRequests } from './noted-requests.ts';
import { makeBucket, makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';
import { whenSent } from './noted-requests.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let count = 0;
let key: string;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
beforeEach(() => {
  key = `k${(count += 1)}`;
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const place = () => ({ connection: practice.connection, bucket: practice.bucket, key });
const jobOf = (path: string, more: Partial<UploadJob> = {}): UploadJob => ({
  ...{ ...place(), path, existing: 'keep', checkpoint: null },
  ...more,
});
const refuse = (operation: string, code: string, status = 403): void =>
  void practice.server.faults.add({ match: { operation }, effect: { kind: 'error', status, code } });

describe('an upload that goes on', () => {
  const bytes = noise(9 * MiB);
  const partSizeBytes = 3 * MiB;

  /** An upload whose first part is there, and one that no plan knows; the checkpoint notes `parts`. */
  async function begun(part: Buffer) {
    const path = await practice.file(key, bytes);
    const { modifiedAt = 0 } = (await contentOfFile(path)) ?? {};
    const { connection, bucket } = practice;
    const uploadId = await initiateMultipartUpload(connection, { bucket, key, headers: {} });
    const place = { bucket, key, uploadId };
    const { etag, crc64 } = await uploadPart(connection, {
      ...place,
      partNumber: 1,
      body: part,
      sizeBytes: part.length,
    });
    await uploadPart(connection, { ...place, partNumber: 9, body: Buffer.from('x'), sizeBytes: 1 });
    const checkpoint = { ...place, partSizeBytes, sizeBytes: bytes.length, modifiedAt, parts: [] };
    return { path, checkpoint, part: { partNumber: 1, etag, crc64: crc64 ?? '', sizeBytes: part.length } };
  }

  async function goOn(path: string, checkpoint: NonNullable<UploadJob['checkpoint']>) {
    const watch = makeWatch();
    const end = await uploadFile(jobOf(path, { checkpoint }), watch.upload);
    expect(end.verified).toBe('crc64');
    expect((await practice.read(key)).equals(bytes)).toBe(true);
    expect(watch.seen.doneBytes).toBe(bytes.length);
    return watch.seen.parts.map(({ partNumber }) => partNumber).toSorted((a, b) => a - b);
  }

  test('sends no part again that was noted, or that has the bytes of the file', async () => {
    const first = await begun(bytes.subarray(0, partSizeBytes));
    expect(await goOn(first.path, first.checkpoint)).toEqual([2, 3]);
    key = `${key} noted`;
    const second = await begun(bytes.subarray(0, partSizeBytes));
    expect(await goOn(second.path, { ...second.checkpoint, parts: [second.part] })).toEqual([2, 3]);
  });

  test('sends a part again that has other bytes, or another length', async () => {
    for (const part of [noise(partSizeBytes), bytes.subarray(0, MiB)]) {
      key = `${key} again`;
      const { path, checkpoint } = await begun(part);
      expect(await goOn(path, checkpoint)).toEqual([1, 2, 3]);
    }
  });

  test('trusts what it noted if it may not ask, and nothing else', async () => {
    const { path, checkpoint, part } = await begun(bytes.subarray(0, partSizeBytes));
    refuse('ListParts', 'AccessDenied');
    expect(await goOn(path, { ...checkpoint, parts: [part] })).toEqual([2, 3]);
    practice.server.faults.clear();
    refuse('ListParts', 'InvalidArgument', 400);
    const end = await uploadFile(jobOf(path, { checkpoint }), makeWatch().upload).catch(toFailure);
    expect(end).toMatchObject({ kind: 'oss', code: 'InvalidArgument' });
  });
});

describe('an upload in parts', () => {
  test('replaces only what it may', async () => {
    await practice.put(key, 'old');
    const path = await practice.file(key, noise(8 * MiB + 1));
    const end = await uploadFile(jobOf(path), makeWatch().upload).catch(toFailure);
    expect([end, (await practice.read(key)).toString()]).toEqual([
      expect.objectContaining({ code: 'FileAlreadyExists' }),
      'old',
    ]);
    await uploadFile(jobOf(path, { existing: 'replace' }), makeWatch().upload);
    expect((await practice.read(key)).length).toBe(8 * MiB + 1);
  });

  test('that OSS does not know, although it just began, fails, and is noted no more', async () => {
    const path = await practice.file(key, noise(8 * MiB + 1));
    refuse('UploadPart', 'NoSuchUpload', 404);
    const watch = makeWatch();
    const end = await uploadFile(jobOf(path), watch.upload).catch(toFailure);
    expect([end, watch.seen.upload]).toEqual([expect.objectContaining({ code: 'NoSuchUpload' }), null]);
  });

  test('whose ID comes long after it was stopped is told, and nobody waits for that', async () => {
    const abort = new AbortController();
    practice.server.faults.add({
      ...{ match: { operation: 'InitiateMultipartUpload' }, effect: { kind: 'latency', ms: 2_600 } },
    });
    const late: string[] = [];
    const { connection, bucket } = practice;
    const upload = { bucket, key, headers: {} };
    const sent = whenSent('POST uploads');
    const begun = initiateUpload(connection, upload, abort.signal, (id) => late.push(id)).catch(toFailure);
    await sent;
    abort.abort();
    expect([await begun, late]).toEqual([{ kind: 'cancelled' }, []]);
    await expect.poll(() => late.length, { timeout: 5_000 }).toBe(1);
  });

  test('whose ID comes a moment after it was stopped is that upload', async () => {
    const abort = new AbortController();
    practice.server.faults.add({
      ...{ match: { operation: 'InitiateMultipartUpload' }, effect: { kind: 'latency', ms: 200 } },
    });
    const { connection, bucket } = practice;
    const sent = whenSent('POST uploads');
    const begun = initiateUpload(connection, { bucket, key, headers: {} }, abort.signal, () => undefined);
    await sent;
    abort.abort();
    const uploadId = await begun;
    const { uploads } = await listMultipartUploads(connection, bucket, { prefix: key });
    expect(uploads.filter((upload) => upload.key === key)).toMatchObject([{ uploadId }]);
    const none = initiateUpload(connection, { bucket, key, headers: {} }, abort.signal, () => undefined);
    await expect(none).rejects.toThrow();
  });
});

test('the type of an object comes from the name of its key, and its time from the file', async () => {
  const path = await practice.file(key, 'x');
  const typeOf = async (name: string): Promise<string> => {
    key = name;
    await uploadFile(jobOf(path), makeWatch().upload);
    const head = await headObject(practice.connection, { bucket: practice.bucket, key });
    expect(Number(head.meta['mtime'])).toBeCloseTo(((await contentOfFile(path))?.modifiedAt ?? 0) / 1000, 2);
    return head.contentType;
  };
  expect([await typeOf('t/a.txt'), await typeOf('t/a')]).toEqual(['text/plain', 'application/octet-stream']);
});

test.skipIf(process.platform === 'win32')('what is no file has no bytes to send', async () => {
  const end = await uploadFile(jobOf('/dev/null'), makeWatch().upload).catch(toFailure);
  expect(end).toEqual({ kind: 'file', reason: 'not-a-file', path: '/dev/null' });
});

test('what no link can carry is refused before it is tried', async () => {
  const { dispatcher } = practice.connection;
  const path = await practice.file(key, '');
  truncateSync(path, 5 * 1024 ** 3 + 1);
  const watch = makeWatch();
  const job = { url: 'http://127.0.0.1:1/k', path, headers: {}, dispatcher };
  const end = await uploadThroughLink(job, watch.upload).catch(toFailure);
  expect(end).toEqual({ kind: 'input', field: 'size', rule: 'put-too-large', limit: String(5 * 1024 ** 3) });
  expect(watch.seen.sizeBytes).toBe(5 * 1024 ** 3 + 1);
  writeFileSync(path, '');
  const tags = Array.from({ length: 11 }, (_, index) => `t${index}=x`).join('&');
  const tagged = await uploadThroughLink({ ...job, headers: { 'x-oss-tagging': tags } }, watch.upload).catch(toFailure);
  expect(tagged).toMatchObject({ kind: 'input' });
});

describe('what is at a place already', () => {
  const content = () => contentOfObject(place(), new AbortController().signal);

  test('is an object with its size, its time and its CRC-64; or nothing', async () => {
    expect(await content()).toBeNull();
    await practice.put(key, 'xyz');
    const found = await content();
    expect(found?.sizeBytes).toBe(3);
    expect(Math.abs((found?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    const path = await practice.file(key, 'xyz');
    expect(await found?.crc64()).toBe(await (await contentOfFile(path))?.crc64());
    expect(await contentOfFile(`${path} gone`)).toBeNull();
    await expect(contentOfFile(`${path}/below`)).rejects.toMatchObject({ failure: { kind: 'file' } });
  });

  test('is unknown to who may not look, and no answer is no answer', async () => {
    await practice.put(key, 'xyz');
    refuse('HeadObject', 'AccessDenied');
    expect(await content()).toBeNull();
    practice.server.faults.clear();
    refuse('HeadObject', 'InvalidArgument', 400);
    await expect(content()).rejects.toMatchObject({ failure: { code: 'InvalidArgument' } });
    practice.server.faults.clear();
    const nowhere = contentOfObject({ ...place(), bucket: 'waybill-nowhere' }, new AbortController().signal);
    await expect(nowhere).rejects.toMatchObject({ failure: { code: 'NoSuchBucket' } });
  });
});

describe('whether OSS itself refuses to replace', () => {
  test('is asked once a minute for each bucket', async () => {
    const other = 'waybill-hints';
    await makeBucket(practice.connection, other);
    let now = 0;
    const hints = new OverwriteHints(() => now);
    const requests = noteRequests();
    const asks = async (at: number, bucket = practice.bucket): Promise<number> => {
      now = at;
      requests.asked.length = 0;
      expect(await hints.canSkipHead({ ...place(), bucket })).toBe(true);
      return requests.asked.length;
    };
    expect([await asks(10_000), await asks(69_999), await asks(70_000), await asks(70_001)]).toEqual([1, 0, 1, 0]);
    expect(await asks(70_001, other)).toBe(1);
    requests.stop();
  });

  test('does not matter after a key was taken, until one is free again', async () => {
    let now = 0;
    const hints = new OverwriteHints(() => now);
    expect(await hints.canSkipHead(place())).toBe(true);
    hints.record(place(), false);
    expect(await hints.canSkipHead(place())).toBe(false);
    now = 100_000;
    expect(await hints.canSkipHead(place())).toBe(false);
    hints.record(place(), true);
    expect(await hints.canSkipHead(place())).toBe(true);
  });

  test('is doubted by who may not ask, and asked again after any other failure', async () => {
    const hints = new OverwriteHints();
    refuse('GetBucketVersioning', 'InvalidArgument', 400);
    expect(await hints.canSkipHead(place())).toBe(false);
    practice.server.faults.clear();
    expect(await hints.canSkipHead(place())).toBe(true);
    refuse('GetBucketVersioning', 'AccessDenied');
    const denied = new OverwriteHints();
    expect(await denied.canSkipHead(place())).toBe(false);
    practice.server.faults.clear();
    expect(await denied.canSkipHead(place())).toBe(false);
    refuse('GetBucketVersioning', 'InvalidAccessKeyId');
    await expect(new OverwriteHints().canSkipHead(place())).rejects.toMatchObject({ failure: { kind: 'credentials' } });
  });
});
