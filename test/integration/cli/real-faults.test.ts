import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  digest,
  digestOf,
  makePracticeBucket,
  namesIn,
  noise,
  type PracticeBucket,
} from '../transfers/practice-bucket.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { makeRelay, type Relay } from '../transfers/relay.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf, notesIn } from './practice-cli.ts';
import { t } from '../../support/words.ts';

const MiB = 1024 ** 2;
/** How long the network is gone, in milliseconds: a minute in `npm run soak`, here longer than a command waits at first. */
const AWAY_MS = process.env['WAYBILL_SOAK'] === undefined ? 12_000 : 60_000;
/** Silence that the program itself ends, in milliseconds. */
const STALL_MS = 30_000;
let practice: PracticeBucket;
let relay: Relay;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  relay = await makeRelay(Number(new URL(practice.server.endpoint).port));
});
afterEach(() => practice.server.faults.clear());
afterAll(async () => {
  await relay.close();
  await practice.close();
});

const afar = (over = relay): Record<string, string> => ({
  ...environmentOf(practice),
  OSS_ENDPOINT: `http://127.0.0.1:${over.port}`,
});

function waybill(...args: string[]): Promise<Ended> {
  return waybillOver(relay, ...args);
}

function waybillOver(over: Relay | undefined, ...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: afar(over) });
}

function address(key: string): string {
  return `oss://${practice.bucket}/${key}`;
}

test('a network that goes away for a while stops neither a put nor a get', { timeout: AWAY_MS + 60_000 }, async () => {
  // More than goes through at once: some of it is over, and some is not, when the network goes.
  const bytes = noise(80 * MiB);
  const path = await practice.file('away-up', bytes);
  await practice.put('away-down', bytes);
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 4 * MiB } });
  const target = join(practice.folder, 'away-down');
  const both = Promise.all([waybill('put', path, address('away-up')), waybill('get', address('away-down'), target)]);
  // Something must have come through, or a command gives up after ten seconds.
  const stateDir = join(practice.folder, '.state');
  await expect
    .poll(() => notesIn(stateDir), { timeout: 30_000, interval: 50 })
    .toMatch(/"type":"part"[^]*"type":"span"|"type":"span"[^]*"type":"part"/);
  await relay.unplug();
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  await relay.plug();
  practice.server.faults.clear();
  expect((await both).map(({ code }) => code)).toEqual([0, 0]);
  expect(digest(await practice.read('away-up'))).toBe(digest(bytes));
  expect(await digestOf(target)).toBe(digest(bytes));
});

test(
  'connections that fall silent are dropped after half a minute, and the rest comes through',
  { timeout: STALL_MS + 60_000 },
  async () => {
    const bytes = noise(12 * MiB);
    const path = await practice.file('silent-up', bytes);
    await practice.put('silent-down', bytes);
    const target = join(practice.folder, 'silent-down');
    const [up, down] = await Promise.all(
      (['up', 'down'] as const).map(async (direction) => {
        const own = await makeRelay(Number(new URL(practice.server.endpoint).port));
        own.freeze(direction, 2 * MiB);
        return own;
      }),
    );
    const start = performance.now();
    const ended = await Promise.all([
      waybillOver(up, 'put', path, address('silent-up')),
      waybillOver(down, 'get', address('silent-down'), target),
    ]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(STALL_MS);
    for (const own of [up, down]) expect(own?.isFreezing()).toBe(false);
    expect(ended).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    expect(digest(await practice.read('silent-up'))).toBe(digest(bytes));
    expect(await digestOf(target)).toBe(digest(bytes));
    for (const own of [up, down]) await own?.close();
  },
);

test('a target folder that is removed meanwhile is told of, and the same command makes it anew', async () => {
  const bytes = noise(12 * MiB);
  await practice.put('homeless', bytes);
  const folder = join(practice.folder, 'home');
  await mkdir(folder);
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'slow', bytesPerSecond: 6 * MiB } });
  const args = ['get', address('homeless'), join(folder, 'x')];
  const child = spawn(process.execPath, [cli.path, ...args], { env: { PATH: process.env['PATH'], ...afar() } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await expect.poll(() => namesIn(folder), { timeout: 20_000, interval: 20 }).toEqual(['.x.waybill-part']);
  await rm(folder, { recursive: true });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(stderr).toContain(`${join(folder, 'x')}: ${t('failure.file.missing.title')}`);
  practice.server.faults.clear();
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  expect(await digestOf(join(folder, 'x'))).toBe(digest(bytes));
});

test('names that no system takes, or that two keys share, become files of their own inside the folder', async () => {
  const names = [
    ...['CON', 'nul.txt', 'trail. .', 'a?', 'a*', 'A', 'a', 'é', 'e\u0301', 'dir', 'dir/in', 'double//slash'],
    ...['../out', 'x/../../../out', 'photo\u202egpj.exe', `${'好'.repeat(120)}.txt`, `${'好'.repeat(120)}!.txt`],
  ];
  for (const name of names) await practice.put(`names/${name}`, name);
  const folder = join(practice.folder, 'inner', 'names');
  await mkdir(folder, { recursive: true });
  expect(await waybill('get', address('names/'), folder, '--recursive')).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(join(practice.folder, 'inner'))).toEqual(['names']);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  expect(texts.toSorted()).toEqual(names.toSorted());
  expect(new Set(paths.map((path) => path.normalize('NFC').toLowerCase())).size).toBe(names.length);
  for (const path of paths) {
    expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255);
    expect(basename(path)).not.toMatch(/[<>:"|?*\\\u202a-\u202e\u2066-\u2069]|[. ]$|^(con|nul)(\.|$)/i);
  }
});

test.skipIf(process.platform === 'win32')('more files than may be open at once all arrive', async () => {
  const folder = join(practice.folder, 'many-files');
  await mkdir(folder);
  for (let at = 0; at < 120; at += 1) await practice.file(join('many-files', `f-${at}`), noise(1000 + at));
  const child = spawn(
    'sh',
    [
      '-c',
      'ulimit -n 48 && exec "$@"',
      'sh',
      process.execPath,
      cli.path,
      'put',
      '--recursive',
      folder,
      address('many-files/'),
    ],
    {
      env: { PATH: process.env['PATH'], ...environmentOf(practice) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, told }).toEqual({ code: 0, told: '' });
  for (const at of [0, 60, 119]) expect(await practice.has(`many-files/f-${at}`)).toBe(true);
});

test.each([
  ['get', (target: string) => ['get', address('a'), target]],
  ['put', (path: string) => ['put', path, address('a')]],
  ['fetch', (target: string) => ['fetch', '-', target]],
] as const)('%s gives up a server that sends interim replies without an end, at once', async (command, argsOf) => {
  const flood = await startRawServer((socket) => {
    const more = (): void => {
      if (!socket.destroyed) socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => setImmediate(more));
    };
    more();
  });
  onTestFinished(() => flood.close());
  const path = await practice.file(`flooded-${command}`, Buffer.from('x'));
  const ended = await runProgram(cli.path, argsOf(command === 'put' ? path : `${path}-down`), {
    env: { ...environmentOf(practice), OSS_ENDPOINT: flood.origin },
    stdin: `${flood.origin}/b/a?Expires=1893456000&OSSAccessKeyId=a&Signature=${'a'.repeat(27)}%3D`,
  });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(t('failure.cause.not-oss.title'));
  expect(ended.stderr).not.toContain('interim');
  expect(flood.connections()).toBeLessThanOrEqual(2);
});
