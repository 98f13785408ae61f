import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';

/** What a start costs, and what Waybill takes while nobody asks anything of it. */
export interface StartResult {
  /** From the start of the process until the window's first button can be pressed; the rounds, in order of size. */
  readonly usableMs: readonly number[];
  /** What main reads of its own bundle before that, in bytes. */
  readonly mainBytes: number;
  /** Scripts and styles that the page names; what it imports later does not count. */
  readonly pageBytes: number;
  readonly pageFiles: number;
  /** Main's share of one processor at rest, from 0 to 1. */
  readonly idleCpu: number;
  /** Of main, at rest. */
  readonly memoryMib: number;
}

const ROUNDS = 7;
const SETTLE_MS = 15_000;
const REST_MS = 30_000;

/** Starts the app, which must be built, on an empty home, again and again. */
export async function benchStart(): Promise<StartResult> {
  useStandInWhereElectronIsMissing();
  const usableMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    usableMs.push(await withApp(({ readyMs }) => Promise.resolve(readyMs)));
  usableMs.sort((a, b) => a - b);
  const rest = await withApp(({ app }) => measureRest(app));
  const dist = join(process.cwd(), 'dist');
  const page = await readFile(join(dist, 'renderer/index.html'), 'utf8');
  const named = Array.from(page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g), ([, name = '']) => name);
  const sizes = await Promise.all(named.map(async (name) => (await stat(join(dist, 'renderer', name))).size));
  const mainBytes = await loadedBytes(dist, 'main.js');
  return {
    usableMs,
    mainBytes,
    pageBytes: sizes.reduce((sum, size) => sum + size, 0),
    pageFiles: sizes.length,
    ...rest,
  };
}

async function withApp<T>(use: (started: { app: ElectronApplication; readyMs: number }) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'waybill-bench-home-'));
  const start = performance.now();
  const app = await _electron.launch({
    args: [process.cwd(), `--user-data-dir=${join(home, 'profile')}`, '--lang=en-US'],
    env: { ...(process.env as Record<string, string>), HOME: home },
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole('button').first().waitFor();
    return await use({ app, readyMs: performance.now() - start });
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function measureRest(app: ElectronApplication): Promise<Pick<StartResult, 'idleCpu' | 'memoryMib'>> {
  return app.evaluate(
    async (_electronModule, [settleMs, restMs]) => {
      const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
      // What a start leaves to be done is over by then: V8 tidies its memory some eight seconds later.
      await pause(settleMs);
      const before = process.cpuUsage();
      await pause(restMs);
      const { user, system } = process.cpuUsage(before);
      return { idleCpu: (user + system) / 1000 / restMs, memoryMib: process.memoryUsage().rss / 2 ** 20 };
    },
    [SETTLE_MS, REST_MS] as const,
  );
}

/** The bytes of a bundle and of all that it imports at once; what it imports later does not count. */
async function loadedBytes(folder: string, entry: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(entry)) return 0;
  seen.add(entry);
  const text = await readFile(join(folder, entry), 'utf8');
  let bytes = Buffer.byteLength(text);
  for (const [, name = ''] of text.matchAll(/^import [^;]*?["']\.\/([\w.-]+\.js)["']/gm)) {
    bytes += await loadedBytes(folder, name, seen);
  }
  return bytes;
}
