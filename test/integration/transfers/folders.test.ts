import { mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Transfer } from '../../../main/transfers/tasks/transfer.ts';
import { digest, digestOf, makePracticeBucket, namesIn, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(async () => {
  practice.server.faults.clear();
  await run.close();
});
afterAll(() => practice.close());

function upload(prefix: string, ...paths: string[]): Promise<readonly string[]> {
  return run.queue.addUploads({ accountId, bucket: practice.bucket, prefix, paths });
}

function download(folder: string, prefixes: string[]): Promise<readonly string[]> {
  const { bucket } = practice;
  return run.queue.addDownloads({ accountId, bucket, keys: [], prefixes, versionId: null, folder });
}

/** A folder with these files in it. */
async function makeFolder(name: string, files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = join(practice.folder, name);
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

function numbered(count: number, text = 'x'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`f-${String(i).padStart(3, '0')}`, text]));
}

/** The one transfer there is. */
function only(): Transfer {
  const [transfer, ...others] = run.queue.list();
  if (transfer === undefined || others.length > 0) throw new Error(`${others.length + 1} transfers`);
  return transfer;
}

function childrenOf({ id }: Transfer): readonly Transfer[] {
  return run.queue.openFolders([id]);
}

function refuse(times?: number): () => void {
  return practice.server.faults.add({
    match: { operation: 'PutObject' },
    ...(times === undefined ? {} : { times }),
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
}

test('a folder is one transfer that goes up with its tree and comes back the same', async () => {
  run = makeQueue(practice);
  const files = { 'a.txt': 'a', 'sub/b &+% 你好.txt': 'b', 'sub/deep/c.bin': noise(9 * MiB) };
  const folder = await makeFolder('album', files);
  await mkdir(join(folder, 'empty'));
  expect(await upload('in/', folder)).toHaveLength(1);
  await run.settled();
  expect(only()).toMatchObject({
    name: 'album',
    state: { at: 'done' },
    folder: { total: 4, isCounted: true, done: 4, skipped: 0, failed: 0, asking: 0 },
    sizeBytes: 9 * MiB + 2,
    doneBytes: 9 * MiB + 2,
  });
  expect(run.uploaded.sort()).toEqual(
    ['in/album/a.txt', 'in/album/empty/', 'in/album/sub/b &+% 你好.txt', 'in/album/sub/deep/c.bin'].sort(),
  );
  const back = await makeFolder('back');
  expect(await download(back, ['in/album/'])).toHaveLength(1);
  await run.settled();
  for (const [name, bytes] of Object.entries(files)) {
    expect(await digestOf(join(back, 'album', name))).toBe(digest(Buffer.from(bytes)));
  }
  expect(await namesIn(join(back, 'album', 'empty'))).toEqual([]);
});

test('an empty folder and an empty prefix are done at once', async () => {
  run = makeQueue(practice);
  await upload('empty/', await makeFolder('nothing'));
  await download(await makeFolder('nowhere'), ['no/such/prefix/']);
  await run.settled();
  expect(run.queue.list().map(({ state }) => state.at)).toEqual(['done', 'done']);
  expect(run.uploaded).toEqual(['empty/nothing/']);
});

test('what cannot be read is named by its path and stops nothing else', async () => {
  run = makeQueue(practice);
  const folder = await makeFolder('odd', { 'good.txt': 'good' });
  await writeFile(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff, 0xfe])]), 'x');
  await symlink('/', join(folder, 'way-out'));
  await symlink('nowhere', join(folder, 'broken'));
  await symlink('good.txt', join(folder, 'alias.txt'));
  await upload('odd/', folder);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'failed' }, folder: { done: 2, failed: 3 } });
  const failures = childrenOf(only()).map(({ name, state }) => [
    name,
    state.at === 'failed' ? state.because : state.at,
  ]);
  expect(Object.fromEntries(failures)).toEqual({
    'odd/bad-\ufffd\ufffd': { kind: 'file', reason: 'bad-name', path: join(folder, 'bad-\ufffd\ufffd') },
    'odd/way-out': { kind: 'file', reason: 'linked-folder', path: join(folder, 'way-out') },
    'odd/broken': { kind: 'file', reason: 'missing', path: join(folder, 'broken') },
  });
});

