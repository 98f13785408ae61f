import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  digest,
  digestOf,
  makeBucket,
  makePracticeBucket,
  namesIn,
  noise,
  type PracticeBucket,
} from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';
import { escaped, like, t } from '../../support/words.ts';

const MiB = 1024 ** 2;
/** The server runs in this process: whoever asks it must not stop it. */
const execute = promisify(execFile);
const NOBODY = 65_534;
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  await chmod(practice.folder, 0o777);
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

test('a file goes up and comes back the same, by put and get', async () => {
  const bytes = noise(30 * MiB);
  const path = await practice.file('there.bin', bytes);
  expect(await waybill('put', path, address('trip/'))).toEqual({
    code: 0,
    stdout: `${address('trip/there.bin')}\n`,
    stderr: '',
  });
  const back = join(practice.folder, 'back.bin');
  expect(await waybill('get', address('trip/there.bin'), back)).toEqual({ code: 0, stdout: `${back}\n`, stderr: '' });
  expect(await digestOf(back)).toBe(digest(bytes));
});

test('get leaves a file that exists, and replaces it with --force', async () => {
  await practice.put('new', 'new');
  const path = await practice.file('old', 'old');
  const refused = await waybill('get', address('new'), path);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('--force');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await waybill('get', address('new'), path, '--force')).toMatchObject({ code: 0 });
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('put replaces, unless --forbid-overwrite is given', async () => {
  await practice.put('taken', 'old');
  const path = await practice.file('fresh', 'fresh');
  const refused = await waybill('put', path, address('taken'), '--forbid-overwrite');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/Code: FileAlreadyExists .*RequestId: \w+/);
  expect((await practice.read('taken')).toString()).toBe('old');
  expect(await waybill('put', path, address('taken'))).toMatchObject({ code: 0 });
  expect((await practice.read('taken')).toString()).toBe('fresh');
});

test('a folder goes up and comes back the same with --recursive', async () => {
  const tree = join(practice.folder, 'tree');
  await mkdir(join(tree, 'sub', 'empty'), { recursive: true });
  await writeFile(join(tree, 'a b+c%.txt'), 'a');
  await writeFile(join(tree, 'sub', '你好'), 'b');
  expect(await waybill('put', tree, address('tree-copy'), '--recursive')).toMatchObject({ code: 0 });
  const back = join(practice.folder, 'tree-back');
  expect(await waybill('get', address('tree-copy/'), back, '--recursive')).toMatchObject({ code: 0 });
  execFileSync('diff', ['-r', tree, back]);
  const again = await waybill('get', address('tree-copy/'), back, '--recursive');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(t('failure.file.exists.title'));
  expect(await waybill('rm', address('tree-copy/'), '--recursive')).toEqual({
    code: 0,
    stdout: 'deleted 3\n',
    stderr: '',
  });
});

test('ls lists one level or all, ends with the count, and gives one JSON object a line', async () => {
  for (const key of ['list/a', 'list/b c', 'list/sub/d']) await practice.put(key, key);
  const level = await waybill('ls', address('list/'));
  expect(level).toMatchObject({ code: 0 });
  expect(level.stdout.trimEnd().split('\n').at(-1)).toBe('listed 3');
  expect(level.stdout).toContain('list/sub/');
  const all = await waybill('ls', address('list/'), '--recursive', '--json');
  expect(all).toMatchObject({ code: 0, stderr: 'listed 3\n' });
  expect(lines(all.stdout).map(({ key, size }) => [key, size])).toEqual([
    ['list/a', 6],
    ['list/b c', 8],
    ['list/sub/d', 10],
  ]);
  expect(Object.keys(lines(all.stdout)[0] ?? {})).toEqual(['key', 'size', 'lastModified', 'etag', 'storageClass']);
  const buckets = await waybill('ls', 'oss://', '--json');
  expect(lines(buckets.stdout).map(({ name }) => name)).toContain(practice.bucket);
});

