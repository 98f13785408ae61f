import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeContent } from './content.ts';
import { runCurl } from './curl.ts';
import type { Case, ClientOrders, ClientReport } from './orders.ts';

const run = promisify(execFile);

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** Files that ali-oss and curl move at the same time. */
const PARALLEL_FILES = 4;

/** Slots of Waybill's queue, each of which holds several small files. */
const SLOTS = 3;

interface NamedCase extends Case {
  readonly name: string;
  readonly rounds: number;
  /** Throughput against ali-oss that we want at least. */
  readonly target: number;
}

const both = (what: Omit<NamedCase, 'direction' | 'target'>, put: number, get: number): NamedCase[] => [
  { ...what, direction: 'put', target: put },
  { ...what, direction: 'get', target: get },
];

const cases: readonly NamedCase[] = [
  ...both({ name: '200 × 1 MiB', count: 200, sizeBytes: MiB, latencyMs: 0, rounds: 3 }, 2, 2),
  ...both({ name: '8 × 64 MiB', count: 8, sizeBytes: 64 * MiB, latencyMs: 0, rounds: 3 }, 1.5, 1.3),
  ...both({ name: '1 × 1 GiB', count: 1, sizeBytes: GiB, latencyMs: 0, rounds: 3 }, 1.5, 1.3),
  ...both({ name: '1 × 4 GiB', count: 1, sizeBytes: 4 * GiB, latencyMs: 0, rounds: 3 }, 1.5, 1.3),
  ...both({ name: '200 × 1 MiB, 50 ms', count: 200, sizeBytes: MiB, latencyMs: 50, rounds: 3 }, 3, 3),
];

/** One line of the table: medians of the rounds, ratios are medians of the rounds' ratios. */
export interface TransferResult {
  readonly what: string;
  readonly mibPerSecond: Readonly<Record<Client, number>>;
  readonly cpuPerGib: Readonly<Record<Client, number>>;
  readonly peakMib: Readonly<Record<Client, number>>;
  /** Against ali-oss. */
  readonly throughput: number;
  readonly cpu: number;
  /** Throughput against curl. */
  readonly againstCurl: number;
  readonly target: number;
}

type Client = ClientOrders['client'];

const clients: readonly Client[] = ['waybill', 'ali-oss', 'curl'];

/**
 * Moves the same files with each client in turn, round by round, so that whatever else the machine does meets all.
 * @param only a word that the case's name must contain, such as `put` or `1 GiB`
 */
export async function benchTransfer(only: string): Promise<readonly TransferResult[]> {
  // Files in memory, where there is such a place: a disk would be what is measured.
  const place = await stat('/dev/shm').then(
    () => '/dev/shm',
    () => tmpdir(),
  );
  const folder = await mkdtemp(join(place, 'waybill-bench-'));
  try {
    const results: TransferResult[] = [];
    for (const one of cases) {
      const what = `${one.direction} ${one.name}`;
      if (!what.includes(only)) continue;
      const reports = await measure(one, folder);
      results.push(toResult(what, one, reports));
      console.error(JSON.stringify(results.at(-1)));
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Round = Readonly<Record<Client, ClientReport>>;

async function measure(one: NamedCase, folder: string): Promise<readonly Round[]> {
  if (one.direction === 'put') {
    for (let index = 0; index < one.count; index += 1) await writeContent(join(folder, String(index)), one.sizeBytes);
  }
  const rounds: Round[] = [];
  for (let round = 0; round < one.rounds; round += 1) {
    const reports: Partial<Record<Client, ClientReport>> = {};
    // Whoever comes first finds memory that the system has yet to hand out.
    const order = clients.map((_, index) => clients[(index + round) % clients.length] ?? 'waybill');
    for (const client of order) reports[client] = await runClient(client, one, folder);
    rounds.push(reports as Round);
  }
  await removeFiles(one, folder);
  return rounds;
}

/** One client against a fresh server. */
async function runClient(client: Client, one: NamedCase, folder: string): Promise<ClientReport> {
  if (one.direction === 'get') await removeFiles(one, folder);
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.js'), String(one.latencyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const endpoint = `http://127.0.0.1:${port.toString().trim()}`;
    const { direction, count, sizeBytes, latencyMs } = one;
    const isOurs = client === 'waybill' && sizeBytes === MiB;
    const parallel = isOurs ? SLOTS : PARALLEL_FILES;
    const orders = { client, direction, count, sizeBytes, latencyMs, endpoint, folder, parallel };
    if (client === 'curl') return await runCurl(orders);
    const program = join(import.meta.dirname, 'client.js');
    const { stdout } = await run(process.execPath, [program, JSON.stringify(orders)]);
    return JSON.parse(stdout) as ClientReport;
  } finally {
    server.kill();
  }
}

async function removeFiles({ count }: NamedCase, folder: string): Promise<void> {
  for (let index = 0; index < count; index += 1) await rm(join(folder, String(index)), { force: true });
}

function toResult(what: string, { count, sizeBytes, target }: NamedCase, rounds: readonly Round[]): TransferResult {
  const bytes = count * sizeBytes;
  const medians = (of: (report: ClientReport) => number): Record<Client, number> => ({
    waybill: median(rounds.map(({ waybill }) => of(waybill))),
    'ali-oss': median(rounds.map((round) => of(round['ali-oss']))),
    curl: median(rounds.map(({ curl }) => of(curl))),
  });
  return {
    what,
    mibPerSecond: medians(({ seconds }) => bytes / MiB / seconds),
    cpuPerGib: medians(({ cpuSeconds }) => (cpuSeconds / bytes) * GiB),
    peakMib: medians(({ peakBytes }) => peakBytes / MiB),
    throughput: median(rounds.map((round) => round['ali-oss'].seconds / round.waybill.seconds)),
    cpu: median(rounds.map((round) => round.waybill.cpuSeconds / round['ali-oss'].cpuSeconds)),
    againstCurl: median(rounds.map((round) => round.curl.seconds / round.waybill.seconds)),
    target,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
