// A large file through a ticket, by a process that is killed twice. TICKET_MB=6144 takes more than one PUT could.
import { spawn } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getObject } from '../../../main/oss/operations/objects.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const MiB = 1024 ** 2;
const SIZE_MB = Number(process.env['TICKET_MB'] ?? 160);
/** A process that held the file, or its parts, would exceed this, in MB. */
const MOST_MEMORY_MB = 300;
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
afterAll(() => practice.close());

/** Writes noise, and returns its SHA-256. */
async function makeFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  const block = Buffer.alloc(16 * MiB);
  for (let written = 0; written < SIZE_MB; written += 16) {
    hash.update(randomFillSync(block));
    await file.write(block);
  }
  await file.close();
  return hash.digest('hex');
}

async function digestOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

test(`${String(SIZE_MB)} MB arrive through a ticket in spite of two kills, by a process that holds none of them`, async () => {
  const state = join(practice.folder, '.state');
  const path = join(practice.folder, 'large.bin');
  const sha256 = await makeFile(path);
  const asked = ['request', `oss://${practice.bucket}/large.bin`, '--ticket', '--size', `${String(SIZE_MB)}M`];
  const { stdout } = await runProgram(cli.path, [...asked, '--expires', '7d'], { env: environmentOf(practice) });
  const ticket = await practice.file('large.ticket', stdout);
  const { parts } = JSON.parse(stdout) as { readonly parts: number };
  let peakMb = 0;
  const noted = async (): Promise<number> => {
    const names = await readdir(state).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(state, name), 'utf8').catch(() => '')));
    return Math.max(0, ...texts.map((text) => new Set(text.match(/"partNumber":\d+/g)).size));
  };
  /** Sends until this many parts are noted, or to the end; returns the exit code, null for a kill. */
  const send = async (until: number): Promise<number | null> => {
    const env = { PATH: process.env['PATH'], WAYBILL_STATE_DIR: state };
    const child = spawn(process.execPath, [cli.path, 'send', path, ticket, '--quiet'], { env, stdio: 'ignore' });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    while (child.exitCode === null && child.signalCode === null) {
      const status = await readFile(`/proc/${String(child.pid)}/status`, 'utf8').catch(() => '');
      peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      if ((await noted()) >= until) child.kill('SIGKILL');
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))]);
    }
    return (await ended)[0];
  };
  expect(await send(Math.ceil(parts / 3))).toBeNull();
  expect(await send(Math.ceil((2 * parts) / 3))).toBeNull();
  expect(await send(Number.POSITIVE_INFINITY)).toBe(0);
  const { body } = await getObject(practice.connection, { bucket: practice.bucket, key: 'large.bin' });
  expect(await digestOf(body)).toBe(sha256);
  expect(peakMb).toBeLessThan(MOST_MEMORY_MB);
}, 3_600_000);