test('ls --versions tells versions and delete markers, rm --version-id deletes one for good', async () => {
  const bucket = 'waybill-cli-versions';
  await makeBucket(practice.connection, bucket, true);
  const path = await practice.file('v', 'one');
  const there = `oss://${bucket}/v`;
  await waybill('put', path, there);
  await waybill('put', path, there);
  await waybill('rm', there);
  const listed = lines((await waybill('ls', `oss://${bucket}/`, '--versions', '--json')).stdout);
  expect(listed.map(({ isLatest, deleteMarker }) => [isLatest, deleteMarker])).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
  const oldest = String(listed[2]?.['versionId']);
  const saved = join(practice.folder, 'oldest');
  expect(await waybill('get', there, saved, '--version-id', oldest)).toMatchObject({ code: 0 });
  expect(await waybill('rm', there, '--version-id', oldest)).toMatchObject({ code: 0 });
  expect(lines((await waybill('ls', `oss://${bucket}/`, '--versions', '--json')).stdout)).toHaveLength(2);
});

test.each(['plain', 'sp ace', 'a+b', '100%', 'h#sh', 'wh?t', 'a&b', `q'uo"te`, '你好/🎉', 'a//b', 'a/../b'])(
  'a link for %j prints alone and opens with curl and fetch',
  async (key) => {
    const bytes = noise(1000);
    await practice.put(`shared/${key}`, bytes);
    for (const version of ['v4', 'v1']) {
      const shared = await waybill('share', address(`shared/${key}`), '--sign-version', version, '--expires', '60');
      expect(shared).toMatchObject({ code: 0 });
      expect(shared.stdout).toMatch(/^http:\/\/\S+\n$/);
      const url = shared.stdout.trim();
      const curl = await execute('curl', ['-sSf', '--path-as-is', url], { encoding: 'buffer' });
      expect(digest(curl.stdout)).toBe(digest(bytes));
      const saved = join(practice.folder, `fetched-${version}`);
      expect(await waybill('fetch', url, saved, '--force')).toMatchObject({ code: 0 });
      expect(await digestOf(saved)).toBe(digest(bytes));
    }
  },
);

test('send goes through a PUT link with its headers; without them it says what is missing', async () => {
  const header = 'Content-Type: text/x-note';
  const { stdout } = await waybill('share', address('sent'), '--method', 'PUT', '--header', header);
  const path = await practice.file('note', 'note');
  const refused = await waybill('send', path, stdout.trim());
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/headers/);
  expect(refused.stderr).not.toContain('x-oss-signature=');
  expect(await waybill('send', path, stdout.trim(), '--header', header)).toMatchObject({ code: 0 });
  expect((await practice.read('sent')).toString()).toBe('note');
});

