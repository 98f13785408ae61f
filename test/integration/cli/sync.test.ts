import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { SyncPair } from '../sync/sync-run.ts';
import { digest, digestOf, makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf, notesIn } from './practice-cli.ts';
import { t } from '../../support/words.ts';

const MiB = 1024 ** 2;
const NEVER = { kind: 'latency', ms: 15_000 } as const;
const REFUSED = { kind: 'error', status: 403, code: 'OneTooMany' } as const;
let practice: PracticeBucket;
let pair: SyncPair;
let cli: Program;
let target: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  pair = new SyncPair(practice);
  target = `oss://${practice.bucket}/to`;
});
beforeEach(async () => {
  await pair.clear();
  await pair.empty();
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, ['sync', ...args], { env: environmentOf(practice) });
}

function totals(
  key: 'cli.sync.done' | 'cli.sync.would',
  counts: readonly [number, string, number, number, number],
): string {
  const [count, size, deleted, left, same] = counts;
  return `${t(key, { count, size, deleted, left, same })}\n`;
}

test('a dry run prints the paths and does nothing; the run does just that; the next one nothing', async () => {
  await pair.writeAll({ a: '1', 'b/c': '22', same: 'x' });
  await pair.putAll({ gone: '1', same: 'x' });
  const options = [pair.folder, target, '--delete'];
  expect(await waybill(...options, '--dry-run')).toEqual({
    ...{ code: 0, stdout: 'a\nb/c\ngone\n' },
    stderr: totals('cli.sync.would', [2, '3 B', 1, 0, 1]),
  });
  expect(Object.keys(await pair.objects())).toEqual(['gone', 'same']);
  const { code, stdout, stderr } = await waybill(...options);
  expect([code, stdout.split('\n').toSorted()]).toEqual([0, ['', 'a', 'b/c', 'gone']]);
  expect(stderr).toBe(totals('cli.sync.done', [2, '3 B', 1, 0, 1]));
  expect(await pair.objects()).toEqual({ a: '1', 'b/c': '22', same: 'x' });
  expect(await waybill(...options)).toEqual({
    ...{ code: 0, stdout: '' },
    stderr: totals('cli.sync.done', [0, '0 B', 0, 0, 3]),
  });
  expect(await readdir(join(practice.folder, '.state'))).toEqual([]);
});

test('a dry run leaves no plan behind, even if nobody reads its output', async () => {
  const temporary = await mkdtemp(join(practice.folder, 'tmp-'));
  await pair.writeAll(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, 'x'])));
  const env = { PATH: process.env['PATH'], ...environmentOf(practice), TMPDIR: temporary, TEMP: temporary };
  const args = [cli.path, 'sync', pair.folder, target, '--dry-run'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.destroy();
  await once(child, 'close');
  expect(await readdir(temporary)).toEqual([]);
});

test('the other way it creates the folder, and --json says what was done', async () => {
  await rm(pair.folder, { recursive: true });
  await pair.putAll({ 'a/b': '1' });
  const preview = await waybill(target, pair.folder, '--dry-run', '--json');
  expect(JSON.parse(preview.stdout)).toEqual({ action: 'download', path: 'a/b', difference: 'new', size: 1 });
  const { code, stdout } = await waybill(target, pair.folder, '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { action: 'download', path: 'a/b', verified: 'crc64' }]);
  expect(await pair.files()).toEqual({ 'a/b': '1' });
});

test('many objects are asked about at once without a warning of Node’s', async () => {
  const paths = Array.from({ length: 32 }, (_, index) => `${index}`);
  const tree = Object.fromEntries(paths.map((path) => [path, 'x']));
  await pair.writeAll(tree);
  await pair.putAll(tree);
  expect(await waybill(pair.folder, target, '--checksum')).toEqual({
    ...{ code: 0, stdout: '' },
    stderr: totals('cli.sync.done', [0, '0 B', 0, 0, 32]),
  });
});

test('patterns of both kinds can be repeated', async () => {
  await pair.writeAll({ 'a.txt': '1', 'b.jpg': '2', 'c.png': '3', 'x/b.jpg': '4' });
  const patterns = ['--include', '*.jpg', '--include', '*.png', '--exclude', '/x/'];
  expect((await waybill(pair.folder, target, '--dry-run', ...patterns)).stdout).toBe('b.jpg\nc.png\n');
  expect(await waybill(pair.folder, target, '--exclude', '[a')).toMatchObject({ code: 2, stdout: '' });
});

test('what is left as it is is named, and the exit code says so', async () => {
  await pair.writeAll({ a: '1' });
  await symlink('a', join(pair.folder, 'link'));
  const { code, stdout, stderr } = await waybill(pair.folder, target);
  expect([code, stdout]).toEqual([1, 'a\n']);
  expect(stderr).toBe(`link: ${t('cli.sync.skip.linked')}\n${totals('cli.sync.done', [1, '1 B', 0, 1, 0])}`);
  expect(await waybill(pair.folder, target, '--exclude', 'link')).toMatchObject({ code: 0 });
});

test('an empty source deletes nothing without --yes', async () => {
  await pair.writeAll({ a: '1' });
  const mistyped = `oss://${practice.bucket}/mistyped`;
  const refused = await waybill(mistyped, pair.folder, '--delete');
  expect(refused).toEqual({ code: 2, stdout: '', stderr: `${t('cli.sync.empty')}\n` });
  expect(await pair.files()).toEqual({ a: '1' });
  expect(await waybill(mistyped, pair.folder, '--delete', '--yes')).toMatchObject({ code: 0, stdout: 'a\n' });
  expect(await pair.files()).toEqual({});
});

test('a source with links alone is empty too', async () => {
  await symlink('nowhere', join(pair.folder, 'link'));
  await pair.putAll({ a: '1' });
  const { code, stderr } = await waybill(pair.folder, target, '--delete');
  expect([code, stderr]).toEqual([2, `${t('cli.sync.empty')}\n`]);
  expect(await pair.objects()).toEqual({ a: '1' });
});

test('nothing is deleted if something wasn’t transferred', async () => {
  await pair.writeAll({ a: '1' });
  await pair.putAll({ gone: '1' });
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: REFUSED });
  const { code, stderr } = await waybill(pair.folder, target, '--delete');
  expect(code).toBe(1);
  expect(stderr).toContain(t('cli.sync.kept.failed'));
  expect(Object.keys(await pair.objects())).toEqual(['gone']);
});

