import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { putBucketVersioning } from '../../../main/oss/operations/bucket-settings.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import {
  digest,
  digestOf,
  makePracticeBucket,
  namesIn,
  noise,
  type PracticeBucket,
} from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf, notesIn } from './practice-cli.ts';
import { like, t } from '../../support/words.ts';

const MiB = 1024 ** 2;
const NEVER = { kind: 'latency', ms: 15_000 } as const;
const REFUSED = { kind: 'error', status: 403, code: 'OneTooMany' } as const;
let practice: PracticeBucket;
let cli: Program;
let state: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
beforeEach(() => {
  state = join(practice.folder, `.state-${crypto.randomUUID()}`);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const env = () => environmentOf(practice, state);

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: env() });
}

function address(key: string): string {
  return `oss://${practice.bucket}/${key}`;
}

/** Starts a command, and ends it by a signal once its journal has this line so often. */
async function interrupt(args: readonly string[], signal: NodeJS.Signals, line: string, times: number): Promise<Ended> {
  const child = spawn(process.execPath, [cli.path, ...args], { env: { PATH: process.env['PATH'], ...env() } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await expect
    .poll(async () => (await notesIn(state)).split(line).length - 1, { timeout: 30_000, interval: 50 })
    .toBe(times);
  child.kill(signal);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: '', stderr };
}

test.each(['SIGKILL', 'SIGINT'] as const)('a put that %s ended goes on, and sends no part twice', async (signal) => {
  const bytes = noise(64 * MiB);
  const path = await practice.file('large.bin', bytes);
  const args = ['put', path, address(`large-${signal}`)];
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 4, effect: NEVER });
  const ended = await interrupt(args, signal, '"type":"part"', 4);
  if (signal === 'SIGINT') {
    expect(ended).toMatchObject({ code: 130, stderr: `${t('cli.resume')}\n` });
  }
  practice.server.faults.clear();
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 4, effect: REFUSED });
  const again = await waybill(...args);
  expect(again).toMatchObject({ code: 0, stdout: `${address(`large-${signal}`)}\n` });
  expect(again.stderr).toContain(t('cli.resumed', { size: '32 MB' }));
  expect(digest(await practice.read(`large-${signal}`))).toBe(digest(bytes));
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
  expect(await readdir(state)).toEqual([]);
});

test('a get that was killed goes on with what its part file holds', async () => {
  const bytes = noise(64 * MiB);
  await practice.put('got.bin', bytes);
  const folder = join(practice.folder, 'got');
  await mkdir(folder);
  const args = ['get', address('got.bin'), join(folder, 'got.bin')];
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 4, effect: NEVER });
  await interrupt(args, 'SIGKILL', '"type":"span"', 4);
  expect(await namesIn(folder)).toEqual(['.got.bin.waybill-part']);
  practice.server.faults.clear();
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 4, effect: REFUSED });
  expect(await waybill(...args)).toMatchObject({ code: 0, stdout: `${join(folder, 'got.bin')}\n` });
  expect(await digestOf(join(folder, 'got.bin'))).toBe(digest(bytes));
  expect(await namesIn(folder)).toEqual(['got.bin']);
});

test('a fetch goes on through another link for the same object, and no link is written down', async () => {
  const bytes = noise(64 * MiB);
  await practice.put('fetched.bin', bytes);
  const link = async (): Promise<string> =>
    (await waybill('share', address('fetched.bin'), '--expires', '600')).stdout.trim();
  const target = join(practice.folder, 'fetched.bin');
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 3, effect: NEVER });
  await interrupt(['fetch', await link(), target], 'SIGKILL', '"type":"span"', 3);
  const text = await notesIn(state);
  expect(text).toContain('fetched.bin');
  for (const secret of ['ignature', practice.server.accessKeyId, 'x-oss-']) expect(text).not.toContain(secret);
  practice.server.faults.clear();
  const again = await waybill('fetch', await link(), target);
  expect(again).toMatchObject({ code: 0, stdout: `${target}\n` });
  expect(again.stderr).toMatch(like('cli.resumed', { size: /\d+ MB/ }));
  expect(await digestOf(target)).toBe(digest(bytes));
});

test('a fetch of a list goes on with the version of a file that is missing beside the one that is there', async () => {
  const [small, large] = [noise(5), noise(64 * MiB)];
  await putBucketVersioning(practice.connection, practice.bucket, 'enabled');
  for (const bytes of [small, large]) await practice.put('same.bin', bytes);
  await putBucketVersioning(practice.connection, practice.bucket, 'suspended');
  const { versions } = await listVersions(practice.connection, practice.bucket, { prefix: 'same.bin' });
  const links: string[] = [];
  for (const { versionId } of versions.toReversed()) {
    const args = ['share', address('same.bin'), '--version-id', versionId, '--expires', '600'];
    links.push((await waybill(...args)).stdout.trim());
  }
  const list = await practice.file('links.txt', links.join('\n'));
  const folder = join(practice.folder, 'versions');
  await mkdir(folder);
  // The command names its folder with a slash at the end, as shells complete it.
  const args = ['fetch', '--url-file', list, `${folder}/`];
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 5, effect: NEVER });
  await interrupt(args, 'SIGKILL', '"at":"done"', 1);
  practice.server.faults.clear();
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  const names = await namesIn(folder);
  const got = await Promise.all(names.map((name) => digestOf(join(folder, name))));
  expect(got.toSorted()).toEqual([digest(small), digest(large)].toSorted());
});

