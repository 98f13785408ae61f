import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { initiateMultipartUpload } from '../../../main/oss/operations/multipart.ts';
import { makeBucket, makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const MiB = 1024 ** 2;
const execute = promisify(execFile);
/** Keys that hurt terminals, shells and paths. */
const HOSTILE = ['a\nb', 'a\u001b[31mred', 'a/../../b', '  blank', 'a%2F*', '-rf', 'a\u202eb'];
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const env = () => environmentOf(practice);

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: env() });
}

function address(key: string): string {
  return `oss://${practice.bucket}/${key}`;
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Runs a command in a terminal, and types the answer once it asks. */
async function answering(args: readonly string[], answer: string): Promise<{ code: number; drawn: string }> {
  const quoted = [process.execPath, cli.path, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qec', `stty -echo cols 200; ${quoted}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...env() },
  });
  let drawn = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!drawn.includes('(y/N)') && (drawn + text).includes('(y/N)')) child.stdin.write(`${answer}\n`);
    drawn += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, drawn };
}

test('ls lists what a pattern names on its level, and says when that is nothing', async () => {
  for (const key of ['glob/2026-1.gz', 'glob/2026-2.gz', 'glob/2026-3/x.gz', 'glob/2025-1.gz']) {
    await practice.put(key, key);
  }
  const named = async (...args: string[]): Promise<unknown[]> =>
    lines((await waybill('ls', '--json', ...args)).stdout).map(({ key, prefix }) => key ?? prefix);
  expect(await named(address('glob/2026-*'))).toEqual(['glob/2026-3/', 'glob/2026-1.gz', 'glob/2026-2.gz']);
  expect(await named(address('glob/2026-*.gz'))).toEqual(['glob/2026-1.gz', 'glob/2026-2.gz']);
  expect(await named(address('glob/2026-*'), '-r')).toEqual(['glob/2026-1.gz', 'glob/2026-2.gz', 'glob/2026-3/x.gz']);
  expect(await named(address('**/x.g?'))).toEqual(['glob/2026-3/x.gz']);
  expect(await named(address('glob/2026-[13]*'), '--versions')).toEqual(['glob/2026-1.gz']);
  const nothing = await waybill('ls', address('glob/2024*'));
  expect(nothing).toMatchObject({ code: 1, stdout: 'listed 0\n' });
  expect(nothing.stderr).toContain(t('cli.glob.nothing', { address: address('glob/2024*') }));
});

test('a file that is named like a pattern is that file, and --no-glob asks nobody', async () => {
  for (const key of ['exact/a*', 'exact/ab']) await practice.put(key, key);
  const exact = await waybill('cat', address('exact/a*'));
  expect(exact).toMatchObject({ code: 0, stdout: 'exact/a*' });
  expect(exact.stderr).toContain(t('cli.glob.exact', { address: address('exact/a*') }));
  expect(await waybill('cat', address('exact/a*'), '--no-glob')).toEqual({ code: 0, stdout: 'exact/a*', stderr: '' });
  expect(await waybill('cat', address('exact/?[*]'))).toEqual({ code: 0, stdout: 'exact/a*', stderr: '' });
});

test('cat prints bytes, ranges and several files', async () => {
  const bytes = noise(3 * MiB);
  await practice.put('cat/one', bytes);
  const whole = await execute(process.execPath, [cli.path, 'cat', address('cat/one')], {
    ...{ env: env(), encoding: 'buffer', maxBuffer: 8 * MiB },
  });
  expect(createHash('sha256').update(whole.stdout).digest('hex')).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  );
  await practice.put('cat/text-1', 'first,');
  await practice.put('cat/text-2', 'second');
  expect(await waybill('cat', address('cat/text-*'))).toEqual({ code: 0, stdout: 'first,second', stderr: '' });
  expect(await waybill('cat', address('cat/text-2'), '--range', '1-3')).toMatchObject({ code: 0, stdout: 'eco' });
  expect(await waybill('cat', address('cat/text-2'), '--range=-3')).toMatchObject({ code: 0, stdout: 'ond' });
  expect(await waybill('cat', address('cat/text-2'), '--range=-300')).toMatchObject({ code: 0, stdout: 'second' });
  expect(await waybill('cat', address('cat/text-2'), '--range', '3-1')).toMatchObject({ code: 2, stdout: '' });
  await practice.put('cat/empty', '');
  expect(await waybill('cat', address('cat/empty'), '--range=-3')).toMatchObject({ code: 0, stdout: '' });
});

