import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { makeBucket, makePracticeBucket, namesIn, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const MiB = 1024 ** 2;
const OTHER = 'waybill-cli-other';
const DENIED = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  await makeBucket(practice.connection, OTHER);
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

/** All keys below a prefix of a bucket. */
async function keysIn(place: string): Promise<unknown[]> {
  const { stdout } = await waybill('ls', place, '--recursive', '--json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as Record<string, unknown>)['key']);
}

test('cp uploads, downloads and copies, and a target with a slash gets the name', async () => {
  const path = await practice.file('cp.bin', noise(2 * MiB));
  const bytes = await readFile(path);
  expect(await waybill('cp', path, address('cp/'))).toEqual({
    code: 0,
    stdout: `${address('cp/cp.bin')}\n`,
    stderr: '',
  });
  const copied = await waybill('cp', address('cp/cp.bin'), `oss://${OTHER}`);
  expect(copied).toEqual({ code: 0, stdout: `oss://${OTHER}/cp.bin\n`, stderr: '' });
  const json = await waybill('cp', `oss://${OTHER}/cp.bin`, `oss://${OTHER}/deep/renamed`, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ bucket: OTHER, key: 'deep/renamed', verified: 'crc64' });
  const folder = join(practice.folder, 'cp-back');
  await mkdir(folder);
  const back = await waybill('cp', `oss://${OTHER}/deep/renamed`, folder);
  expect(back).toEqual({ code: 0, stdout: `${join(folder, 'renamed')}\n`, stderr: '' });
  expect(bytes.equals(await readFile(join(folder, 'renamed')))).toBe(true);
  expect(await practice.has('cp/cp.bin')).toBe(true);
});

test('a copy within OSS keeps headers and metadata', async () => {
  const headers = { 'content-type': 'text/x-kept', 'cache-control': 'no-cache', 'x-oss-meta-who': 'me' };
  const body = Buffer.from('with headers');
  await putObject(practice.connection, { bucket: practice.bucket, key: 'meta', body, sizeBytes: body.length, headers });
  expect(await waybill('cp', address('meta'), `oss://${OTHER}/meta`)).toMatchObject({ code: 0 });
  const head = await headObject(practice.connection, { bucket: OTHER, key: 'meta' });
  expect(head).toMatchObject({ contentType: 'text/x-kept', meta: { who: 'me' } });
  expect(head.httpHeaders['cache-control']).toBe('no-cache');
});

test('cp --recursive takes a folder with or without its slash, and nothing beside it', async () => {
  for (const key of ['tree/a', 'tree/sub/b', 'tree-not/c']) await practice.put(key, key);
  expect(await waybill('cp', '-r', address('tree'), `oss://${OTHER}/tree-copy`)).toMatchObject({ code: 0, stderr: '' });
  expect(await keysIn(`oss://${OTHER}/tree-copy`)).toEqual(['tree-copy/a', 'tree-copy/sub/b']);
  const folder = join(practice.folder, 'tree-here');
  expect(await waybill('cp', '-r', address('tree/'), folder)).toMatchObject({ code: 0, stderr: '' });
  expect(await namesIn(folder)).toEqual(['a', 'sub']);
  expect(await waybill('cp', '-r', folder, address('tree-up'))).toMatchObject({ code: 0, stderr: '' });
  expect(await keysIn(address('tree-up/'))).toEqual(['tree-up/a', 'tree-up/sub/b']);
  expect(await waybill('cp', '-r', address('no-tree'), `oss://${OTHER}/x/`)).toMatchObject({ code: 1, stdout: '' });
});

test('files that a pattern names keep their path below it, in cp and get', async () => {
  for (const key of ['match/1/x.gz', 'match/2/x.gz', 'match/2/y', 'match/top.gz']) await practice.put(key, key);
  const copied = await waybill('cp', address('match/*/x.gz'), `oss://${OTHER}/matched/`);
  expect(copied).toMatchObject({ code: 0, stderr: '' });
  expect(await keysIn(`oss://${OTHER}/matched/`)).toEqual(['matched/1/x.gz', 'matched/2/x.gz']);
  const folder = join(practice.folder, 'matched');
  const got = await waybill('get', address('match/**.gz'), folder);
  expect(got.stdout.trimEnd().split('\n').toSorted()).toEqual(
    ['1/x.gz', '2/x.gz', 'top.gz'].map((name) => join(folder, name)),
  );
  expect(await waybill('get', address('match/2*'), folder, '-r')).toMatchObject({ code: 1 });
  expect(await readFile(join(folder, '2', 'y'), 'utf8')).toBe('match/2/y');
  const unslashed = await waybill('cp', address('match/*.gz'), `oss://${OTHER}/one`);
  expect(unslashed).toMatchObject({ code: 2, stdout: '' });
  expect(unslashed.stderr).toContain(t('cli.cp.folder', { text: `oss://${OTHER}/one` }));
  const folders = await waybill('cp', address('match/[12]'), folder);
  expect(folders).toMatchObject({ code: 1, stdout: '' });
  expect(folders.stderr).toContain(t('cli.glob.folders', { address: address('match/[12]') }));
  expect(await waybill('get', address('match/none*'), folder)).toMatchObject({ code: 1, stdout: '' });
});

test.each([
  ['two local paths', ['a', 'b'], 'cli.cp.local'],
  ['a folder without --recursive', ['oss://waybill-transfers/self/', 'x'], 'cli.cp.recursive'],
  [
    'a file onto itself',
    ['oss://waybill-transfers/self/a', 'oss://waybill-transfers/self/'],
    'failure.input.copy-onto-itself',
  ],
  [
    'a folder onto itself',
    ['-r', 'oss://waybill-transfers/self', 'oss://waybill-transfers/self/'],
    'failure.input.copy-onto-itself',
  ],
  [
    'a folder into itself',
    ['-r', 'oss://waybill-transfers/self', 'oss://waybill-transfers/self/in/'],
    'failure.input.copy-into-itself',
  ],
  [
    'a pattern into what it names',
    ['oss://waybill-transfers/self/**', 'oss://waybill-transfers/self/in/'],
    'failure.input.copy-into-itself',
  ],
] as const)('%s is refused by cp and mv before anything changes', async (_, args, sentence) => {
  await practice.put('self/a', 'a');
  for (const command of ['cp', 'mv']) {
    const ended = await waybill(command, ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    const words = t(sentence, { text: args.at(-2) ?? '' });
    expect(ended.stderr).toContain(words);
  }
  expect(await keysIn(address('self/'))).toEqual(['self/a']);
});

test('cp fails on an existing file here, replaces an object, and follows --overwrite', async () => {
  await practice.put('rule/new', 'new');
  const path = await practice.file('rule-old', 'old');
  expect(await waybill('cp', address('rule/new'), path)).toMatchObject({ code: 1, stdout: '' });
  expect(await readFile(path, 'utf8')).toBe('old');
  await practice.put('rule/old', 'old');
  expect(await waybill('cp', address('rule/new'), address('rule/old'), '--overwrite', 'fail')).toMatchObject({
    code: 1,
  });
  expect((await practice.read('rule/old')).toString()).toBe('old');
  expect(await waybill('cp', address('rule/new'), address('rule/old'), '--overwrite', 'skip')).toMatchObject({
    code: 0,
  });
  expect((await practice.read('rule/old')).toString()).toBe('old');
  expect(await waybill('cp', address('rule/new'), address('rule/old'))).toMatchObject({ code: 0 });
  expect((await practice.read('rule/old')).toString()).toBe('new');
  expect(await waybill('cp', address('rule/new'), path, '--force')).toMatchObject({ code: 0 });
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('mv deletes the source, in each direction', async () => {
  const path = await practice.file('moved.txt', 'moved');
  expect(await waybill('mv', path, address('mv/'))).toEqual({
    code: 0,
    stdout: `${address('mv/moved.txt')}\n`,
    stderr: '',
  });
  expect(await namesIn(practice.folder)).not.toContain('moved.txt');
  expect(await waybill('mv', address('mv/moved.txt'), `oss://${OTHER}/mv/there`)).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(await practice.has('mv/moved.txt')).toBe(false);
  expect(await waybill('mv', `oss://${OTHER}/mv/there`, path)).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' });
  expect(await keysIn(`oss://${OTHER}/mv/`)).toEqual([]);
  expect(await readFile(path, 'utf8')).toBe('moved');
});

test('mv moves whole folders, and leaves no empty ones', async () => {
  const tree = join(practice.folder, 'mv-tree');
  await mkdir(join(tree, 'sub', 'empty'), { recursive: true });
  await writeFile(join(tree, 'a'), 'a');
  await writeFile(join(tree, 'sub', 'b'), 'b');
  expect(await waybill('mv', '-r', tree, address('mv-tree/'))).toMatchObject({ code: 0, stderr: '' });
  expect(await namesIn(practice.folder)).not.toContain('mv-tree');
  expect(await waybill('mv', '-r', address('mv-tree'), `oss://${OTHER}/mv-tree`)).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(await keysIn(address('mv-tree/'))).toEqual([]);
  expect(await waybill('mv', '-r', `oss://${OTHER}/mv-tree/`, tree)).toMatchObject({ code: 0, stderr: '' });
  expect(await keysIn(`oss://${OTHER}/mv-tree/`)).toEqual([]);
  expect(await namesIn(join(tree, 'sub'))).toEqual(['b', 'empty']);
});

test('a source stays where its target is another file, is not allowed to go, or was not reached', async () => {
  const path = await practice.file('stays', 'mine');
  await practice.put('stays', 'others');
  const skipped = await waybill('mv', path, address('stays'), '--overwrite', 'skip');
  expect(skipped).toMatchObject({ code: 1, stdout: '' });
  expect(skipped.stderr).toContain(t('cli.mv.kept', { count: 1 }));
  expect(await readFile(path, 'utf8')).toBe('mine');
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: DENIED });
  expect(await waybill('mv', path, address('stays'))).toMatchObject({ code: 1, stdout: '' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  practice.server.faults.clear();
  practice.server.faults.add({ match: { operation: 'DeleteObject' }, effect: DENIED });
  const kept = await waybill('mv', address('stays'), join(practice.folder, 'stays-too'));
  expect(kept.code).toBe(1);
  expect(kept.stderr).toContain(t('cli.mv.copied'));
  const within = await waybill('mv', address('stays'), `oss://${OTHER}/stays`);
  expect(within).toMatchObject({ code: 1, stdout: '' });
  expect((await practice.read('stays')).toString()).toBe('others');
  expect(await waybill('mv', path, address('x'), '--overwrite', 'keep-both')).toMatchObject({ code: 2, stdout: '' });
});

test('a source of mv stays where a byte changed on the way down', async () => {
  await practice.put('damaged', noise(MiB));
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'corrupt', atByte: 5 } });
  const path = join(practice.folder, 'damaged');
  expect(await waybill('mv', address('damaged'), path)).toMatchObject({ code: 1, stdout: '' });
  expect(await practice.has('damaged')).toBe(true);
  expect(await namesIn(practice.folder)).not.toContain('damaged');
});

test.each(['a\nb', 'a\u001b[31mred', 'a/../../b', '  blank', 'what?', '-rf'])(
  'the key %j is copied, moved and downloaded inside its folder',
  async (name) => {
    const key = `odd/${name}`;
    await practice.put(key, 'odd');
    expect(await waybill('cp', address(key), `oss://${OTHER}/odd-copy/${name}`, '--no-glob')).toMatchObject({
      code: 0,
    });
    const copied = await waybill('mv', '-r', address('odd'), `oss://${OTHER}/odd/`);
    expect(copied.code).toBe(0);
    expect(copied.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(await keysIn(`oss://${OTHER}/odd/`)).toEqual([key]);
    const folder = join(practice.folder, 'odd');
    expect(await waybill('mv', '-r', `oss://${OTHER}/odd/`, folder, '--force')).toMatchObject({ code: 0 });
    expect(await keysIn(`oss://${OTHER}/odd/`)).toEqual([]);
    expect(await namesIn(practice.folder)).toContain('odd');
    expect(await namesIn(practice.folder)).not.toContain('b');
  },
);

test('Ctrl+C ends a move with 130 and leaves the source; the same command goes on', async () => {
  for (const name of ['1', '2', '3']) await practice.put(`stopped/${name}`, name);
  practice.server.faults.add({
    match: { operation: 'CopyObject', key: 'moved-on/3' },
    effect: { kind: 'latency', ms: 60_000 },
  });
  const args = ['mv', '-r', address('stopped/'), `oss://${OTHER}/moved-on/`, '--json'];
  const child = spawn(process.execPath, [cli.path, ...args], { env: env() });
  await expect.poll(() => keysIn(`oss://${OTHER}/moved-on/`), { timeout: 20_000 }).toHaveLength(2);
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([130, null]);
  expect(await practice.has('stopped/3')).toBe(true);
  practice.server.faults.clear();
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  expect(await keysIn(address('stopped/'))).toEqual([]);
  expect(await keysIn(`oss://${OTHER}/moved-on/`)).toHaveLength(3);
});
