import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WaybillError } from '../../../main/failure.ts';
import type { OutgoingRequest, Reply } from '../../../main/http/message.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import type { ObjectHead } from '../../../main/oss/operations/object-headers.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { copyToLocation } from '../../../main/transfers/copy/copy.ts';
import type { CopyJob } from '../../../main/transfers/copy/copy-job.ts';
import type { NewCopies } from '../../../main/transfers/tasks/requests.ts';
import { verifyCopy } from '../../../main/transfers/copy/verify-copy.ts';
import { type Client, connect } from '../practice/client.ts';
import { digest, makeBucket, makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
const other = 'waybill-elsewhere';
let practice: PracticeBucket;
let ali: Client;
let run: QueueRun | null = null;

beforeAll(async () => {
  practice = await makePracticeBucket();
  await makeBucket(practice.connection, other);
  ali = connect(practice.server, { bucket: practice.bucket });
});
afterEach(async () => {
  practice.server.faults.clear();
  await run?.close();
  run = null;
});
afterAll(() => practice.close());

/** Gives whole copies 300 ms instead of five minutes, and notes them. */
class ImpatientAgent extends TransferAgent {
  readonly copies: string[] = [];

  override transmit(request: OutgoingRequest): Promise<Reply> {
    const isWhole = 'x-oss-copy-source' in request.headers && !request.path.includes('partNumber');
    if (!isWhole) return super.transmit(request);
    this.copies.push(request.path);
    return super.transmit({ ...request, answerTimeoutMs: 300 });
  }
}

async function digestAt(key: string): Promise<string> {
  return digest(await practice.read(key));
}

function jobOf(from: string, to: string, more: Partial<CopyJob> = {}): CopyJob {
  const { connection, bucket } = practice;
  return {
    connection,
    bucket,
    key: to,
    source: { connection, bucket, key: from, versionId: null },
    through: 'server',
    existing: 'keep',
    move: false,
    sizes: { whole: MiB, part: MiB },
    checkpoint: null,
    ...more,
  };
}

function copy(
  request: Partial<Omit<NewCopies, 'from' | 'to'>> & {
    keys?: string[];
    prefixes?: string[];
    to: string;
    bucket?: string;
  },
) {
  const { keys = [], prefixes = [], to, bucket = practice.bucket, move = false, name = null } = request;
  run ??= makeQueue(practice);
  const from = { accountId, bucket: practice.bucket, keys, prefixes, versionId: null };
  return run.queue.addCopies({ from, to: { accountId, bucket, prefix: to }, move, name });
}

async function keysBelow(prefix: string, bucket = practice.bucket): Promise<string[]> {
  return (await listObjects(practice.connection, bucket, { prefix })).objects.map(({ key }) => key);
}

const states = () => run?.queue.list().map(({ state }) => state.at);

/** Everything that an object can have. */
async function putRich(key: string, body: Buffer): Promise<void> {
  const headers = {
    'content-type': 'text/x-rich',
    'cache-control': 'max-age=60',
    'x-oss-meta-owner': 'li',
    'x-oss-tagging': 'team=blue%20one&empty=',
    'x-oss-object-acl': 'private',
    'x-oss-storage-class': 'IA',
  };
  await putObject(practice.connection, { bucket: practice.bucket, key, body, sizeBytes: body.length, headers });
}

describe.each(['server', 'machine'] as const)('a copy through the %s', (through) => {
  test.each([
    ['at once', 100_000],
    ['in parts', 3 * MiB + 17],
    ['of nothing', 0],
  ])(
    '%s has the bytes, headers, metadata, tags and storage class of its source, as ali-oss sees it',
    async (_, size) => {
      const body = noise(size);
      const [from, to] = [`rich/${through}-${size}`, `rich/copy of ${through}-${size}`];
      await putRich(from, body);
      const watch = makeWatch();
      const outcome = await copyToLocation(jobOf(from, to, { through, move: true }), watch.upload);
      expect(outcome.verified).toBe('crc64');
      expect(watch.seen).toMatchObject({ doneBytes: size, sizeBytes: size, verifying: true, upload: null });
      const { content, res } = (await ali.get(to)) as { content: Buffer; res: { headers: object } };
      expect(createHash('sha256').update(content).digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
      expect(res.headers).toMatchObject({
        'content-type': 'text/x-rich',
        'cache-control': 'max-age=60',
        'x-oss-meta-owner': 'li',
        'x-oss-storage-class': 'IA',
      });
      expect((await ali.getObjectTagging(to)).tag).toEqual({ team: 'blue one', empty: '' });
      expect((await ali.getACL(to)).acl).toBe('private');
    },
  );

  test('in parts goes on where it stopped', async () => {
    const body = noise(6 * MiB);
    const [from, to] = [`stop/${through}`, `stop/copy-${through}`];
    await practice.put(from, body);
    const operation = through === 'server' ? 'UploadPartCopy' : 'UploadPart';
    practice.server.faults.add({
      match: { operation },
      skip: 5,
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const broken = makeWatch();
    await expect(copyToLocation(jobOf(from, to, { through }), broken.upload)).rejects.toThrow(WaybillError);
    practice.server.faults.clear();
    expect(broken.seen.upload?.parts.length).toBeGreaterThanOrEqual(1);
    const again = makeWatch();
    await copyToLocation(jobOf(from, to, { through, checkpoint: broken.seen.upload }), again.upload);
    expect(again.seen.parts.length + broken.seen.parts.length).toBe(6);
    expect((await practice.read(to)).equals(body)).toBe(true);
  });
});

describe('an object larger than any copy may be', () => {
  const kept = { within: Infinity, across: 5 * MiB };
  const sizes = { whole: MiB, kept, part: MiB };
  const made = async (key: string, to = practice.bucket): Promise<string> => {
    const head = await headObject(practice.connection, { bucket: to, key });
    return head.objectType;
  };

  test('is copied at once within its bucket, and up to a size into another, as long as its class stays', async () => {
    await practice.put('six', noise(6 * MiB));
    await copyToLocation(jobOf('six', 'six-within', { sizes }), makeWatch().upload);
    await copyToLocation(jobOf('six', 'six-across', { sizes, bucket: other }), makeWatch().upload);
    const rewrite = (head: ObjectHead): ObjectHead => ({ ...head, storageClass: 'IA' });
    await copyToLocation(jobOf('six', 'six-cold', { sizes, rewrite }), makeWatch().upload);
    await practice.put('five', noise(5 * MiB));
    await copyToLocation(jobOf('five', 'five-across', { sizes, bucket: other }), makeWatch().upload);
    expect([await made('six-within'), await made('five-across', other)]).toEqual(['Normal', 'Normal']);
    expect([await made('six-across', other), await made('six-cold')]).toEqual(['Multipart', 'Multipart']);
  });

  test('is copied in parts after all where OSS refuses it', async () => {
    await practice.put('refused', noise(3 * MiB));
    const effect = { kind: 'error', status: 400, code: 'InvalidArgument' } as const;
    practice.server.faults.add({ match: { operation: 'CopyObject' }, effect });
    await copyToLocation(jobOf('refused', 'in-parts', { sizes }), makeWatch().upload);
    expect(await made('in-parts')).toBe('Multipart');
    await practice.put('small', 'small');
    await expect(copyToLocation(jobOf('small', 'not', { sizes }), makeWatch().upload)).rejects.toThrow(
      'InvalidArgument',
    );
  });
});

describe('an object that OSS does not copy in time', () => {
  const kept = { within: Infinity, across: 5 * MiB };
  const sizes = { whole: MiB, kept, part: MiB };
  const impatient = new ImpatientAgent();
  beforeEach(() => impatient.copies.splice(0));
  afterAll(() => impatient.destroy());
  const copyAside = (from: string, to: string, more: Partial<CopyJob> = {}) => {
    const connection = { ...practice.connection, dispatcher: impatient };
    return copyToLocation(jobOf(from, to, { sizes, connection, ...more }), makeWatch().upload);
  };
  const slowDown = (operation: string, ms: number) =>
    practice.server.faults.add({ match: { operation }, effect: { kind: 'latency', ms } });

  test.each(['keep', 'replace'] as const)('is asked for once, and then copied in parts (%s)', async (existing) => {
    await practice.put('slow', noise(3 * MiB));
    slowDown('CopyObject', 20_000);
    await copyAside('slow', `slow-${existing}`, { existing });
    expect(impatient.copies).toHaveLength(1);
    expect(await digestAt(`slow-${existing}`)).toBe(await digestAt('slow'));
  });

  test('and which is there before its parts are, is no file of somebody else', async () => {
    await practice.put('late', noise(3 * MiB));
    slowDown('CopyObject', 2000);
    slowDown('CompleteMultipartUpload', 3000);
    expect(await copyAside('late', 'late-copy')).toMatchObject({ verified: 'crc64' });
    expect(impatient.copies).toHaveLength(1);
    const { uploads } = await listMultipartUploads(practice.connection, practice.bucket, { prefix: 'late-copy' });
    expect(uploads).toEqual([]);
  });

  test('while another file appears under its name, stays where it is', async () => {
    await practice.put('beaten', noise(3 * MiB));
    slowDown('CopyObject', 20_000);
    slowDown('UploadPartCopy', 900);
    const copying = copyAside('beaten', 'beaten-copy');
    await expect.poll(() => impatient.copies).toHaveLength(1);
    await practice.put('beaten-copy', 'another');
    await expect(copying).rejects.toMatchObject({ failure: { kind: 'oss', code: 'FileAlreadyExists' } });
    expect((await practice.read('beaten-copy')).toString()).toBe('another');
  });
});

test('a source that changes while its parts are copied is copied anew, never mixed', async () => {
  const [first, second] = [noise(4 * MiB), noise(4 * MiB)];
  await practice.put('changing', first);
  const watch = makeWatch();
  let swapped: Promise<void> | null = null;
  const onPart = () => void (swapped ??= practice.put('changing', second));
  practice.server.faults.add({ match: { operation: 'UploadPartCopy' }, effect: { kind: 'latency', ms: 100 } });
  await copyToLocation(jobOf('changing', 'changed', { sizes: { whole: 0, part: 128 * 1024 } }), {
    ...watch.upload,
    onPart,
  });
  expect((await practice.read('changed')).equals(second)).toBe(true);
  const { uploads } = await listMultipartUploads(practice.connection, practice.bucket, { prefix: 'changed' });
  expect(uploads).toEqual([]);
});

test('a copy with another CRC-64 than its source is an error, and is taken back', async () => {
  const { connection, bucket } = practice;
  await practice.put('damaged', 'not what was copied');
  const stored = await headObject(connection, { bucket, key: 'damaged' });
  const source = { ...stored, sizeBytes: stored.sizeBytes ?? 0, crc64: '1' };
  await expect(verifyCopy(jobOf('whole', 'damaged', { move: true }), source, stored)).rejects.toMatchObject({
    failure: { kind: 'integrity' },
  });
  expect(await practice.has('damaged')).toBe(false);
});

describe('the queue', () => {
  test('copies a folder with all in it into another bucket', async () => {
    for (const key of ['tree/a', 'tree/b/c', 'tree/b//d', 'tree/e/']) await practice.put(key, key);
    expect(await copy({ prefixes: ['tree/'], to: 'in/', bucket: other })).toHaveLength(1);
    await run?.settled();
    expect(await keysBelow('in/', other)).toEqual(['in/tree/a', 'in/tree/b//d', 'in/tree/b/c', 'in/tree/e/']);
    expect(await keysBelow('tree/')).toHaveLength(4);
    expect(run?.queue.list()).toMatchObject([
      {
        ...{ direction: 'copy', name: 'tree', key: 'in/tree/', localPath: null, state: { verified: 'crc64' } },
        folder: { total: 4, done: 4, isCounted: true },
      },
    ]);
  });

  test('a folder is one transfer that is found while it is under way; its move goes on after a restart', async () => {
    const keys = Array.from({ length: 30 }, (_, index) => `lazy/${String(index).padStart(2, '0')}`);
    for (const key of keys) await practice.put(key, key);
    run = makeQueue(practice, { journal: 'lazy.jsonl' });
    const stop = practice.server.faults.add({
      match: { operation: 'CopyObject' },
      skip: 10,
      effect: { kind: 'latency', ms: 2000 },
    });
    await copy({ prefixes: ['lazy/'], to: 'lazily/', move: true });
    await run.until(([folder]) => folder?.folder?.done === 10, 'ten are moved');
    await run.close();
    stop();
    run = makeQueue(practice, { journal: 'lazy.jsonl' });
    await run.settled();
    expect(run.queue.list()).toMatchObject([{ state: { at: 'done' }, folder: { total: 30, done: 30 } }]);
    expect(await keysBelow('lazy/')).toEqual([]);
    expect(await keysBelow('lazily/')).toHaveLength(30);
  });

  test('a folder that cannot be listed fails as a whole, and is looked at again when it is tried again', async () => {
    await practice.put('dark/a', 'a');
    const stop = practice.server.faults.add({
      match: { operation: 'ListObjects' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    await copy({ prefixes: ['dark/'], to: 'lit/' });
    await run?.settled();
    expect(states()).toEqual(['failed']);
    stop();
    run?.queue.retry('all');
    await run?.settled();
    expect(states()).toEqual(['done']);
    expect(await keysBelow('lit/')).toEqual(['lit/dark/a']);
  });

  test('moves what is named and what is in folders, and tells of both places', async () => {
    for (const key of ['go/one', 'go/sub/two']) await practice.put(key, key);
    await copy({ keys: ['go/one'], prefixes: ['go/sub/'], to: 'gone/', move: true });
    await run?.settled();
    expect(await keysBelow('go')).toEqual(['gone/one', 'gone/sub/two']);
    expect(run?.uploaded.sort()).toEqual(['go/one', 'go/sub/two', 'gone/one', 'gone/sub/two']);
  });

  test('renames an object and a folder', async () => {
    for (const key of ['names/old.txt', 'names/old/x']) await practice.put(key, key);
    await copy({ keys: ['names/old.txt'], to: 'names/', move: true, name: 'new.txt' });
    await copy({ prefixes: ['names/old/'], to: 'names/', move: true, name: 'new' });
    await run?.settled();
    expect(await keysBelow('names/')).toEqual(['names/new.txt', 'names/new/x']);
  });

  test('asks before it replaces, and a move that is skipped leaves its source', async () => {
    for (const key of ['ask/a', 'to/a', 'ask/b', 'to/b', 'ask/c', 'to/c']) await practice.put(key, key);
    await copy({ keys: ['ask/a', 'ask/b', 'ask/c'], to: 'to/', move: true });
    await run?.settled();
    expect(states()).toEqual(['blocked', 'blocked', 'blocked']);
    for (const [key, choice] of [
      ['to/a', 'replace'],
      ['to/b', 'skip'],
      ['to/c', 'keep-both'],
    ] as const) {
      run?.queue.choose(run.find(key).id, choice, false);
    }
    await run?.settled();
    expect(await keysBelow('ask/')).toEqual(['ask/b']);
    expect((await practice.read('to/a')).toString()).toBe('ask/a');
    expect((await practice.read('to/b')).toString()).toBe('to/b');
    expect((await practice.read('to/c')).toString()).toBe('to/c');
    expect((await practice.read('to/c (2)')).toString()).toBe('ask/c');
  });

  test.each([
    [{ keys: ['self/a'], to: 'self/' }, 'copy-onto-itself'],
    [{ keys: ['self/a'], to: 'self/', name: 'a', move: true }, 'copy-onto-itself'],
    [{ prefixes: ['self/'], to: '' }, 'copy-onto-itself'],
    [{ prefixes: ['self/'], to: 'self/' }, 'copy-into-itself'],
    [{ prefixes: ['self/'], to: 'self/deep/', move: true }, 'copy-into-itself'],
  ])('refuses %j', async (request, rule) => {
    await expect(copy(request)).rejects.toMatchObject({ failure: { kind: 'input', rule } });
    expect(run?.queue.list()).toEqual([]);
  });

  test('a source that changed after it was copied is not deleted', async () => {
    await practice.put('keep/me', 'before');
    run = makeQueue(practice);
    // The first HEAD asks whether the key is free, the second looks at the copy in its place.
    const match = { operation: 'HeadObject', key: 'kept/me' };
    practice.server.faults.add({ match, skip: 1, effect: { kind: 'latency', ms: 400 } });
    await copy({ keys: ['keep/me'], to: 'kept/', move: true });
    await run.until((all) => all.some(({ state }) => state.at === 'verifying'), 'verifying');
    await practice.put('keep/me', 'after');
    await run.settled();
    expect(run.queue.list()[0]?.state).toMatchObject({ at: 'failed', because: { code: 'ChangedSinceCopied' } });
    expect((await practice.read('keep/me')).toString()).toBe('after');
    expect((await practice.read('kept/me')).toString()).toBe('before');
  });

  test('a source that was stored again after it was copied is not deleted, even with the same bytes', async () => {
    const versioned = 'waybill-versioned';
    const { connection } = practice;
    await makeBucket(connection, versioned, true);
    const put = (): Promise<unknown> =>
      putObject(connection, { bucket: versioned, key: 'me', body: Buffer.from('same'), sizeBytes: 4 });
    await put();
    run = makeQueue(practice);
    const match = { operation: 'HeadObject', key: 'kept/version' };
    practice.server.faults.add({ match, skip: 1, effect: { kind: 'latency', ms: 400 } });
    const from = { accountId, bucket: versioned, keys: ['me'], prefixes: [], versionId: null };
    const to = { accountId, bucket: practice.bucket, prefix: 'kept/' };
    await run.queue.addCopies({ from, to, move: true, name: 'version' });
    await run.until((all) => all.some(({ state }) => state.at === 'verifying'), 'verifying');
    await put();
    await run.settled();
    expect(run.queue.list()[0]?.state).toMatchObject({ at: 'failed', because: { code: 'ChangedSinceCopied' } });
    expect(await keysBelow('', versioned)).toEqual(['me']);
  });

  test('a source that is gone once it was copied is moved', async () => {
    await practice.put('leave/me', 'copied');
    run = makeQueue(practice);
    const match = { operation: 'HeadObject', key: 'left/me' };
    practice.server.faults.add({ match, skip: 1, effect: { kind: 'latency', ms: 400 } });
    await copy({ keys: ['leave/me'], to: 'left/', move: true });
    await run.until((all) => all.some(({ state }) => state.at === 'verifying'), 'verifying');
    await deleteObject(practice.connection, { bucket: practice.bucket, key: 'leave/me' });
    await run.settled();
    expect(run.queue.list()[0]?.state).toMatchObject({ at: 'done', verified: 'crc64' });
    expect((await practice.read('left/me')).toString()).toBe('copied');
  });

  test('a move whose source could not be deleted tries that alone again', async () => {
    await practice.put('stay/a', 'a');
    practice.server.faults.add({
      match: { operation: 'DeleteObject' },
      times: 2,
      effect: { kind: 'error', status: 500, code: 'InternalError' },
    });
    await copy({ keys: ['stay/a'], to: 'went/', move: true });
    await run?.settled();
    expect(states()).toEqual(['done']);
    expect(await practice.has('stay/a')).toBe(false);
  });

  test('between accounts the bytes come through this computer', async () => {
    const body = noise(9 * MiB);
    await practice.put('mine', body);
    run = makeQueue(practice);
    const from = { accountId, bucket: practice.bucket, keys: ['mine'], prefixes: [], versionId: null };
    const to = { accountId: '6f9d3f5e-0000-4000-8000-000000000002', bucket: other, prefix: 'theirs/' };
    practice.server.faults.add({
      match: { operation: 'CopyObject' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    await run.queue.addCopies({ from, to, move: false, name: null });
    await run.settled();
    expect(run.queue.list()[0]).toMatchObject({ state: { at: 'done', verified: 'crc64' }, sizeBytes: 9 * MiB });
    expect(await keysBelow('theirs/', other)).toEqual(['theirs/mine']);
  });

  const strange = [
    'odd/with\u0001control',
    'odd/line\nbreak',
    'odd//double',
    'odd/content/',
    `odd/${'长'.repeat(339)}x`,
    'odd/Case',
    'odd/case',
    'odd/caf\u00e9',
    'odd/cafe\u0301',
    'odd/../up',
    'odd/a+b &%=?#"\'<>',
  ];
  test('keys that are hard to write move and come back as they were', async () => {
    for (const key of strange) await practice.put(key, `content of ${key}`);
    const before = await keysBelow('odd/');
    // The longest key has no room for a longer prefix.
    await copy({ prefixes: ['odd/'], to: '', move: true, name: 'eve' });
    await run?.settled();
    expect(new Set(states())).toEqual(new Set(['done']));
    expect(await keysBelow('odd/')).toEqual([]);
    expect((await keysBelow('eve/')).sort()).toEqual(before.map((key) => key.replace('odd/', 'eve/')).sort());
    for (const key of strange)
      expect((await practice.read(key.replace('odd/', 'eve/'))).toString()).toBe(`content of ${key}`);
  });
});