test.each([
  [['a', 'b'], 'two folders'],
  [['oss://a/b', 'oss://c/d'], 'two addresses'],
  [['a'], 'one side'],
  [['', 'oss://a/b'], 'an empty folder'],
  [['oss://a/b', ''], 'an empty folder'],
])('%j is no sync: %s', async (words) => {
  expect(await waybill(...words)).toMatchObject({ code: 2, stdout: '' });
});

/** Starts a sync, and kills it once its journal has this line so often. */
async function kill(args: readonly string[], line: string, times: number): Promise<void> {
  const env = { PATH: process.env['PATH'], ...environmentOf(practice) };
  const child = spawn(process.execPath, [cli.path, 'sync', ...args], { env, stdio: 'ignore' });
  const state = join(practice.folder, '.state');
  await expect
    .poll(async () => (await notesIn(state)).split(line).length - 1, { timeout: 30_000, interval: 50 })
    .toBe(times);
  child.kill('SIGKILL');
  await once(child, 'close');
}

test('a sync that was killed goes on with the parts that it sent, and with what came up since', async () => {
  const bytes = noise(64 * MiB);
  await writeFile(join(pair.folder, 'large'), bytes);
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 4, effect: NEVER });
  await kill([pair.folder, target], '"type":"part"', 4);
  practice.server.faults.clear();
  await pair.writeAll({ since: '1' });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 4, effect: REFUSED });
  const again = await waybill(pair.folder, target);
  expect([again.code, again.stdout]).toEqual([0, 'large\nsince\n']);
  expect(digest(await practice.read('to/large'))).toBe(digest(bytes));
  expect(await practice.has('to/since')).toBe(true);
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
});

test('a sync with other patterns doesn’t finish what they leave out', async () => {
  await writeFile(join(pair.folder, 'secret'), noise(64 * MiB));
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 4, effect: NEVER });
  await kill([pair.folder, target], '"type":"part"', 4);
  practice.server.faults.clear();
  await pair.writeAll({ plain: '1' });
  expect(await waybill(pair.folder, target, '--exclude', 'secret')).toMatchObject({ code: 0, stdout: 'plain\n' });
  expect(await pair.objects()).toEqual({ plain: '1' });
  expect(await waybill(pair.folder, target)).toMatchObject({ code: 0, stdout: 'secret\n' });
});

test('a download that was killed goes on with what its part file holds', async () => {
  const bytes = noise(64 * MiB);
  await practice.put('to/large', bytes);
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 4, effect: NEVER });
  await kill([target, pair.folder], '"type":"span"', 4);
  expect(await readdir(pair.folder)).toEqual(['.large.waybill-part']);
  practice.server.faults.clear();
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 4, effect: REFUSED });
  expect(await waybill(target, pair.folder)).toMatchObject({ code: 0, stdout: 'large\n' });
  expect(await digestOf(join(pair.folder, 'large'))).toBe(digest(bytes));
  expect(await readdir(pair.folder)).toEqual(['large']);
});
