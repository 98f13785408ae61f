import { execFile } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listMultipartUploads } from '../../../main/oss/multipart.ts';
import { makePracticeBucket, namesIn, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { bundle, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const MiB = 1024 ** 2;
const execute = promisify(execFile);
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), bundle('main/cli.ts')]);
});
afterEach(() => practice.server.faults.clear());
afterAll(async () => {
  await cli.remove();
  await practice.close();
});

const env = () => environmentOf(practice);

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: env() });
}

function address(key: string): string {
  return `oss://${practice.bucket}/${key}`;
}

test.each([
  ['fail', 1, 'old', ['taken']],
  ['skip', 0, 'old', ['taken']],
  ['replace', 0, 'new', ['taken']],
  ['keep-both', 0, 'old', ['taken', 'taken (2)']],
  ['skip-same', 0, 'new', ['taken']],
  ['newer', 0, 'new', ['taken']],
])('get --overwrite %s where a file exists', async (rule, code, content, names) => {
  const folder = join(practice.folder, `get-${rule}`);
  await mkdir(folder);
  await writeFile(join(folder, 'taken'), 'old');
  await utimes(join(folder, 'taken'), 1000, 1000);
  await practice.put(`rules/${rule}/taken`, 'new');
  const { code: ended, stderr } = await waybill(
    ...['get', address(`rules/${rule}/`), folder, '--recursive', '--overwrite', rule],
  );
  expect(ended).toBe(code);
  expect(stderr.includes('exists already')).toBe(code === 1);
  expect(await readFile(join(folder, 'taken'), 'utf8')).toBe(content);
  expect(await namesIn(folder)).toEqual(names);
});

test.each([
  ['fail', 1, 'old', false],
  ['skip', 0, 'old', false],
  ['replace', 0, 'new', false],
  ['keep-both', 0, 'old', true],
  ['skip-same', 0, 'new', false],
  // The object is younger than the file.
  ['newer', 0, 'old', false],
])('put --overwrite %s where an object exists', async (rule, code, content, hasSecond) => {
  const path = await practice.file('new', 'new');
  await utimes(path, 1000, 1000);
  await practice.put(`put-${rule}`, 'old');
  expect((await waybill('put', path, address(`put-${rule}`), '--overwrite', rule)).code).toBe(code);
  expect((await practice.read(`put-${rule}`)).toString()).toBe(content);
  expect(await practice.has(`put-${rule} (2)`)).toBe(hasSecond);
});

test.each([
  ['put', '--limit', 'fast'],
  ['put', '--limit', '0'],
  ['put', '--parallel', '0'],
  ['put', '--overwrite', 'ask'],
  ['put', '--patience', 'long'],
])('%s %s %s is not understood', async (command, option, value) => {
  const ended = await waybill(command, 'x', address('x'), option, value);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(option);
});

test('--force and --overwrite that say different things exclude each other', async () => {
  expect(await waybill('get', address('x'), 'x', '--force', '--overwrite', 'skip')).toMatchObject({ code: 2 });
});

test('--limit holds in both directions', async () => {
  const path = await practice.file('limited', noise(6 * MiB));
  for (const args of [
    ['put', path, address('limited')],
    ['get', address('limited'), join(practice.folder, 'limited-back')],
  ]) {
    const before = performance.now();
    expect(await waybill(...args, '--limit', '2M')).toMatchObject({ code: 0 });
    expect(performance.now() - before).toBeGreaterThan(2500);
  }
});

test.each([1, 2])('--parallel %d has as many large files under way', async (parallel) => {
  const tree = join(practice.folder, `parallel-${parallel}`);
  await mkdir(tree);
  for (const name of ['a', 'b', 'c']) await writeFile(join(tree, name), noise(20 * MiB));
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 400 } });
  let most = 0;
  const putting = waybill('put', tree, address(`p${parallel}/`), '--recursive', '--parallel', String(parallel));
  const look = async (): Promise<string> => {
    most = Math.max(most, (await listMultipartUploads(practice.connection, practice.bucket)).uploads.length);
    return 'looked';
  };
  while ((await Promise.race([putting, look()])) === 'looked');
  expect(await putting).toMatchObject({ code: 0 });
  expect(most).toBe(parallel);
});

/** Runs a command in a terminal 100 columns wide and gives all that was drawn. */
async function inTerminal(args: readonly string[]): Promise<string> {
  const quoted = [process.execPath, cli.path, ...args].map((arg) => `'${arg}'`).join(' ');
  const { stdout } = await execute('script', ['-qec', `stty cols 100; ${quoted}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...env() },
  });
  return stdout;
}

test('a terminal shows how far it is, and keeps only the answer', async () => {
  const path = await practice.file('shown', noise(2 * MiB));
  const drawn = await inTerminal(['put', path, address('shown'), '--limit', '2M']);
  expect(drawn).toMatch(/━+╌+ {2} *\d+ % {2}[\d.]+ (MiB|KiB|B) of 2 MiB {2}[\d.]+ (MiB|KiB)\/s {2}0:0\d left/);
  // eslint-disable-next-line no-control-regex -- what a terminal takes to clear a line
  expect(drawn.replaceAll(/[^\r\n]*\r\u001b\[2K/g, '')).toBe(`${address('shown')}\r\n`);
});

test('--quiet says nothing in a terminal and nothing in a pipe', async () => {
  const path = await practice.file('quiet', noise(MiB));
  expect(await inTerminal(['put', path, address('quiet'), '--quiet'])).toBe('');
  expect(await waybill('put', path, address('quiet'), '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
});
