import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makePracticeBucket, namesIn, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => run.close());
afterAll(() => practice.close());

test('a queue that is forgotten stops, and its journal says nothing of it; part files stay', async () => {
  run = makeQueue(practice, { journal: 'transfers.jsonl' });
  await practice.put('CANARY.bin', noise(40 * MiB));
  practice.server.faults.add({
    match: { operation: 'GetObject' },
    effect: { kind: 'slow', bytesPerSecond: 2 * MiB },
  });
  const folder = join(practice.folder, 'down');
  await mkdir(folder);
  const { bucket } = practice;
  const request = { accountId, bucket, keys: ['CANARY.bin', 'none'], prefixes: [], versionId: null, folder };
  await run.queue.addDownloads(request);
  await expect.poll(() => run.queue.list()[0]?.doneBytes ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
  const journal = join(practice.folder, 'transfers.jsonl');
  expect(await readFile(journal, 'utf8')).toContain('CANARY');
  await run.queue.forget();
  expect(run.queue.list()).toEqual([]);
  expect(await readFile(journal, 'utf8')).not.toMatch(/CANARY|none/);
  expect(await namesIn(folder)).toEqual(['.CANARY.bin.waybill-part']);
});