test('cat goes on after an interruption, and ends with 1 where a byte was changed on the way', async () => {
  await practice.put('cat/damaged', 'x'.repeat(MiB));
  const match = { operation: 'GetObject', key: 'cat/damaged' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'mid-body', afterBytes: MiB / 2 } });
  const resumed = await waybill('cat', address('cat/damaged'));
  expect(resumed).toEqual({ code: 0, stdout: 'x'.repeat(MiB), stderr: '' });
  practice.server.faults.add({ match, effect: { kind: 'corrupt', atByte: 1000 } });
  const damaged = await waybill('cat', address('cat/damaged'));
  expect(damaged.code).toBe(1);
  expect(damaged.stdout.length).toBeLessThan(MiB);
  expect(damaged.stderr).toContain('CRC-64');
});

test('a reader that has seen enough ends cat quietly', async () => {
  await practice.put('cat/long', 'line\n'.repeat(MiB));
  const command = `"${process.execPath}" "${cli.path}" cat ${address('cat/long')} 2>&1 | head -n 2`;
  const { stdout } = await execute('bash', ['-c', command], { env: { PATH: process.env['PATH'], ...env() } });
  expect(stdout).toBe('line\nline\n');
});

test('Ctrl+C ends cat with 130', async () => {
  await practice.put('cat/slow', noise(4 * MiB));
  practice.server.faults.add({ match: { key: 'cat/slow' }, effect: { kind: 'slow', bytesPerSecond: MiB / 4 } });
  const child = spawn(process.execPath, [cli.path, 'cat', address('cat/slow')], { env: env() });
  await once(child.stdout, 'data');
  child.stdout.resume();
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([130, null]);
});

test('stat tells what is there, and ends with 1 where nothing is', async () => {
  await practice.put('stat/file', 'stat');
  const stat = await waybill('stat', address('stat/file'), '--json');
  expect(stat).toMatchObject({ code: 0, stderr: '' });
  expect(lines(stat.stdout)).toMatchObject([
    { bucket: practice.bucket, key: 'stat/file', size: 4, storageClass: 'Standard', objectType: 'Normal', tags: 0 },
  ]);
  expect((await waybill('stat', address('stat/file'))).stdout).toMatch(/^size {18}4$/m);
  const bucket = await waybill('stat', `oss://${practice.bucket}`, '--json');
  expect(lines(bucket.stdout)).toMatchObject([{ bucket: practice.bucket, region: 'cn-hangzhou', acl: 'private' }]);
  const folder = await waybill('stat', address('stat'));
  expect(folder).toMatchObject({ code: 1, stdout: '' });
  expect(folder.stderr).toContain(t('cli.stat.folder', { address: address('stat') }));
  expect(folder.stderr).toContain('Code: NoSuchKey');
  expect(await waybill('stat', 'oss://no-such-bucket')).toMatchObject({ code: 1, stdout: '' });
  expect(await waybill('stat', address('stat/x*'))).toMatchObject({ code: 1, stdout: '' });
});

