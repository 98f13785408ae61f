import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { getBucketCors } from '../../../main/oss/operations/cors.ts';
import { t } from '../../support/words.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const shell = promisify(execFile);
const HOUR_MS = 3_600_000;
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function waybillWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: { ...environmentOf(practice), ...env } });
}

const waybill = (...args: string[]): Promise<Ended> => waybillWith({}, ...args);
const address = (prefix: string) => `oss://${practice.bucket}/${prefix}`;

/** Sends a file by the line, as a person would who has put its name there. Fails unless it is stored. */
async function send(line: string): Promise<void> {
  const file = await practice.file('sent.txt', 'content');
  await shell('sh', ['-c', line.replace('@FILE', `@${file}`)]);
}

test.each([-2, 2])('a form works although the clock is wrong by %i hours', async (hours) => {
  practice.server.faults.clockOffsetMs = hours * HOUR_MS;
  const { code, stdout } = await waybill('request', address('late/'), '--form', 'curl', '--expires', '1h');
  expect(code).toBe(0);
  await expect(send(stdout.trim())).resolves.toBeUndefined();
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['the secret', { OSS_ACCESS_KEY_SECRET: 'another' }, ''],
  ['the AccessKey', { OSS_ACCESS_KEY_ID: 'NOBODY' }, ''],
  ['the bucket', {}, 'oss://waybill-nowhere/in/'],
])('no form is printed where %s is wrong', async (_, env, elsewhere) => {
  const place = elsewhere === '' ? address('in/') : elsewhere;
  const { code, stdout, stderr } = await waybillWith(env, 'request', place, '--form', 'html', '--allow-overwrite');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toContain('<CORSRule>');
});

test('no form is printed where the clock is wrong by days', async () => {
  practice.server.faults.clockOffsetMs = 72 * HOUR_MS;
  const { code, stdout } = await waybill('request', address('in/'), '--form', 'curl');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('a form is printed with warnings where the server isn’t reached', async () => {
  const env = { OSS_ENDPOINT: 'http://127.0.0.1:9' };
  const { code, stdout, stderr } = await waybillWith(env, 'request', address('in/'), '--form', 'html');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^<!doctype html>/i);
  expect(stderr).toContain(t('cli.form.versions-unknown', { bucket: practice.bucket }));
});

test.each([
  ['--large', '100'],
  ['--large', '1', '--size', '50GB'],
  ['--large', '1', '--size', '100T'],
])('%s %s … is refused before a rule is set', async (...args) => {
  const { code } = await waybill('request', address('in/'), '--form', 'html', '--cors', 'add', ...args);
  expect(code).toBe(2);
  expect(await getBucketCors(practice.connection, practice.bucket)).toBeNull();
});

test.each([
  ['a Unix', '\n'],
  ['a Windows', '\r\n'],
])('a line for curl is checked and ended by its file (%s line end)', async (_, end) => {
  const prefix = `it’s 100% {my} "line" ${end.length}\u3000/`;
  const { stdout } = await waybill('request', address(prefix), '--form', 'curl', '--types', 'image/png,image/jpeg');
  const path = await practice.file('line.txt', stdout.trim() + end);
  await send(stdout.trim());
  const checked = await waybill('request', '--check', path);
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain(prefix);
  const ended = await waybill('request', '--end', path);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(t('cli.end.ended'));
  await expect(send(stdout.trim())).rejects.toThrow('403');
});

test('another line for curl is no form', async () => {
  const path = await practice.file('other.txt', 'curl -g --form-string policy=e30 http://127.0.0.1:9/b/\n');
  const { code, stderr } = await waybill('request', '--end', path);
  expect(code).toBe(2);
  expect(stderr).toContain(t('failure.input.form-file'));
});

test.each([
  ['--form', 'html'],
  ['--slots', '2'],
])('--cors remove with %s %s is refused', async (...args) => {
  const { code, stderr } = await waybill('request', address('in/'), ...args, '--cors', 'remove');
  expect(code).toBe(2);
  expect(stderr).toContain(t('cli.incompatible', { option: '--cors remove', other: args[0] }));
});

test('a form for the whole bucket says so, and one for a folder doesn’t', async () => {
  const warning = t('cli.form.whole-bucket', { bucket: practice.bucket });
  expect((await waybill('request', address(''), '--form', 'curl')).stderr).toContain(warning);
  expect((await waybill('request', address('in/'), '--form', 'curl')).stderr).not.toContain(warning);
});

test('--undo says that it brings back no uploads that a page had prepared', async () => {
  const { stdout } = await waybill('request', address('large/'), '--form', 'html', '--large', '1', '--size', '1G');
  const path = await practice.file('large.html', stdout);
  expect((await waybill('request', '--end', path)).code).toBe(0);
  expect((await waybill('request', '--end', path, '--undo')).stderr).toContain(t('cli.end.uploads-gone'));
});