test('a folder tried again looks once more at what could not be read, and at nothing that is done', async () => {
  run = makeQueue(practice);
  const folder = await makeFolder('mended', numbered(5));
  await symlink('nowhere', join(folder, 'broken'));
  await upload('', folder);
  await run.settled();
  await unlink(join(folder, 'broken'));
  await writeFile(join(folder, 'broken'), 'whole');
  run.queue.retry([only().id]);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 6, failed: 0 } });
  expect(run.uploaded.filter((key) => key.startsWith('mended/'))).toHaveLength(6);
});

test('keys that one system takes for the same file become two, and none leaves the folder', async () => {
  run = makeQueue(practice);
  const keys = ['x/A.txt', 'x/a.txt', 'x/../../etc/passwd', 'x//double', 'x/CON', 'x/dir', 'x/dir/in'];
  for (const key of keys) await practice.put(key, key);
  const folder = await makeFolder('names');
  await download(folder, ['x/']);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: keys.length } });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(keys.length);
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  expect(texts.sort()).toEqual([...keys].sort());
});

test('two prefixes that one system takes for the same folder become two', async () => {
  run = makeQueue(practice);
  for (const key of ['Case/one', 'case/one']) await practice.put(key, key);
  const folder = await makeFolder('cases');
  await download(folder, ['Case/', 'case/']);
  await run.settled();
  expect((await readdir(folder)).sort()).toEqual(['Case', 'case (2)']);
});

test('a paused folder stands still, and goes on where it was', async () => {
  run = makeQueue(practice);
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 50 } });
  await upload('', await makeFolder('pausing', numbered(60)));
  await run.until(() => (only().folder?.done ?? 0) > 5, 'some are done');
  run.queue.pause([only().id]);
  expect(only().state.at).toBe('paused');
  const { done } = only().folder ?? { done: 0 };
  expect(done).toBeLessThan(60);
  practice.server.faults.clear();
  run.queue.resume([only().id]);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 60 } });
});

test('a cancelled folder leaves what is done and begins nothing more; tried again it does the rest', async () => {
  run = makeQueue(practice);
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 50 } });
  await upload('', await makeFolder('cancelling', numbered(60)));
  await run.until(() => (only().folder?.done ?? 0) > 5, 'some are done');
  run.queue.cancel([only().id]);
  await run.until(() => childrenOf(only()).length === 0, 'all have stopped');
  const { length } = run.uploaded;
  expect(length).toBeLessThan(60);
  practice.server.faults.clear();
  run.queue.retry([only().id]);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 60 } });
  expect(run.uploaded.length).toBeLessThan(60 + 20);
});

test('what failed in a folder can be tried again, all or one', async () => {
  run = makeQueue(practice);
  const allow = refuse(4);
  await upload('', await makeFolder('refused', numbered(30)));
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'failed' }, folder: { total: 30, done: 26, failed: 4 } });
  allow();
  const [first] = childrenOf(only());
  run.queue.retry([first?.id ?? '']);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'failed' }, folder: { done: 27, failed: 3 } });
  run.queue.retry([only().id]);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 30, failed: 0 } });
});

test('a failed part that is dismissed does not keep its folder from being done', async () => {
  run = makeQueue(practice);
  refuse(1);
  await upload('', await makeFolder('dismissed', numbered(3)));
  await run.settled();
  run.queue.cancel(childrenOf(only()).map(({ id }) => id));
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 2, skipped: 1, failed: 0 } });
});

test('a folder asks once for all that is there already, while the rest goes on', async () => {
  run = makeQueue(practice);
  const files = numbered(20, 'new');
  for (const name of Object.keys(files).slice(0, 8)) await practice.put(`asking/${name}`, 'old');
  await upload('', await makeFolder('asking', files));
  await run.settled();
  expect(only()).toMatchObject({
    state: { at: 'blocked', need: 'overwrite-choice' },
    folder: { total: 20, done: 12, asking: 8 },
  });
  run.queue.choose(only().id, 'replace', false);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 20, asking: 0 } });
  expect((await practice.read('asking/f-000')).toString()).toBe('new');
});