test('a folder that goes up is gone on with: what is done is not sent again, but for what changed', async () => {
  const tree = join(practice.folder, 'many-up');
  await mkdir(tree);
  const names = Array.from({ length: 40 }, (_, index) => `f${String(index).padStart(2, '0')}`);
  for (const name of names) await writeFile(join(tree, name), name);
  const args = ['put', tree, address('many-up/'), '--recursive'];
  practice.server.faults.add({ match: { operation: 'PutObject' }, skip: 20, effect: NEVER });
  await interrupt(args, 'SIGKILL', '"type":"settled"', 20);
  practice.server.faults.clear();
  // Those of the first 20 that came through: which, is a matter of luck.
  const { objects } = await listObjects(practice.connection, practice.bucket, { prefix: 'many-up/' });
  const sent = basename(objects[0]?.key ?? '');
  await writeFile(join(tree, sent), 'changed');
  practice.server.faults.add({ match: { operation: 'PutObject' }, skip: 21, effect: REFUSED });
  const again = await waybill(...args);
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('20 files');
  expect(again.stdout.trim().split('\n')).toHaveLength(21);
  for (const name of names) {
    expect((await practice.read(`many-up/${name}`)).toString()).toBe(name === sent ? 'changed' : name);
  }
});

test('a folder that comes down is gone on with: what is done is not asked for again, but for what was removed', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `f${String(index).padStart(2, '0')}`);
  for (const name of names) await practice.put(`many-down/${name}`, name);
  const folder = join(practice.folder, 'many-down');
  const args = ['get', address('many-down/'), folder, '--recursive'];
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 20, effect: NEVER });
  await interrupt(args, 'SIGKILL', '"type":"settled"', 20);
  practice.server.faults.clear();
  const [arrived = ''] = (await namesIn(folder)).filter((name) => names.includes(name));
  await rm(join(folder, arrived));
  practice.server.faults.add({ match: { operation: 'GetObject' }, skip: 21, effect: REFUSED });
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  expect(await namesIn(folder)).toEqual(names);
  for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe(name);
});

test('--fresh gives up what was interrupted, on both sides', async () => {
  const bytes = noise(64 * MiB);
  const path = await practice.file('fresh.bin', bytes);
  const args = ['put', path, address('fresh.bin')];
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 2, effect: NEVER });
  await interrupt(args, 'SIGKILL', '"type":"part"', 2);
  practice.server.faults.clear();
  expect(await waybill(...args, '--fresh')).toEqual({ code: 0, stdout: `${address('fresh.bin')}\n`, stderr: '' });
  expect(digest(await practice.read('fresh.bin'))).toBe(digest(bytes));
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
});

test('two processes of the same command at the same time both end well', async () => {
  const bytes = noise(24 * MiB);
  const path = await practice.file('twice.bin', bytes);
  await practice.put('twice-down', bytes);
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 300 } });
  const target = join(practice.folder, 'twice-down');
  const ends = await Promise.all([
    ...[1, 2].map(() => waybill('put', path, address('twice.bin'))),
    ...[1, 2].map(() => waybill('get', address('twice-down'), target, '--overwrite', 'replace')),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(digest(await practice.read('twice.bin'))).toBe(digest(bytes));
  expect(await digestOf(target)).toBe(digest(bytes));
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
  expect(await readdir(state)).toEqual([]);
});

test('a network that stays away ends a command after its patience, and the command can go on', async () => {
  const path = await practice.file('away.bin', noise(1000));
  const args = ['put', path, address('away.bin'), '--patience', '1'];
  const away = await runProgram(cli.path, args, { env: { ...env(), OSS_ENDPOINT: 'http://127.0.0.1:1' } });
  expect(away).toMatchObject({ code: 1, stdout: '' });
  expect(away.stderr).toBe(
    `put: ${t('failure.sentences', { title: t('failure.network.refused.title', { host: '127.0.0.1:1' }), next: t('cli.next.network.refused') })}\n${t('cli.resume')}\n`,
  );
});

test('credentials that are refused are told of, and the same command goes on with better ones', async () => {
  const path = await practice.file('secret.bin', noise(1000));
  const args = ['put', path, address('secret.bin')];
  const refused = await runProgram(cli.path, args, { env: { ...env(), OSS_ACCESS_KEY_SECRET: 'wrong' } });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^put: .*OSS_ACCESS_KEY_SECRET.*\n.*\nCode: SignatureDoesNotMatch .*RequestId: \w+/);
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  expect(await practice.has('secret.bin')).toBe(true);
});
