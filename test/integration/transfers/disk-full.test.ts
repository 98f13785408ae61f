import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { digest, digestOf, makePracticeBucket, namesIn, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
const DISK_BYTES = 16 * MiB;

/** A disk of its own; null where this user may not mount one. */
function mountDisk(): string | null {
  if (process.platform !== 'linux') return null;
  const folder = join(mkdtempSync(join(tmpdir(), 'waybill-disk-')), 'disk');
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]);
  return status === 0 ? folder : null;
}

const disk = mountDisk();
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(async () => {
  practice.server.faults.clear();
  await run.close();
});
afterAll(async () => {
  await practice.close();
  if (disk !== null) spawnSync('umount', [disk]);
});

async function download(key: string, bytes: Buffer, folder: string): Promise<void> {
  await practice.put(key, bytes);
  run = makeQueue(practice);
  const { bucket } = practice;
  await run.queue.addDownloads({ accountId, bucket, keys: [key], prefixes: [], versionId: null, folder });
}

test.skipIf(disk === null)('what will not fit is not begun, and the numbers are told', async () => {
  const folder = disk ?? '';
  await download('too-large', noise(24 * MiB), folder);
  await run.settled();
  expect(run.find('too-large').state).toMatchObject({
    ...{ at: 'blocked', need: 'disk-space' },
    because: { kind: 'file', reason: 'full', space: { neededBytes: 24 * MiB, freeBytes: DISK_BYTES } },
  });
  expect(await namesIn(folder)).toEqual([]);
});

test.skipIf(disk === null)(
  'a disk that fills up meanwhile stops a download, which goes on once there is room',
  async () => {
    const folder = disk ?? '';
    const bytes = noise(12 * MiB);
    practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 8 * MiB } });
    await download('squeezed', bytes, folder);
    await run.until(([one]) => (one?.doneBytes ?? 0) > 2 * MiB, 'under way');
    await writeFile(join(folder, 'other'), Buffer.alloc(8 * MiB));
    await run.settled();
    const stopped = run.find('squeezed');
    expect(stopped.state).toMatchObject({
      at: 'blocked',
      need: 'disk-space',
      because: { kind: 'file', reason: 'full' },
    });
    expect(await namesIn(folder)).toEqual(['.squeezed.waybill-part', 'other']);
    expect(stopped.doneBytes).toBeGreaterThan(2 * MiB);

    await rm(join(folder, 'other'));
    practice.server.faults.clear();
    const read: number[] = [];
    run.queue.resume([stopped.id]);
    await run.until(([one]) => {
      read.push(one?.doneBytes ?? 0);
      return one?.state.at === 'done';
    }, 'done');
    // What had arrived is not read again.
    expect(Math.min(...read.filter((count) => count > 0))).toBeGreaterThanOrEqual(2 * MiB);
    expect(await digestOf(join(folder, 'squeezed'))).toBe(digest(bytes));
  },
);

test.skipIf(disk === null)(
  'a queue whose journal finds no room goes on, and writes the rest once there is some',
  async () => {
    const journalFile = join(disk ?? '', 'queue.jsonl');
    await rm(join(disk ?? '', 'squeezed'), { force: true });
    const tree = join(practice.folder, 'tree');
    await mkdir(tree);
    for (let index = 0; index < 40; index += 1) await writeFile(join(tree, `f-${index}`), 'x');
    const fill = join(disk ?? '', 'fill');
    run = makeQueue(practice, { journalFile });
    // Pages are the unit of this disk: a few lines may still fit into the last one.
    spawnSync('dd', ['if=/dev/zero', `of=${fill}`, 'bs=4096']);
    const paths = [tree, await practice.file('large', noise(20 * MiB))];
    await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix: 'no-room/', paths });
    await run.settled();
    expect(run.queue.list().map(({ state }) => state.at)).toEqual(['done', 'done']);
    expect((await readFile(journalFile)).length).toBeLessThanOrEqual(4096);

    await rm(fill);
    await run.close();
    spawnSync('dd', ['if=/dev/zero', `of=${fill}`, 'bs=4096']);
    // No room to write it anew either: it goes on as it is.
    run = makeQueue(practice, { journalFile });
    expect(run.queue.list().map(({ name, state }) => [name, state.at])).toEqual([
      ['tree', 'done'],
      ['large', 'done'],
    ]);
    run.queue.clear();
    await rm(fill);
    await run.close();
    run = makeQueue(practice, { journalFile });
    expect(run.queue.list()).toEqual([]);
  },
);