test('a question in a folder that goes on alone is answered alone', async () => {
  run = makeQueue(practice);
  for (const name of ['f-000', 'f-001']) await practice.put(`alone/${name}`, 'old');
  await upload('', await makeFolder('alone', numbered(2, 'new')));
  await run.settled();
  const [first] = childrenOf(only());
  run.queue.choose(first?.id ?? '', 'skip', false);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'blocked' }, folder: { skipped: 1, asking: 1 } });
});

test.each([
  ['all at once', false],
  ['one by one', true],
])('a folder of which everything that is asked about is skipped, %s, is done', async (_, isEach) => {
  run = makeQueue(practice);
  const name = `skipped-${isEach}`;
  for (const file of ['f-000', 'f-001']) await practice.put(`${name}/${file}`, 'old');
  await upload('', await makeFolder(name, numbered(2, 'new')));
  await run.settled();
  const asked = isEach ? childrenOf(only()) : [only()];
  for (const { id } of asked) run.queue.choose(id, 'skip', false);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 0, skipped: 2, asking: 0 } });
});

test('credentials that are missing stop a folder after the first few', async () => {
  run = makeQueue(practice);
  const stop = practice.server.faults.add({ effect: { kind: 'expired-token' } });
  await upload('', await makeFolder('expired', numbered(200)));
  await run.settled();
  expect(only().state).toMatchObject({ at: 'blocked', need: 'credentials' });
  expect(childrenOf(only()).length).toBeLessThan(30);
  stop();
  run.queue.credentialsRenewed(accountId);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { done: 200 } });
});

test('parts of a folder are told of only while it is open', async () => {
  run = makeQueue(practice);
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 100 } });
  await upload('', await makeFolder('open', numbered(100)));
  await run.until(() => (only().folder?.done ?? 0) > 3, 'some are done');
  const told = () => run.batches.flatMap(({ batch }) => batch.changed).filter(({ folderId }) => folderId !== null);
  expect(told()).toEqual([]);
  expect(childrenOf(only()).length).toBeGreaterThan(0);
  await run.until(() => told().length > 0, 'told');
  run.queue.openFolders([]);
  const { length } = told();
  await run.settled();
  expect(told().length).toBeLessThan(length + 40);
});

test('a folder goes on after a restart without sending again what is done', async () => {
  run = makeQueue(practice, { journal: 'folder.jsonl' });
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 50 } });
  await upload('', await makeFolder('restarted', numbered(100)));
  await run.until(() => (only().folder?.done ?? 0) > 20, 'some are done');
  await run.close();
  const before = [...run.uploaded];
  run = makeQueue(practice, { journal: 'folder.jsonl' });
  expect(only().folder?.done).toBe(before.length);
  await run.settled();
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { total: 100, done: 100 } });
  expect([...before, ...run.uploaded]).toHaveLength(100);
  await run.close();
  run = makeQueue(practice, { journal: 'folder.jsonl' });
  expect(only()).toMatchObject({ state: { at: 'done' }, folder: { total: 100, done: 100 }, doneBytes: 100 });
});

test('a prefix that cannot be listed fails, and goes on when it can', async () => {
  run = makeQueue(practice);
  await practice.put('listed/one', 'one');
  const allow = practice.server.faults.add({ effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  const folder = await makeFolder('listing');
  await download(folder, ['listed/']);
  await run.settled();
  expect(only().state).toMatchObject({ at: 'failed', because: { kind: 'credentials', cause: 'denied-by-policy' } });
  allow();
  run.queue.retry([only().id]);
  await run.settled();
  expect(only().state.at).toBe('done');
  expect(await namesIn(join(folder, 'listed'))).toEqual(['one']);
});

test('a folder that waits for its turn is counted meanwhile', async () => {
  run = makeQueue(practice, { limits: { slots: 1, connections: 1, up: null, down: null } });
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: MiB } });
  const large = await practice.file('large.bin', noise(20 * MiB));
  const folder = await makeFolder('waiting', numbered(12, 'four'));
  await upload('counted/', large, folder);
  const waiting = (): Transfer => run.find('waiting');
  await run.until(() => waiting().folder?.isCounted === true, 'counted');
  expect(waiting()).toMatchObject({ state: { at: 'queued' }, sizeBytes: 48, folder: { total: 12, done: 0 } });
  practice.server.faults.clear();
  await run.settled();
  expect(waiting()).toMatchObject({ state: { at: 'done' }, folder: { total: 12, done: 12 } });
});