test('send says that a file was sent, not confirmed, where the first answer is lost and the link takes it once', async () => {
  const header = 'x-oss-forbid-overwrite: true';
  const { stdout } = await waybill('share', address('slot'), '--method', 'PUT', '--header', header);
  const path = await practice.file('slot-file', 'mine');
  const match = { operation: 'PutObject' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  const sent = await waybill('send', path, stdout.trim(), '--header', header);
  expect(sent).toMatchObject({ code: 0, stdout: 'sent slot\n' });
  expect(sent.stderr).toContain(t('cli.unconfirmed'));
  expect((await practice.read('slot')).toString()).toBe('mine');
});

test('an ended link is called expired', async () => {
  await practice.put('ends', 'x');
  const { stdout } = await waybill('share', address('ends'), '--expires', '30');
  practice.server.faults.clockOffsetMs = 60_000;
  const ended = await waybill('fetch', stdout.trim(), join(practice.folder, 'ends'));
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(
    like('failure.sentences', {
      // By this computer's clock it's still valid, so no moment is named.
      title: t('failure.cause.expired.title'),
      next: t('failure.cause.expired.next'),
    }),
  );
});

test('a link of temporary credentials warns on stderr and prints only the URL', async () => {
  const shared = await runProgram(cli.path, ['share', address('x')], { env: { ...env(), OSS_SESSION_TOKEN: 'token' } });
  expect(shared.code).toBe(0);
  expect(shared.stdout.trim().split('\n')).toHaveLength(1);
  expect(shared.stderr).toBe(`${t('cli.session.link')}\n`);
  const { stdout } = await waybill('inspect', shared.stdout.trim(), '--json');
  expect(lines(stdout)[0]).toMatchObject({ kind: 'link', temporary: true, key: 'x', bucket: practice.bucket });
});

test('inspect needs no server, and a text that is no link fails with words', async () => {
  const { stdout } = await waybill('share', address('in spect'), '--version-id', 'null');
  const told = await runProgram(cli.path, ['inspect', stdout.trim()]);
  expect(told.code).toBe(0);
  expect(told.stdout).toMatch(/key +in spect\nversion +null\n/);
  expect(await runProgram(cli.path, ['inspect', 'hello'])).toMatchObject({ code: 1, stdout: '' });
});

test('a body that breaks or is damaged again and again fails and leaves nothing', async () => {
  await practice.put('bad-body', noise(MiB));
  const folder = join(practice.folder, 'bad-bodies');
  await mkdir(folder);
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'corrupt', atByte: 9 } });
  const damaged = await waybill('get', address('bad-body'), join(folder, 'x'));
  expect(damaged).toMatchObject({ code: 1, stdout: '' });
  expect(damaged.stderr).toContain(t('failure.integrity.title'));
  expect(await namesIn(folder)).toEqual([]);
});

test('what is wrong with the command line is said, with exit code 2', async () => {
  for (const args of [
    [],
    ['blah'],
    ['ls'],
    ['ls', 'bucket'],
    ['get', 'oss://b/k'],
    ['put', '--no-such', 'a', 'oss://b'],
  ]) {
    const ended = await waybill(...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).not.toBe('');
  }
  for (const name of ['ls', 'put', 'get', 'rm', 'share', 'inspect', 'fetch', 'send', 'practice']) {
    expect(await waybill(name, '--help')).toMatchObject({ code: 0 });
  }
});

test.each<[string, Record<string, string>, string[], RegExp]>([
  [
    'a wrong secret',
    { OSS_ACCESS_KEY_SECRET: 'wrong' },
    ['ls', 'oss://'],
    /^ls: .*OSS_ACCESS_KEY_SECRET.*\n.*\nCode: SignatureDoesNotMatch .*RequestId/,
  ],
  // No one's profiles are there.
  [
    'no credentials',
    { OSS_ACCESS_KEY_ID: '', OSS_ACCESS_KEY_SECRET: '', HOME: '/' },
    ['ls', 'oss://'],
    /Set the variables OSS_ACCESS_KEY_ID/,
  ],
  ['half a key', { OSS_ACCESS_KEY_ID: '', HOME: '/' }, ['ls', 'oss://'], /Detail: OSS_ACCESS_KEY_ID$/m],
  [
    'no such bucket',
    {},
    ['ls', 'oss://no-such-bucket'],
    new RegExp(`${escaped(t('failure.cause.no-such-bucket.title'))}.*\n.*\nCode: NoSuchBucket`),
  ],
  [
    'no such object',
    {},
    ['get', 'oss://waybill-transfers/nothing', 'x'],
    new RegExp(escaped(t('failure.cause.no-such-key.title'))),
  ],
  [
    'no network',
    { OSS_ENDPOINT: 'http://127.0.0.1:1' },
    ['ls', 'oss://'],
    like('failure.network.refused.title', { host: '127.0.0.1:1' }),
  ],
  [
    'a key that is too long',
    {},
    ['rm', `oss://waybill-transfers/${'k'.repeat(1100)}`],
    new RegExp(escaped(t('failure.input.key'))),
  ],
])('%s is said in words', async (_, more, args, words) => {
  const ended = await runProgram(cli.path, args, { env: { ...env(), ...more } });
  expect(ended.code).toBeGreaterThan(0);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(words);
});