test.each(HOSTILE)('the key %j is found, printed without harm, and deleted', async (name) => {
  const key = `hostile/${name}`;
  await practice.put(key, 'content');
  await practice.put('hostile-not', 'stays');
  const stat = await waybill('stat', address(key), '--no-glob');
  expect(stat.code).toBe(0);
  // oxlint-disable-next-line no-control-regex -- what must not reach a terminal
  expect(stat.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(stat.stdout.split('\n').filter((line) => line.startsWith('key '))).toHaveLength(1);
  expect(lines((await waybill('stat', address(key), '--no-glob', '--json')).stdout)).toMatchObject([{ key }]);
  expect(await waybill('cat', address(key), '--no-glob')).toMatchObject({ code: 0, stdout: 'content' });
  const listed = await waybill('ls', address('hostile/**'), '--json');
  expect(lines(listed.stdout).map((line) => line['key'])).toEqual([key]);
  expect(await waybill('rm', address('hostile/**'), '--yes')).toMatchObject({ code: 0, stdout: 'deleted 1\n' });
  expect(await practice.has('hostile-not')).toBe(true);
});

test('du sums up a prefix, its folders, storage classes and versions', async () => {
  const bucket = 'waybill-cli-du';
  await makeBucket(practice.connection, bucket, true);
  for (const [name, text] of [
    ['a/x', '12345'],
    ['a/b/y', '123'],
    ['top', '1'],
    ['a/x', '1234567'],
  ] as const) {
    const path = await practice.file('du', text);
    await waybill('put', path, `oss://${bucket}/${name}`);
  }
  await waybill('rm', `oss://${bucket}/top`);
  const at = (key: string): string => `oss://${bucket}/${key}`;
  const sum = await waybill('du', at(''));
  expect(sum).toMatchObject({ code: 0, stderr: '' });
  expect(sum.stdout.trim().split(/ {2,}/)).toEqual(['10', '2', at('')]);
  const deep = lines((await waybill('du', at(''), '--depth', '2', '--json')).stdout);
  expect(deep.map(({ address: place, size, count }) => [place, size, count])).toEqual([
    [at('a/b/'), 3, 1],
    [at('a/'), 10, 2],
    [at(''), 10, 2],
  ]);
  const versions = lines((await waybill('du', at(''), '--versions', '--json')).stdout);
  expect(versions).toMatchObject([
    {
      ...{ size: 16, count: 4, older: { size: 6, count: 2 }, deleteMarkers: 1 },
      classes: [{ storageClass: 'Standard', size: 16, count: 4 }],
    },
  ]);
  expect(lines((await waybill('du', at('a/*'), '--json')).stdout)).toMatchObject([{ size: 10, count: 2 }]);
  expect((await waybill('du', at(''), '--human', '--classes')).stdout).toMatch(/^ +10 B +2 {2}Standard +oss:/m);
  expect(await waybill('du', at('none*'))).toMatchObject({ code: 1, stdout: '' });
  expect(await waybill('du', at(''), '-s', '--depth', '1')).toMatchObject({ code: 2, stdout: '' });
});

test('rm deletes what a pattern names only when it is confirmed', async () => {
  const keys = ['rm/a.tmp', 'rm/b.tmp', 'rm/keep', 'rm/sub/c.tmp'];
  for (const key of keys) await practice.put(key, key);
  const left = async (): Promise<boolean[]> => Promise.all(keys.map((key) => practice.has(key)));
  const unasked = await waybill('rm', address('rm/*.tmp'));
  expect(unasked).toMatchObject({ code: 2, stdout: '' });
  expect(unasked.stderr).toContain(t('cli.rm.yes'));
  const dry = await waybill('rm', address('rm/*.tmp'), '--dry-run');
  expect(dry).toMatchObject({ code: 0, stdout: `${address('rm/a.tmp')}\n${address('rm/b.tmp')}\n` });
  expect(dry.stderr).toContain(t('cli.rm.dry-run', { count: 2 }));
  expect(await answering(['rm', address('rm/*.tmp')], 'n')).toMatchObject({ code: 1 });
  expect(await left()).toEqual([true, true, true, true]);
  const { code, drawn } = await answering(['rm', address('rm/*.tmp')], 'y');
  expect(code).toBe(0);
  expect(drawn).toContain(
    t('cli.rm.question', {
      ...{ count: 2, size: '16 B', address: address('rm/*.tmp') },
      ...{ first: 'rm/a.tmp', last: 'rm/b.tmp' },
    }),
  );
  expect(await left()).toEqual([false, false, true, true]);
  const folders = await waybill('rm', address('rm/s*'), '--yes');
  expect(folders).toMatchObject({ code: 1, stdout: '' });
  expect(folders.stderr).toContain(t('cli.glob.folders', { address: address('rm/s*') }));
  expect(await waybill('rm', address('rm/s*'), '-r', '--yes')).toMatchObject({ code: 0, stdout: 'deleted 1\n' });
  expect(await left()).toEqual([false, false, true, false]);
});

test('a folder marker is no file in its folder', async () => {
  await practice.put('marked/', '');
  await practice.put('marked/file', 'x');
  expect(await waybill('rm', address('marked/*'), '--yes')).toMatchObject({ code: 0, stdout: 'deleted 1\n' });
  expect(await practice.has('marked/')).toBe(true);
});

test('mb creates a bucket, and changes none that exists', async () => {
  const made = await waybill('mb', 'oss://waybill-made', '--storage-class', 'ia', '--acl', 'public-read');
  expect(made).toEqual({ code: 0, stdout: 'created oss://waybill-made\n', stderr: '' });
  const stat = async (): Promise<unknown> => lines((await waybill('stat', 'oss://waybill-made', '--json')).stdout)[0];
  expect(await stat()).toMatchObject({ storageClass: 'IA', acl: 'public-read' });
  const again = await waybill('mb', 'oss://waybill-made');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain(t('cli.mb.exists', { bucket: 'waybill-made' }));
  expect(await stat()).toMatchObject({ acl: 'public-read' });
  expect(await waybill('mb', 'oss://Not_A_Name')).toMatchObject({ code: 2, stdout: '' });
  expect(await waybill('mb', 'oss://waybill-made/key')).toMatchObject({ code: 2, stdout: '' });
  expect(await waybill('mb', 'oss://waybill-x', '--acl', 'everyone')).toMatchObject({ code: 2, stdout: '' });
});

test('rb deletes an empty bucket, and a full one only with --force and a yes', async () => {
  const bucket = 'waybill-removed';
  await makeBucket(practice.connection, bucket, true);
  const path = await practice.file('rb', 'content');
  for (const key of ['a', 'a', 'b']) await waybill('put', path, `oss://${bucket}/${key}`);
  await waybill('rm', `oss://${bucket}/b`);
  await initiateMultipartUpload(practice.connection, { bucket, key: 'unfinished' });
  const refused = await waybill('rb', `oss://${bucket}`);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(t('cli.rb.not-empty', { bucket }));
  expect(await waybill('rb', `oss://${bucket}`, '--force')).toMatchObject({ code: 2, stdout: '' });
  const { code, drawn } = await answering(['rb', `oss://${bucket}`, '--force'], 'no');
  expect(code).toBe(1);
  expect(drawn).toContain(t('cli.rb.question', { bucket, count: 1, versions: 3, uploads: 1, size: '21 B' }));
  expect(await waybill('stat', `oss://${bucket}/a`)).toMatchObject({ code: 0 });
  expect(await waybill('rb', `oss://${bucket}`, '--force', '--yes')).toEqual({
    ...{ code: 0, stdout: `deleted oss://${bucket}\n`, stderr: '' },
  });
  expect(await waybill('stat', `oss://${bucket}`)).toMatchObject({ code: 1 });
});

test.each([
  ['cat', 'GetObject', 'denied/x'],
  ['stat', 'HeadObject', 'denied/x'],
  ['du', 'ListObjects', 'denied/'],
  ['ls', 'ListObjects', 'denied/*'],
  ['rm', 'ListObjects', 'denied/*'],
])('%s without permission says so and ends with 1', async (command, operation, key) => {
  await practice.put('denied/x', 'x');
  const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
  practice.server.faults.add({ match: { operation }, effect: denied });
  const ended = await waybill(command, address(key), ...(command === 'rm' ? ['--yes'] : []));
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(`${command}: `);
  practice.server.faults.clear();
  expect(await practice.has('denied/x')).toBe(true);
});
