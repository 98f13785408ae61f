import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Failure, toFailure } from '../../../main/failure.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { OverwriteHints } from '../../../main/transfers/run/overwrite-hints.ts';
import { runTask } from '../../../main/transfers/run/run-task.ts';
import type { TransferEvent } from '../../../main/transfers/tasks/state.ts';
import { type Batch, Task, type TaskRecord, type Work } from '../../../main/transfers/tasks/task.ts';
import { makeBucket, makePracticeBucket, makeWatch, type PracticeBucket } from './practice-bucket.ts';
import { accountId } from './queue-run.ts';

const ask = { type: 'block', need: 'overwrite-choice' } as const;
const skip = { type: 'skip' } as const;
const stored = { type: 'finish', verified: 'crc64' } as const;
let practice: PracticeBucket;
let count = 0;
/** A key, and a file, that no other test uses. */
let key: string;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
beforeEach(() => {
  key = `dir/k${(count += 1)}`;
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const place = () => ({ accountId, bucket: practice.bucket, key });
const upload = (path: string, what: 'file' | 'empty-folder' = 'file') =>
  ({ kind: 'upload', what, ...place(), path }) as const;
const download = (path: string) => ({ kind: 'download', what: 'object', ...place(), versionId: null, path }) as const;

interface Ran {
  readonly end: TransferEvent | Failure;
  readonly renamed: readonly unknown[];
  readonly copied: readonly unknown[];
  readonly connections: readonly string[];
  readonly bytes: number;
}

/** Runs one attempt. */
async function run(
  work: Work,
  record: Partial<TaskRecord> = {},
  fields: Parameters<Task['change']>[0] = {},
  batch: Batch = { choice: null },
): Promise<Ran> {
  const order = { createdAt: 0, choice: null, priority: 'normal', rank: 0, folder: null } as const;
  const task = new Task({ id: 'id', name: 'name', work, ...order, ...record }, null, batch);
  task.change(fields);
  const watch = makeWatch();
  const [renamed, copied, connections]: [unknown[], unknown[], string[]] = [[], [], []];
  const { connection: open, bucket } = practice;
  const connection = (account: string, name: string) => {
    connections.push(`${account === accountId ? '' : account}${name === bucket ? '' : name}`);
    return Promise.resolve(open);
  };
  const end = await runTask(task, {
    options: { connection, dispatcher: open.dispatcher },
    overwriteHints: new OverwriteHints(),
    watch: { ...watch.download, ...watch.upload },
    onDownloadCheckpoint: watch.download.onCheckpoint,
    onRenamed: (to, name) => renamed.push([to, name]),
    onFileChanged: () => undefined,
    onCopied: (state) => copied.push(state),
  }).catch(toFailure);
  return { end, renamed, copied, connections, bytes: watch.seen.doneBytes };
}

const text = async (of = key): Promise<string> => (await practice.read(of)).toString();

describe('an upload', () => {
  let path: string;
  beforeEach(async () => {
    path = await practice.file(`up${count}`, 'new');
  });

  test('stores its file and says which version that is', async () => {
    const { end, renamed, bytes } = await run(upload(path));
    expect([end, renamed, bytes, await text()]).toEqual([{ ...stored, versionId: null }, [], 3, 'new']);
  });

  test.each<readonly [TaskRecord['choice'], unknown, string]>([
    [null, ask, 'old'],
    ['skip', skip, 'old'],
    ['replace', stored, 'new'],
    ['refuse', { kind: 'oss', code: 'FileAlreadyExists' }, 'old'],
    ['skip-same', stored, 'new'],
    ['replace-older', stored, 'new'],
  ])('where the rule is %s and something else is there: %j', async (choice, end, left) => {
    await practice.put(key, 'old');
    const later = new Date(Date.now() + 60_000);
    utimesSync(path, later, later);
    expect((await run(upload(path), { choice })).end).toMatchObject(end as object);
    expect(await text()).toBe(left);
  });

  test('skips what is the same, and what is newer, where that is the rule', async () => {
    await practice.put(key, 'new');
    expect((await run(upload(path), { choice: 'skip-same' })).end).toEqual(skip);
    const long = new Date(0);
    utimesSync(path, long, long);
    expect((await run(upload(path), { choice: 'replace-older' })).end).toEqual(skip);
  });

  test('that keeps both takes the next free number, and tells its new name', async () => {
    for (const taken of [key, `${key} (2)`]) await practice.put(taken, 'old');
    const { end, renamed } = await run(upload(path), { choice: 'keep-both' });
    expect([end, renamed]).toEqual([{ ...stored, versionId: null }, [[{ key: `${key} (3)` }, `${key.slice(4)} (3)`]]]);
    expect([await text(), await text(`${key} (3)`)]).toEqual(['old', 'new']);
  });

  test('is done if an attempt before may have stored the same, and asks about anything else', async () => {
    await practice.put(key, 'new');
    expect((await run(upload(path))).end).toEqual(ask);
    const { end, bytes } = await run(upload(path), {}, { mayBeStored: true });
    expect([end, bytes]).toEqual([{ ...stored, versionId: null }, 0]);
    await practice.put(key, 'old');
    expect((await run(upload(path), {}, { mayBeStored: true })).end).toEqual(ask);
  });

  test('of a file that is gone says so', async () => {
    await practice.put(key, 'old');
    for (const choice of ['skip-same', 'replace'] as const) {
      const { end } = await run(upload(`${path} gone`), { choice });
      expect(end).toMatchObject({ kind: 'file', reason: 'missing' });
    }
    expect(await text()).toBe('old');
  });

  test('of an empty folder is done if there is one, and never asks', async () => {
    key = `${key}/`;
    const path = join(practice.folder, 'empty');
    mkdirSync(path, { recursive: true });
    expect((await run(upload(path, 'empty-folder'))).end).toEqual({ ...stored, versionId: null });
    expect(await text()).toBe('');
    expect((await run(upload(path, 'empty-folder'))).end).toEqual(skip);
  });

  test('takes the answer that was given for all that was added with it, unless it has one of its own', async () => {
    await practice.put(key, 'old');
    const batch = { choice: 'skip' } as const;
    expect((await run(upload(path), {}, {}, batch)).end).toEqual(skip);
    expect((await run(upload(path), { choice: 'replace' }, {}, batch)).end).toMatchObject(stored);
  });
});

describe('a download', () => {
  let path: string;
  beforeEach(async () => {
    path = join(practice.folder, `down${count}`);
    await practice.put(key, 'new');
  });
  const read = (of = path): string => readFileSync(of, 'utf8');

  test('stores its object', async () => {
    const { end, bytes } = await run(download(path));
    expect([end, bytes, read()]).toEqual([{ ...stored, versionId: null }, 3, 'new']);
  });

  test.each<readonly [TaskRecord['choice'], unknown, string]>([
    [null, ask, 'old'],
    ['skip', skip, 'old'],
    ['replace', stored, 'new'],
    ['refuse', { kind: 'file', reason: 'exists' }, 'old'],
    ['skip-same', stored, 'new'],
    ['replace-older', stored, 'new'],
  ])('where the rule is %s and something else is there: %j', async (choice, end, left) => {
    writeFileSync(path, 'old');
    const long = new Date(0);
    utimesSync(path, long, long);
    expect((await run(download(path), { choice })).end).toMatchObject(end as object);
    expect(read()).toBe(left);
  });

  test('skips what is the same, and what is newer, where that is the rule', async () => {
    writeFileSync(path, 'new');
    for (const choice of ['skip-same', 'replace-older'] as const) {
      expect((await run(download(path), { choice })).end).toEqual(skip);
    }
  });

  test('that keeps both takes the next free number, and tells its new name', async () => {
    writeFileSync(path, 'old');
    const { end, renamed } = await run(download(path), { choice: 'keep-both' });
    expect(end).toMatchObject(stored);
    expect(renamed).toEqual([[{ path: `${path} (2)` }, `down${count} (2)`]]);
    expect([read(), read(`${path} (2)`)]).toEqual(['old', 'new']);
  });

  test('is done if an attempt before may have stored the same, and its part file goes', async () => {
    writeFileSync(path, 'new');
    const partPath = join(practice.folder, `.down${count}.waybill-part`);
    writeFileSync(partPath, 'ne');
    const spans = [{ start: 0, sizeBytes: 3, doneBytes: 2, crc64: '1' }];
    const left = { partPath, etag: 'e', crc64: null, versionId: null, sizeBytes: 3, spans };
    const checkpoints = { upload: null, download: left };
    expect((await run(download(path))).end).toEqual(ask);
    const { end, bytes } = await run(download(path), {}, { mayBeStored: true, checkpoints });
    expect([end, bytes, existsSync(partPath)]).toEqual([{ ...stored, versionId: null }, 0, false]);
    writeFileSync(path, 'old');
    expect((await run(download(path), {}, { mayBeStored: true })).end).toEqual(ask);
  });

  test('of a key that is a folder makes one, if it can', async () => {
    const work = { ...download(join(path, 'deep')), what: 'folder' } as const;
    const { end, connections } = await run(work);
    expect([end, connections]).toEqual([{ type: 'finish', verified: 'length', versionId: null }, []]);
    expect(statSync(join(path, 'deep')).isDirectory()).toBe(true);
    writeFileSync(`${path} file`, 'x');
    const { end: failure } = await run({ ...work, path: join(`${path} file`, 'deep') });
    expect(failure).toMatchObject({ kind: 'file' });
  });

  test.skipIf(process.platform === 'win32')('does not go through a link below the folder that was chosen', async () => {
    mkdirSync(join(path, 'root'), { recursive: true });
    mkdirSync(join(path, 'elsewhere'));
    symlinkSync(join(path, 'elsewhere'), join(path, 'root', 'link'));
    const root = join(path, 'root');
    const { end } = await run({ ...download(join(root, 'link', 'file')), root });
    expect(end).toMatchObject({ kind: 'file', reason: 'linked-folder' });
    expect(existsSync(join(path, 'elsewhere', 'file'))).toBe(false);
    expect((await run(download(join(root, 'link', 'file')))).end).toMatchObject(stored);
  });

  test('of an object that is not there says so, and asks nobody about the file', async () => {
    key = `${key} gone`;
    expect((await run(download(path))).end).toMatchObject({ kind: 'oss', code: 'NoSuchKey' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a transfer through a link', () => {
  const link = () => ({ host: practice.connection.endpoint.host, bucket: practice.bucket, key });
  const live = (method: 'GET' | 'PUT', headers: Readonly<Record<string, string>> = {}) => {
    const { server, connection, bucket } = practice;
    const { accessKeyId, accessKeySecret } = server;
    const { endpoint, region } = connection;
    const signed = { method, bucket, key, endpoint, region, signVersion: 'v4', headers } as const;
    const accessKey = { accessKeyId, accessKeySecret, securityToken: null };
    const url = makeSignedUrl({ ...signed, accessKey, signedAt: Date.now(), expiresSeconds: 60 });
    return { link: { url, params: [], headers } };
  };

  test('waits for one', async () => {
    const needsLink = { type: 'block', need: 'fresh-link' };
    const path = join(practice.folder, 'none');
    expect((await run({ kind: 'link-download', ...link(), versionId: null, path })).end).toEqual(needsLink);
    expect((await run({ kind: 'link-upload', ...link(), path })).end).toEqual(needsLink);
  });

  test('goes up with the headers of the link, and comes down, without an account', async () => {
    const path = await practice.file(`linked${count}`, 'linked');
    const up = await run(
      { kind: 'link-upload', ...link(), path },
      {},
      live('PUT', { 'content-type': 'text/x-linked' }),
    );
    expect([up.end, up.connections, up.bytes]).toEqual([{ ...stored, versionId: null }, [], 6]);
    const work = { kind: 'link-download', ...link(), versionId: null, path: `${path} back` } as const;
    const down = await run(work, {}, live('GET'));
    expect([down.end, down.connections]).toEqual([{ ...stored, versionId: null }, []]);
    expect(readFileSync(`${path} back`, 'utf8')).toBe('linked');
  });
});

describe('a copy', () => {
  const copyOf = (more: Partial<Extract<Work, { kind: 'copy' }>> = {}) => ({
    ...({ kind: 'copy', ...place(), key: `${key} copy`, move: false, copied: null } as const),
    source: { ...place(), versionId: null },
    ...more,
  });
  beforeEach(() => practice.put(key, 'new'));

  test('keeps its source; a move deletes it once the copy is noted', async () => {
    const copied = await run(copyOf());
    expect([copied.end, copied.copied, copied.bytes]).toEqual([{ ...stored, versionId: null }, [], 3]);
    expect([await text(), await text(`${key} copy`)]).toEqual(['new', 'new']);
    const moved = await run(copyOf({ key: `${key} moved`, move: true }));
    expect([moved.end, moved.copied]).toEqual([
      { ...stored, versionId: null },
      [{ etag: expect.any(String) as unknown, versionId: null }],
    ]);
    expect([await practice.has(key), await text(`${key} moved`)]).toEqual([false, 'new']);
  });

  test('that was noted before leaves only the source to delete, if that is still the same', async () => {
    const { copied } = await run(copyOf({ move: true }));
    const [state] = copied as readonly { readonly etag: string; readonly versionId: null }[];
    if (state === undefined) throw new Error('nothing was noted');
    // It is gone already.
    expect((await run(copyOf({ move: true, copied: state }))).end).toEqual({ ...stored, versionId: null });
    await practice.put(key, 'other');
    const { end } = await run(copyOf({ move: true, copied: state }));
    expect([end, await text()]).toEqual([
      expect.objectContaining({ code: 'ChangedSinceCopied', status: 412 }),
      'other',
    ]);
    await practice.put(key, 'new');
    const again = await run(copyOf({ move: true, copied: state }));
    expect([again.end, again.bytes, await practice.has(key)]).toEqual([{ ...stored, versionId: null }, 0, false]);
  });

  test.each<readonly [TaskRecord['choice'], unknown, string]>([
    [null, ask, 'old'],
    ['skip', skip, 'old'],
    ['replace', stored, 'new'],
    ['skip-same', stored, 'new'],
    ['refuse', { kind: 'oss', code: 'FileAlreadyExists' }, 'old'],
  ])('where the rule is %s and something else is there: %j', async (choice, end, left) => {
    await practice.put(`${key} copy`, 'old');
    expect((await run(copyOf({ move: true }), { choice })).end).toMatchObject(end as object);
    expect([await text(`${key} copy`), await practice.has(key)]).toEqual([left, left === 'old']);
  });

  test('that keeps both takes the next free number, and tells its new name', async () => {
    await practice.put(`${key} copy`, 'old');
    const { renamed } = await run(copyOf(), { choice: 'keep-both' });
    expect(renamed).toEqual([[{ key: `${key} copy (2)` }, `${key.slice(4)} copy (2)`]]);
    expect(await text(`${key} copy (2)`)).toBe('new');
  });

  test('is done if an attempt before may have stored the same', async () => {
    await practice.put(`${key} copy`, 'new');
    expect((await run(copyOf())).end).toEqual(ask);
    const { end, bytes } = await run(copyOf({ move: true }), {}, { mayBeStored: true });
    expect([end, bytes, await practice.has(key)]).toEqual([{ ...stored, versionId: null }, 0, false]);
    await practice.put(key, 'other');
    expect((await run(copyOf(), {}, { mayBeStored: true })).end).toEqual(ask);
  });

  test('of what is not there says so, even if something is where it would go', async () => {
    await practice.put(`${key} copy`, 'old');
    const source = { ...place(), key: `${key} gone`, versionId: null };
    for (const choice of ['replace', 'skip-same'] as const) {
      const { end } = await run(copyOf({ source, move: true }), { choice });
      expect(end).toMatchObject({ kind: 'oss', status: 404 });
    }
    expect(await text(`${key} copy`)).toBe('old');
  });

  test('between accounts passes through this computer, and asks both', async () => {
    const other = 'waybill-other';
    await makeBucket(practice.connection, other);
    const asked: string[] = [];
    practice.server.faults.add({
      match: { operation: 'CopyObject' },
      effect: { kind: 'error', status: 400, code: 'No' },
    });
    const ran = await run(copyOf({ accountId: 'second', bucket: other }));
    asked.push(...ran.connections);
    expect([ran.end, asked]).toEqual([{ ...stored, versionId: null }, ['secondwaybill-other', '']]);
    const within = await run(copyOf());
    expect(within.end).toMatchObject({ kind: 'oss', code: 'No' });
  });
});

test('a folder has no attempts of its own', () => {
  const work = { kind: 'upload-folder', ...place(), path: '/nowhere' } as const;
  return expect(Promise.resolve().then(() => run(work))).rejects.toThrow('folder');
});
