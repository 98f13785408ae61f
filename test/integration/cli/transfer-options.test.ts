import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { makePracticeBucket, namesIn, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';
import { t } from '../../support/words.ts';

/** What stands behind the name in the question about an existing file. */
const existing = t('cli.overwrite.question', { name: '' }).split('\n')[0] ?? '';

const MiB = 1024 ** 2;
const execute = promisify(execFile);
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
  expect(stderr.includes(t('failure.file.exists.title'))).toBe(code === 1);
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
  ['put', '--connections', 'many'],
  ['put', '--overwrite', 'perhaps'],
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
  expect(drawn).toMatch(/━+╌+ {2} *\d+ % {2}[\d.]+ (MB|KB|B) of 2 MB {2}[\d.]+ (MB|KB)\/s {2}0:0\d left/);
  // oxlint-disable-next-line no-control-regex -- what a terminal takes to clear a line
  expect(drawn.replaceAll(/[^\r\n]*\r\u001b\[2K/g, '')).toBe(`${address('shown')}\r\n`);
});

test('--quiet says nothing in a terminal and nothing in a pipe', async () => {
  const path = await practice.file('quiet', noise(MiB));
  expect(await inTerminal(['put', path, address('quiet'), '--quiet'])).toBe('');
  expect(await waybill('put', path, address('quiet'), '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
});

/** Runs a command in a terminal and answers each question, in order; what ends with `^D` is the end of all answers. */
async function answering(
  args: readonly string[],
  answers: readonly string[],
): Promise<{ code: number; drawn: string }> {
  const quoted = [process.execPath, cli.path, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qec', `stty -echo cols 200; ${quoted}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...env() },
  });
  let drawn = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    drawn += text;
    for (; asked < drawn.split('help: ').length - 1; asked += 1) child.stdin.write(answers[asked] ?? '\u0003');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, drawn };
}

/** Local files a, b, c and objects of the same names; which of them are the new ones is in their texts. */
async function makeBoth(name: string, local: string, stored: string): Promise<{ folder: string; prefix: string }> {
  const folder = join(practice.folder, name);
  await mkdir(folder);
  for (const file of ['a', 'b', 'c']) {
    await writeFile(join(folder, file), local);
    await practice.put(`${name}/${file}`, stored);
  }
  return { folder, prefix: address(`${name}/`) };
}

test('--overwrite ask asks about each file on a terminal, and does what is answered', async () => {
  const { folder, prefix } = await makeBoth('asked', 'old', 'new');
  const args = ['get', prefix, folder, '--recursive', '--parallel', '1', '--overwrite', 'ask'];
  const { code, drawn } = await answering(args, ['?\n', 'r\n', 'Skip\n', 'k\n']);
  expect(code).toBe(0);
  const [, ...questions] = drawn.split(existing);
  expect(questions).toHaveLength(4);
  expect(questions[0]).toContain(t('cli.overwrite.help').split('\n')[2]);
  const names = ['a', 'b', 'c'].toSorted(
    (x, y) => drawn.indexOf(`${join(folder, x)}${existing}`) - drawn.indexOf(`${join(folder, y)}${existing}`),
  );
  const [replaced = '', skipped = '', both = ''] = names;
  expect(await readFile(join(folder, replaced), 'utf8')).toBe('new');
  expect(await readFile(join(folder, skipped), 'utf8')).toBe('old');
  expect(await readFile(join(folder, both), 'utf8')).toBe('old');
  expect(await readFile(join(folder, `${both} (2)`), 'utf8')).toBe('new');
});

test.each([
  ['R\n', 'new'],
  ['skip all\n', 'old'],
])('one answer %j goes for all that follow', async (answer, content) => {
  const name = `all-${content}`;
  const { folder, prefix } = await makeBoth(name, 'new', 'old');
  const { code, drawn } = await answering(['put', folder, prefix, '--recursive', '--overwrite', 'ask'], [answer]);
  expect(code).toBe(0);
  expect(drawn.split(existing)).toHaveLength(2);
  for (const file of ['a', 'b', 'c']) expect((await practice.read(`${name}/${file}`)).toString()).toBe(content);
});

test('whoever does not answer leaves all as it is, and the same command asks again', async () => {
  const { folder, prefix } = await makeBoth('unanswered', 'new', 'old');
  await writeFile(join(folder, 'd'), 'new');
  const args = ['put', folder, prefix, '--recursive', '--overwrite', 'ask'];
  const end = await answering(args, ['\u0004']);
  expect(end.code).toBe(1);
  expect(end.drawn).toContain(t('cli.overwrite.skipped'));
  expect(end.drawn).toContain(t('cli.resume'));
  expect((await practice.read('unanswered/a')).toString()).toBe('old');
  expect((await practice.read('unanswered/d')).toString()).toBe('new');
  const interrupted = await answering(args, ['\u0003']);
  expect(interrupted.code).toBe(130);
  expect((await answering(args, ['R\n'])).code).toBe(0);
  expect((await practice.read('unanswered/a')).toString()).toBe('new');
});

test('--overwrite ask without a terminal asks nobody and says what to do', async () => {
  const path = await practice.file('nobody', 'new');
  await practice.put('nobody', 'old');
  const ended = await waybill('put', path, address('nobody'), '--overwrite', 'ask');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(
    t('cli.overwrite.terminal', { choices: 'fail, skip, replace, keep-both, skip-same, or newer' }),
  );
  expect((await practice.read('nobody')).toString()).toBe('old');
});
