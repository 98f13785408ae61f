import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import OSS from 'ali-oss';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { benchWindow, type WindowResult } from './window.ts';

/** A server to list from. */
export interface BenchServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Both clients over the same keys: seconds of wall clock and of processor, medians of the rounds. */
export interface ListResult {
  readonly keys: number;
  readonly ours: Spent;
  readonly theirs: Spent;
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

const ROUNDS: readonly (readonly [keys: number, rounds: number])[] = [
  [100_000, 3],
  [1_000_000, 1],
];

/** Lists with each client in turn, then looks at the window over the largest bucket. */
export async function benchList(): Promise<{
  readonly lists: readonly ListResult[];
  readonly window: WindowResult;
}> {
  const lists: ListResult[] = [];
  const windows: WindowResult[] = [];
  for (const [keys, rounds] of ROUNDS) {
    await withServer(keys, async (server) => {
      lists.push(await compare(server, keys, rounds));
      if (keys === 1_000_000) windows.push(await benchWindow(server));
    });
  }
  const [window] = windows;
  if (window === undefined) throw new Error('the window was not looked at');
  return { lists, window };
}

/** Starts a program of ours over this many keys, in a folder of its own, until the work is done. */
export async function withServer(
  keys: number,
  work: (server: BenchServer) => Promise<void>,
  file = 'list-server.js',
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-bench-'));
  const program = join(import.meta.dirname, file);
  const child = spawn(process.execPath, ['--max-old-space-size=8192', program, dataDir, String(keys)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    await work(JSON.parse(line) as BenchServer);
  } finally {
    child.kill();
    await once(child, 'exit');
    await rm(dataDir, { recursive: true });
  }
}

async function compare(server: BenchServer, keys: number, rounds: number): Promise<ListResult> {
  const spent: { ours: Spent; theirs: Spent }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    spent.push({
      ours: await measure(keys, () => listWithWaybill(server)),
      theirs: await measure(keys, () => listWithAliOss(server)),
    });
  }
  return { keys, ours: median(spent.map(({ ours }) => ours)), theirs: median(spent.map(({ theirs }) => theirs)) };
}

async function measure(keys: number, list: () => Promise<number>): Promise<Spent> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const found = await list();
  const { user, system } = process.cpuUsage(before);
  if (found !== keys) throw new Error(`${found} keys in place of ${keys}`);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1_000_000 };
}

async function listWithWaybill({ endpoint, accessKeyId, accessKeySecret }: BenchServer): Promise<number> {
  const dispatcher = makeDispatcher();
  const connection: Connection = {
    endpoint: parseEndpoint(endpoint),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
  };
  let found = 0;
  let pageToken: string | undefined;
  do {
    const page = await listObjects(connection, 'bench', { prefix: 'scans/', pageToken });
    found += page.objects.length;
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  await dispatcher.close();
  return found;
}

interface AliOssPage {
  readonly objects?: readonly unknown[];
  readonly nextContinuationToken?: string;
}

async function listWithAliOss({ endpoint, ...key }: BenchServer): Promise<number> {
  const client = new OSS({
    ...key,
    region: 'oss-cn-hangzhou',
    authorizationV4: true,
    bucket: 'bench',
    endpoint: endpoint.replace('127.0.0.1', 'localhost'),
    sldEnable: true,
  } as OSS.Options) as OSS & { listV2(query: object, options: object): Promise<AliOssPage> };
  let found = 0;
  let token: string | undefined;
  do {
    const query = {
      prefix: 'scans/',
      'max-keys': 1000,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    };
    const page = await client.listV2(query, {});
    found += page.objects?.length ?? 0;
    token = page.nextContinuationToken;
  } while (token);
  return found;
}

function median(all: readonly Spent[]): Spent {
  const middle = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
  return { wall: middle(all.map(({ wall }) => wall)), cpu: middle(all.map(({ cpu }) => cpu)) };
}
