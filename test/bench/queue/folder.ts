import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeContent } from '../transfer/content.ts';
import type { QueueNews, QueueOrders } from './orders.ts';

/** What a folder of 100,000 files asks of the queue. Times in milliseconds, memory in MiB of the whole process. */
export interface FolderResult {
  readonly firstByteMs: number;
  readonly peakMib: number;
  readonly filesPerSecond: number;
  /** Of a process that goes on after a kill, with nearly all done: opening the journal, and until bytes move. */
  readonly recoveryMs: number;
  readonly goOnMs: number;
  readonly recoveryPeakMib: number;
  /** How large the journal was then. */
  readonly journalMib: number;
}

const FILES = 100_000;
const FILES_A_FOLDER = 1000;
const FILE_BYTES = 64 * 1024;
/** The journal is longest, and most is to be passed over, shortly before the end. */
const KILLED_AT = 95_000;

/** Queues a folder of 100,000 files, kills the process near the end, and lets another one finish. */
export async function benchFolder(): Promise<FolderResult> {
  const place = await stat('/dev/shm').then(
    () => '/dev/shm',
    () => tmpdir(),
  );
  const folder = await mkdtemp(join(place, 'waybill-bench-'));
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const files = join(folder, 'files');
    await makeFiles(files, join(folder, 'content'));
    const endpoint = `http://127.0.0.1:${port.toString().trim()}`;
    // On a disk, as the app's own.
    const journals = await mkdtemp(join(tmpdir(), 'waybill-bench-journal-'));
    const orders = { endpoint, journalFile: join(journals, 'transfers.jsonl'), tellAt: KILLED_AT };
    const startedAt = performance.now();
    const first = await follow({ ...orders, folder: files });
    const seconds = (performance.now() - startedAt) / 1000;
    const second = await follow({ ...orders, folder: null });
    await rm(journals, { recursive: true });
    return {
      firstByteMs: first.moving.firstByteMs,
      peakMib: first.peakMib,
      filesPerSecond: KILLED_AT / seconds,
      recoveryMs: second.moving.openedMs,
      goOnMs: second.moving.firstByteMs,
      recoveryPeakMib: second.peakMib,
      journalMib: first.journalMib,
    };
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Many names of one file: as much work for whoever reads the folder, and little memory. */
async function makeFiles(folder: string, content: string): Promise<void> {
  await writeContent(content, FILE_BYTES);
  for (let at = 0; at < FILES; at += FILES_A_FOLDER) {
    const sub = join(folder, `scans of box ${String(at / FILES_A_FOLDER).padStart(3, '0')}`);
    await mkdir(sub, { recursive: true });
    const names = Array.from({ length: FILES_A_FOLDER }, (_, index) => `waybill scan ${String(at + index)}.tif`);
    await Promise.all(names.map((name) => link(content, join(sub, name))));
  }
}

/** Runs the client until it asks to be killed or ends by itself. */
async function follow(orders: QueueOrders): Promise<{
  readonly moving: Extract<QueueNews, { at: 'moving' }>;
  readonly peakMib: number;
  readonly journalMib: number;
}> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'queue-client.js'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let moving: Extract<QueueNews, { at: 'moving' }> | null = null;
  let [peakMib, journalMib] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const news = JSON.parse(line) as QueueNews;
    console.error(line);
    if (news.at === 'moving') moving = news;
    else peakMib = news.peakMib;
    if (news.at === 'reached') {
      journalMib = news.journalMib;
      child.kill('SIGKILL');
    }
  }
  if (moving === null) throw new Error('nothing moved');
  return { moving, peakMib, journalMib };
}
