import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makePracticeBucket, namesIn, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const NOBODY = 65_534;
let practice: PracticeBucket;
let cli: Program;
let state: string;
let target: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  await practice.put('big', noise(1024 ** 2));
});
beforeEach(() => {
  state = join(practice.folder, `state-${crypto.randomUUID()}`);
  target = join(practice.folder, `out-${crypto.randomUUID()}`);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const args = () => ['get', `oss://${practice.bucket}/big`, target];

function waybill(): Promise<Ended> {
  return runProgram(cli.path, args(), { env: environmentOf(practice, state) });
}

/** Kills the command while it waits for the server, and returns the path of the journal that it leaves. */
async function interruptedJournal(): Promise<string> {
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'latency', ms: 30_000 } });
  const env = { PATH: process.env['PATH'], ...environmentOf(practice, state) };
  const child = spawn(process.execPath, [cli.path, ...args()], { env });
  const lines = async (): Promise<string> => {
    const [name] = await readdir(state).catch(() => []);
    return name === undefined ? '' : readFile(join(state, name), 'utf8');
  };
  await expect.poll(lines, { timeout: 30_000 }).toContain('"type":"task"');
  child.kill('SIGKILL');
  await once(child, 'exit');
  practice.server.faults.clear();
  const [name = ''] = await readdir(state);
  return join(state, name);
}

/** Makes the journal upload a private file instead. */
async function turnIntoUpload(journal: string): Promise<void> {
  const secret = await practice.file('id_rsa', 'private');
  const lines = (await readFile(journal, 'utf8')).split('\n');
  const turned = lines.map((line) => {
    if (!line.includes('"type":"task"')) return line;
    const saved = JSON.parse(line) as { task: { work: Record<string, unknown> } };
    const { accountId, bucket } = saved.task.work;
    saved.task.work = { kind: 'upload', what: 'file', accountId, bucket, key: 'loot', path: secret };
    return JSON.stringify(saved);
  });
  await writeFile(journal, turned.join('\n'));
}

test.each(['777', '770', '1777'])(
  'a state folder with the mode %s is refused before anything is sent',
  async (mode) => {
    await mkdir(state);
    await chmod(state, Number.parseInt(mode, 8));
    const ended = await waybill();
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(t('cli.state-folder', { folder: state }));
    expect(await namesIn(state)).toEqual([]);
    await expect(stat(target)).rejects.toThrow('ENOENT');
  },
);

test('a state folder of another user is refused', async () => {
  await mkdir(state, { mode: 0o755 });
  await chown(state, NOBODY, NOBODY);
  expect(await waybill()).toMatchObject({ code: 2, stdout: '' });
});

test('a state folder that others can read is used', async () => {
  await mkdir(state, { mode: 0o755 });
  expect(await waybill()).toMatchObject({ code: 0, stderr: '' });
});

test('a journal of another command is not carried out, and the command does what it says', async () => {
  const journal = await interruptedJournal();
  await turnIntoUpload(journal);
  expect(await waybill()).toMatchObject({ code: 0, stdout: `${target}\n` });
  expect((await stat(target)).size).toBe(1024 ** 2);
  expect(await practice.has('loot')).toBe(false);
});

test.each<[string, (journal: string) => Promise<void>]>([
  ['others can read', (journal) => chmod(journal, 0o644)],
  ['another user owns', (journal) => chown(journal, NOBODY, NOBODY)],
  [
    'is a link',
    async (journal) => {
      await rename(journal, `${target}.jsonl`);
      await symlink(`${target}.jsonl`, journal);
    },
  ],
])('a journal that %s is not taken over', async (_, change) => {
  const journal = await interruptedJournal();
  await change(journal);
  const ended = await waybill();
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(state)).toHaveLength(1);
  await rm(`${target}.jsonl`, { force: true });
});

test('the journal of an interrupted command is resumed', async () => {
  await interruptedJournal();
  expect(await waybill()).toMatchObject({ code: 0 });
  expect(await readdir(state)).toEqual([]);
});
