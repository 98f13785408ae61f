import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type Page } from 'playwright';
import type { ArgsOf, Bridge, CallName, Reply, Results } from '../../../main/contract/contract.ts';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import type { BenchServer } from '../list/list.ts';
import { openBucketOf } from '../in-window.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { writeContent } from '../transfer/content.ts';

/** What the window is like while bytes flow in both directions as fast as they can. Times in milliseconds. */
export interface BusyWindowResult {
  readonly frameMs: Spread;
  /** From a call of the page to main's answer. */
  readonly roundTripMs: Spread;
  readonly mibPerSecond: number;
}

const FILE_BYTES = 64 * 1024 ** 2;
const UP = 24;
const SEEDS = 4;
const ROUNDS_DOWN = 8;
const MEASURED_MS = 10_000;

/** Runs the app with its queue open, moves large files up and down, and measures from inside the page. */
export async function benchBusyWindow(): Promise<BusyWindowResult> {
  useStandInWhereElectronIsMissing();
  const place = await stat('/dev/shm').then(
    () => '/dev/shm',
    () => tmpdir(),
  );
  const folder = await mkdtemp(join(place, 'waybill-bench-'));
  const server = spawn(process.execPath, [join(import.meta.dirname, 'list-server.js'), join(folder, 'server'), '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It stands for a machine of its own: the threads of the app do not wait for it.
  if (server.pid !== undefined) setPriority(server.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const app = await _electron.launch({
    args: [process.cwd(), `--user-data-dir=${join(folder, 'profile')}`, '--lang=en-US'],
    env: { ...(process.env as Record<string, string>), HOME: folder },
  });
  try {
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const page = await app.firstWindow();
    await openBucketOf(page, JSON.parse(line) as BenchServer);
    await page.locator('[aria-controls=transfer-queue]').click();
    await moveBothWays(page, folder);
    return await measure(page);
  } finally {
    await app.close();
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends something to be got, then much more in both directions. */
async function moveBothWays(page: Page, folder: string): Promise<void> {
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'bench' };
  const fileIn = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await writeContent(path, FILE_BYTES);
    return path;
  };
  const seeds = await Promise.all(Array.from({ length: SEEDS }, (_, index) => fileIn(`seed ${index}`)));
  await ask(page, 'transfers.upload', { ...place, prefix: 'seeds/', paths: seeds });
  while ((await ask(page, 'transfers.list', {})).some(({ state }) => state.at !== 'done'))
    await page.waitForTimeout(200);
  const more = await Promise.all(Array.from({ length: UP }, (_, index) => fileIn(`up ${index}`)));
  await ask(page, 'settings.set', { parallelTransfers: 6 });
  for (let round = 0; round < ROUNDS_DOWN; round += 1) {
    const target = join(folder, `down ${round}`);
    await mkdir(target);
    const what = { keys: [], prefixes: ['seeds/'], versionId: null, folder: target };
    await ask(page, 'transfers.download', { ...place, ...what });
    const some = more.slice(round * 3, round * 3 + 3);
    await ask(page, 'transfers.upload', { ...place, prefix: 'up/', paths: some });
  }
}

/** A call of the contract, made in the page. */
async function ask<C extends CallName>(page: Page, name: C, args: ArgsOf<C>): Promise<Results[C]> {
  const reply = (await page.evaluate(
    ([called, given]) => {
      const { waybill } = globalThis as unknown as { waybill: { call(name: string, args: unknown): unknown } };
      return waybill.call(called, given);
    },
    [name as string, args as unknown] as const,
  )) as Reply<C>;
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
  return reply.value;
}

async function measure(page: Page): Promise<BusyWindowResult> {
  const seen = await page.evaluate(async (forMs) => {
    const { waybill } = globalThis as unknown as { waybill: Bridge };
    const frames: number[] = [];
    const trips: number[] = [];
    const until = performance.now() + forMs;
    let last = performance.now();
    const note = (now: number): void => {
      frames.push(now - last);
      last = now;
      if (now < until) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    const doneBytes = async (): Promise<number> => {
      const reply = await waybill.call('transfers.list', {});
      return reply.ok ? reply.value.reduce((sum, transfer) => sum + transfer.doneBytes, 0) : 0;
    };
    const before = await doneBytes();
    while (performance.now() < until) {
      const askedAt = performance.now();
      await waybill.call('accounts.list', {});
      trips.push(performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { frames: frames.slice(1), trips, bytes: (await doneBytes()) - before };
  }, MEASURED_MS);
  return {
    frameMs: spreadOf(seen.frames),
    roundTripMs: spreadOf(seen.trips),
    mibPerSecond: seen.bytes / 1024 ** 2 / (MEASURED_MS / 1000),
  };
}