test('a reader that has seen enough ends the listing quietly', async () => {
  const command = `"${process.execPath}" "${cli.path}" ls oss://${practice.bucket}/ --recursive 2>&1 | head -n 1`;
  const { stdout } = await execute('bash', ['-c', command], { env: { PATH: process.env['PATH'], ...env() } });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
});

test('the practice server runs in the foreground until it is told to end', async () => {
  const data = join(practice.folder, 'practice-data');
  const child = spawn(process.execPath, [cli.path, 'practice', '--json', '--data', data]);
  const [text] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const { endpoint, region, accessKeyId, accessKeySecret } = JSON.parse(text) as Record<string, string>;
  const given = {
    OSS_ENDPOINT: endpoint ?? '',
    OSS_REGION: region ?? '',
    OSS_ACCESS_KEY_ID: accessKeyId ?? '',
    OSS_ACCESS_KEY_SECRET: accessKeySecret ?? '',
  };
  expect(await runProgram(cli.path, ['ls', 'oss://'], { env: given })).toMatchObject({ code: 0 });
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('an unprivileged user is told which path could not be read, and the rest goes up', async () => {
  expect(process.getuid?.(), 'this test must run as root, to start a program as another user').toBe(0);
  const tree = join(practice.folder, 'partly');
  await mkdir(join(tree, 'locked'), { recursive: true });
  await writeFile(join(tree, 'open.txt'), 'open');
  await writeFile(join(tree, 'secret.txt'), 'secret', { mode: 0o600 });
  await writeFile(join(tree, 'locked', 'in.txt'), 'in');
  await chmod(join(tree, 'locked'), 0o700);
  await symlink('/', join(tree, 'way-out'));
  const args = ['put', tree, address('partly/'), '--recursive'];
  const state = join(practice.folder, 'state-of-nobody');
  await mkdir(state, { mode: 0o700 });
  await chown(state, NOBODY, NOBODY);
  const ended = await runProgram(cli.path, args, { env: { ...env(), WAYBILL_STATE_DIR: state }, uid: NOBODY });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toBe(`${address('partly/open.txt')}\n`);
  expect(ended.stderr).toContain(`${join(tree, 'locked')}: ${t('failure.file.denied.title')}`);
  expect(ended.stderr).toContain(`${join(tree, 'secret.txt')}: ${t('failure.file.denied.title')}`);
  expect(ended.stderr).toContain(`${join(tree, 'way-out')}: ${t('failure.file.linked-folder.title')}`);
});

test('a full disk is said to be full, and the same command goes on once there is room', async () => {
  const disk = join(practice.folder, 'small-disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  try {
    await practice.put('too-large', noise(20 * MiB));
    const before = await waybill('get', address('too-large'), join(disk, 'x'));
    expect(before).toMatchObject({ code: 1, stdout: '' });
    expect(before.stderr).toContain(t('failure.file.full.title'));
    expect(await namesIn(disk)).toEqual([]);
    // Room enough when it begins, taken by somebody else meanwhile.
    await practice.put('just-fits', noise(6 * MiB));
    practice.server.faults.add({
      match: { operation: 'GetObject' },
      effect: { kind: 'slow', bytesPerSecond: 3 * MiB },
    });
    const getting = waybill('get', address('just-fits'), join(disk, 'y'));
    await expect.poll(() => namesIn(disk), { timeout: 20_000, interval: 20 }).toEqual(['.y.waybill-part']);
    await writeFile(join(disk, 'other'), noise(5 * MiB));
    const during = await getting;
    expect(during.code).toBe(1);
    expect(during.stderr).toContain(t('failure.file.full.title'));
    expect(await namesIn(disk)).toEqual(['.y.waybill-part', 'other']);
    await rm(join(disk, 'other'));
    practice.server.faults.clear();
    expect(await waybill('get', address('just-fits'), join(disk, 'y'))).toMatchObject({ code: 0 });
    expect(await namesIn(disk)).toEqual(['y']);
  } finally {
    execFileSync('umount', [disk]);
  }
});
