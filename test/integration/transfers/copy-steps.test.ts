import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { putSymlink } from '../../../main/oss/operations/symlinks.ts';
import { COPY_SIZES, copyToLocation, RELAY_SIZES } from '../../../main/transfers/copy/copy.ts';
import type { CopyJob } from '../../../main/transfers/copy/copy-job.ts';
import { findEarlierSymlink } from '../../../main/transfers/copy/copy-symlink.ts';
import { verifyCopy } from '../../../main/transfers/copy/verify-copy.ts';
import { verifyStored } from '../../../main/transfers/stored-object.ts';
import { noteRequests } from './noted-requests.ts';
import { makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';

const KiB = 1024;
/** Parts as small as OSS takes them. */
const inParts = { whole: 100 * KiB, part: 100 * KiB };
let practice: PracticeBucket;
let requests: ReturnType<typeof noteRequests>;
let count = 0;
let from: string;
let to: string;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
beforeEach(() => {
  [from, to] = [`from ${(count += 1)}`, `to ${count}`];
  requests = noteRequests();
});
afterEach(() => {
  requests.stop();
  practice.server.faults.clear();
});
afterAll(() => practice.close());

function jobOf(more: Partial<CopyJob> = {}): CopyJob {
  const { connection, bucket } = practice;
  const source = { connection, bucket, key: from, versionId: null };
  return {
    ...{ connection, bucket, key: to, source, through: 'server', existing: 'keep', move: false },
    ...{ sizes: RELAY_SIZES, checkpoint: null },
    ...more,
  };
}

/** Copies, one part after the other, and returns how that ended and what was asked for. */
async function copy(more: Partial<CopyJob> = {}) {
  const watch = makeWatch();
  requests.asked.length = 0;
  const end = await copyToLocation(jobOf(more), { ...watch.upload, connections: () => 1 }).catch(toFailure);
  return { end, asked: [...requests.asked], seen: watch.seen };
}

const refuse = (operation: string, code: string, status = 403, times?: number): void =>
  void practice.server.faults.add({
    ...{ match: { operation }, effect: { kind: 'error', status, code } },
    ...(times === undefined ? {} : { times }),
  });
const uploads = async (): Promise<number> =>
  (await listMultipartUploads(practice.connection, practice.bucket)).uploads.length;

describe('a copy', () => {
  test('asks for no more than it needs', async () => {
    await practice.put(from, 'x');
    expect((await copy()).asked).toEqual(['HEAD', 'PUT']);
    expect((await copy({ key: `${to} machine`, through: 'machine' })).asked).toEqual(['HEAD', 'GET', 'PUT']);
  });

  test('asks for tags only where there are some', async () => {
    const headers = { 'x-oss-tagging': 'a=b' };
    const { connection, bucket } = practice;
    await putObject(connection, { bucket, key: from, body: Buffer.from('x'), sizeBytes: 1, headers });
    expect((await copy({ through: 'machine' })).asked).toEqual(['HEAD', 'GET tagging', 'GET', 'PUT']);
  });

  test('whose source is deleted takes its ACL over, and is looked at once more', async () => {
    await practice.put(from, 'x');
    expect((await copy({ move: true })).asked).toEqual(['HEAD', 'GET acl', 'PUT', 'HEAD']);
  });

  test('does without an ACL that the account may not read; rewritten in place, an object needs it', async () => {
    await practice.put(from, 'x');
    refuse('GetObjectAcl', 'AccessDenied');
    expect((await copy({ move: true })).end).toMatchObject({ verified: 'crc64' });
    const rewrite: CopyJob['rewrite'] = (source) => source;
    const inPlace = await copy({ key: from, existing: 'replace', rewrite });
    expect(inPlace.end).toMatchObject({ kind: 'credentials' });
    practice.server.faults.clear();
    refuse('GetObjectAcl', 'InvalidArgument', 400);
    expect((await copy({ move: true, existing: 'replace' })).end).toMatchObject({
      kind: 'oss',
      code: 'InvalidArgument',
    });
  });

  test.each(['server', 'machine'] as const)('replaces only where it may, whole and in parts (%s)', async (through) => {
    const before = await uploads();
    await practice.put(from, noise(250 * KiB));
    for (const sizes of [RELAY_SIZES, inParts]) {
      await practice.put(to, 'old');
      expect((await copy({ sizes, through })).end).toMatchObject({ code: 'FileAlreadyExists' });
      expect((await practice.read(to)).toString()).toBe('old');
      expect((await copy({ sizes, through, existing: 'replace' })).end).toMatchObject({ verified: 'crc64' });
      expect((await practice.read(to)).equals(await practice.read(from))).toBe(true);
    }
    expect(await uploads()).toBe(before);
  });

  test('through this computer is one request up to the size that an upload is, and no request is larger than OSS takes', async () => {
    const posts = async (size: number): Promise<number> => {
      await practice.put(from, noise(size));
      const { asked } = await copy({ through: 'machine', existing: 'replace' });
      return asked.filter((line) => line.startsWith('POST')).length;
    };
    expect([await posts(8 * KiB * KiB), await posts(8 * KiB * KiB + 1)]).toEqual([0, 2]);
    expect([COPY_SIZES.whole, COPY_SIZES.part]).toEqual([1_073_741_824, 134_217_728]);
  });
});

describe('a copy in parts', () => {
  beforeEach(() => practice.put(from, noise(350 * KiB)));

  test('keeps what it has if OSS refuses a part, and goes on with it', async () => {
    practice.server.faults.add({
      ...{ match: { operation: 'UploadPartCopy' }, skip: 2 },
      effect: { kind: 'error', status: 409, code: 'OperationNotSupported' },
    });
    const { end, seen } = await copy({ sizes: inParts });
    expect([toCode(end), seen.upload?.parts.length, seen.doneBytes]).toEqual(['OperationNotSupported', 2, 200 * KiB]);
    practice.server.faults.clear();
    const again = await copy({ sizes: inParts, checkpoint: seen.upload });
    expect(again.asked).toEqual(['HEAD', 'PUT partNumber', 'PUT partNumber', 'POST uploadId']);
    expect([again.seen.doneBytes, again.seen.upload]).toEqual([350 * KiB, null]);
  });

  test('leaves nothing if its source is gone', async () => {
    const before = await uploads();
    refuse('UploadPartCopy', 'NoSuchKey', 404);
    const { end, seen } = await copy({ sizes: inParts });
    expect([toCode(end), seen.upload, seen.doneBytes, await uploads()]).toEqual(['NoSuchKey', null, 0, before]);
  });

  test('begins anew if its upload is gone, but only if an attempt before began that', async () => {
    refuse('UploadPartCopy', 'NoSuchUpload', 404, 1);
    expect(toCode((await copy({ sizes: inParts })).end)).toBe('NoSuchUpload');
    const stopped = await stopAfterFirst();
    refuse('UploadPartCopy', 'NoSuchUpload', 404, 1);
    const { end, seen } = await copy({ sizes: inParts, checkpoint: stopped });
    expect([end, seen.doneBytes]).toEqual([expect.objectContaining({ verified: 'crc64' }), 350 * KiB]);
  });

  test.each([
    ['size', { sizeBytes: 1 }],
    ['time', { modifiedAt: 1 }],
    ['place', { key: 'elsewhere' }],
    ['bucket', { bucket: 'waybill-elsewhere' }],
  ])('gives up an upload of another %s', async (_, other) => {
    const checkpoint = { ...(await stopAfterFirst()), ...other };
    const { end, asked } = await copy({ sizes: inParts, checkpoint });
    expect(end).toMatchObject({ verified: 'crc64' });
    expect(asked.filter((line) => line === 'POST uploads')).toHaveLength(1);
    expect(asked[1]).toBe('DELETE uploadId');
  });

  /** Copies until one part is there. */
  async function stopAfterFirst() {
    practice.server.faults.add({
      ...{ match: { operation: 'UploadPartCopy' }, skip: 1 },
      effect: { kind: 'error', status: 409, code: 'OperationNotSupported' },
    });
    const { seen } = await copy({ sizes: inParts });
    practice.server.faults.clear();
    if (seen.upload === null) throw new Error('nothing was kept');
    return seen.upload;
  }
});

function toCode(end: object): unknown {
  return 'code' in end ? end.code : end;
}

describe('what was copied is compared', () => {
  const headOf = async (key: string) => {
    const head = await headObject(practice.connection, { bucket: practice.bucket, key });
    return { ...head, sizeBytes: head.sizeBytes ?? 0 };
  };
  const verify = async (more: Partial<CopyJob>, source: object, stored: object = {}) => {
    const found = await headOf(from);
    return verifyCopy(jobOf({ key: from, ...more }), { ...found, ...source }, { ...found, ...stored }).catch(toFailure);
  };
  beforeEach(() => practice.put(from, 'x'));

  test('by CRC-64; without one by its length, and for a move by its ETag', async () => {
    expect(await verify({}, {})).toEqual({ verified: 'crc64', versionId: null });
    expect(await verify({}, { crc64: null })).toEqual({ verified: 'length', versionId: null });
    expect(await verify({}, { crc64: null, etag: 'other' })).toMatchObject({ verified: 'length' });
    expect(await verify({ move: true }, { crc64: null })).toMatchObject({ verified: 'length' });
    expect(await verify({ move: true }, { crc64: null, etag: 'other' })).toMatchObject({ kind: 'integrity' });
    expect(await verify({}, { crc64: null, sizeBytes: 2 })).toEqual({ kind: 'integrity', expected: '2', actual: '1' });
  });

  test('once more for a move, and if the answer named no CRC-64', async () => {
    expect(await verify({}, {}, { crc64: null })).toEqual({ verified: 'crc64', versionId: null });
    expect(await verify({ move: true }, { sizeBytes: 2 })).toMatchObject({ kind: 'integrity' });
    expect(await verify({}, { sizeBytes: 2 })).toMatchObject({ verified: 'crc64' });
    expect(await verify({}, { crc64: '1' }, { crc64: null })).toMatchObject({ kind: 'integrity', expected: '1' });
  });

  test('and rewritten in place it stays even if it differs', async () => {
    const rewrite: CopyJob['rewrite'] = (source) => source;
    expect(await verify({ rewrite }, {})).toEqual({ verified: 'crc64', versionId: null });
    expect(await verify({ rewrite }, { crc64: '1' })).toMatchObject({ kind: 'integrity' });
    expect(await practice.has(from)).toBe(true);
  });

  test('a damaged object is deleted, but not one that was stored there meanwhile', async () => {
    const { connection, bucket } = practice;
    const place = { connection, bucket, key: from };
    const stored = await headOf(from);
    await expect(verifyStored(place, { ...stored, etag: 'other' }, '1')).rejects.toThrow();
    expect(await practice.has(from)).toBe(true);
    expect(await verifyStored(place, stored, null)).toEqual({ verified: 'length', versionId: null });
    expect(await verifyStored(place, { ...stored, crc64: null }, '1')).toEqual({ verified: 'length', versionId: null });
    await expect(verifyStored(place, stored, '1')).rejects.toThrow();
    expect(await practice.has(from)).toBe(false);
    await expect(verifyStored(place, stored, '1')).rejects.toMatchObject({ failure: { kind: 'integrity' } });
  });
});

describe('a symlink', () => {
  const link = async (target: string) => {
    const { connection, bucket } = practice;
    await putSymlink(connection, { bucket, key: from, target, headers: {} });
  };

  test('is copied although the account may not read its target', async () => {
    await link('secret');
    refuse('HeadObject', 'AccessDenied');
    expect((await copy()).end).toMatchObject({ verified: 'crc64' });
  });

  test('is looked for only where HEAD’s failure may be that of its target', async () => {
    expect((await copy()).asked).toEqual(['HEAD']);
    await practice.put(from, 'x');
    refuse('HeadObject', 'InvalidObjectState');
    const { end, asked } = await copy();
    expect([toCode(end), asked]).toEqual(['InvalidObjectState', ['HEAD', 'GET symlink']]);
  });

  test('that an attempt before made is found, and nothing else is taken for it', async () => {
    const { signal } = new AbortController();
    const { connection, bucket } = practice;
    const find = (key: string) => findEarlierSymlink({ connection, bucket, key }, 'target', signal);
    await link('target');
    expect(await find(from)).toEqual({ verified: 'crc64', versionId: null });
    await link('other');
    expect(await find(from)).toBeNull();
    await practice.put(to, 'x');
    expect([await find(to), await find('nothing')]).toEqual([null, null]);
    refuse('GetSymlink', 'AccessDenied');
    await expect(find(from)).rejects.toMatchObject({ failure: { kind: 'credentials' } });
  });
});
