import { execFile } from 'node:child_process';
import { link, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BenchServer, withServer } from '../list/list.ts';
import { FILE_BYTES, pathOf } from './paths.ts';

/** A folder and a prefix of equal files compared by size and time: seconds of wall clock and processor, MiB at the peak. */
export interface SyncResult {
  readonly files: number;
  readonly same: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly peakMib: number;
}

const SIZES = [20_000, 200_000, 1_000_000];

/** The most memory that a comparison may take, in MiB, however many files there are. */
export const PEAK_GOAL_MIB = 400;

/** Compares trees of growing size. `only`: the number of files of one case. */
export async function benchSync(only: string): Promise<readonly SyncResult[]> {
  const results: SyncResult[] = [];
  for (const files of SIZES.filter((size) => only === '' || String(size) === only)) {
    const place = await stat('/dev/shm').then(
      () => '/dev/shm',
      () => tmpdir(),
    );
    const folder = await mkdtemp(join(place, 'waybill-bench-'));
    try {
      await makeFiles(folder, files);
      await withServer(
        files,
        async (server) => void results.push({ files, ...(await compareOnce(server, folder)) }),
        'sync-server.js',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return results;
}

/** The results as a table. */
export function syncTable(results: readonly SyncResult[]): readonly string[] {
  const rows = results.map(({ files, seconds, cpu, peakMib }) => {
    const rate = Math.round(files / seconds).toLocaleString('en-US');
    const columns = [files.toLocaleString('en-US'), `${seconds.toFixed(1)} s`, `${cpu.toFixed(1)} s`, rate];
    return `| ${columns.join(' | ')} | ${Math.round(peakMib)} MiB | ${PEAK_GOAL_MIB} MiB |`;
  });
  return [
    'A folder of small files, 1,000 a subfolder, compared with equal objects of the practice server, which has a process of its own.',
    '',
    '| files | wall clock | CPU | files/s | peak memory | goal |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

async function compareOnce(server: BenchServer, folder: string): Promise<Omit<SyncResult, 'files'>> {
  const program = join(import.meta.dirname, 'sync-client.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify({ ...server, folder })]);
  return JSON.parse(stdout) as Omit<SyncResult, 'files'>;
}

/** Many names of one file for each subfolder: as much work for whoever reads the folder, and little memory. */
async function makeFiles(root: string, count: number): Promise<void> {
  let first = '';
  for (let at = 0; at < count; at += 1) {
    const { folder, name } = pathOf(at);
    const path = join(root, folder, name);
    if (!first.startsWith(join(root, folder))) {
      await mkdir(join(root, folder));
      await writeFile(path, '.'.repeat(FILE_BYTES));
      await utimes(path, 1_600_000_000, 1_600_000_000);
      first = path;
    } else {
      await link(first, path);
    }
  }
}
