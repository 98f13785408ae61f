import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { digest, digestOf, makePracticeBucket, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
const PAGE = 4096;
/** How many power cuts are tried; `npm run soak` tries more. */
const CUTS = Number(process.env['POWER_CUTS'] ?? 12);

let practice: PracticeBucket;
let folder: string;
const bytes = noise(24 * MiB);

beforeAll(async () => {
  practice = await makePracticeBucket();
  await practice.put('big.bin', bytes);
}, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(practice.folder, 'down-'));
  await rm(journalFile(), { force: true });
});
afterAll(() => practice.close());

const journalFile = (): string => join(practice.folder, 'queue.jsonl');
const slow = { slots: 1, connections: 2, up: null, down: 48 * MiB };

/** The part file; null once the download is over. */
function partFile(): string | null {
  const name = readdirSync(folder).find((one) => one.includes('.waybill-part'));
  return name === undefined ? null : join(folder, name);
}

/** Journal and part file as they are at this moment. */
function snapshot() {
  const part = partFile();
  return part === null ? null : { part, content: readFileSync(part), journal: readFileSync(journalFile()) };
}

async function startDownload(limits = slow): Promise<QueueRun> {
  const run = makeQueue(practice, { journal: 'queue.jsonl', limits });
  await run.queue.addDownloads({
    ...{ accountId, bucket: practice.bucket, keys: ['big.bin'], prefixes: [], versionId: null, folder },
  });
  return run;
}

/** What the disk holds after a power cut: the journal, and a part file of which any pages were never written. */
async function losePages(part: string, random: Seeded): Promise<void> {
  const file = await open(part, 'r+');
  const pages = Math.ceil((await file.stat()).size / PAGE);
  for (let holes = random.below(4); holes > 0; holes -= 1) {
    const first = random.below(Math.max(1, pages));
    const count = 1 + random.below(random.pick([1, 16, 2048]));
    await file.write(Buffer.alloc(Math.min(count, pages - first) * PAGE), 0, undefined, first * PAGE);
  }
  await file.close();
  if (random.below(4) === 0) await truncate(part, random.below(pages) * PAGE);
}

test('a download goes on after a power cut, and what the disk lost is downloaded again', async () => {
  const random = seeded();
  for (let cut = 0; cut < CUTS; cut += 1) {
    const told = `cut ${cut} of SEED=${random.seed}`;
    const run = await startDownload();
    const threshold = random.below(bytes.length);
    await run.until((transfers) => transfers.some(({ doneBytes }) => doneBytes > threshold), told);
    const before = snapshot();
    await run.close();
    if (before !== null) {
      await writeFile(before.part, before.content);
      await writeFile(journalFile(), before.journal);
      await losePages(before.part, random);
    }
    const again = makeQueue(practice, { journal: 'queue.jsonl' });
    await again.settled();
    expect(again.find('big.bin').state, told).toMatchObject({ at: 'done', verified: 'crc64' });
    expect(await digestOf(join(folder, 'big.bin')), told).toBe(digest(bytes));
    expect(await readdir(folder), told).toEqual(['big.bin']);
    await again.close();
    await rm(join(folder, 'big.bin'));
    await rm(journalFile());
  }
}, 600_000);

test('a span that the journal claims, but the disk lost, is downloaded again, and no other', async () => {
  const run = await startDownload({ ...slow, connections: 1, down: 10 * MiB });
  await run.until((transfers) => transfers.some(({ doneBytes }) => doneBytes > 18 * MiB), 'two spans');
  const before = snapshot();
  await run.close();
  if (before === null) throw new Error('the download is over');
  await writeFile(journalFile(), before.journal);
  const file = await open(before.part, 'r+');
  await file.write(Buffer.alloc(PAGE), 0, PAGE, 9 * MiB);
  await file.close();
  const again = makeQueue(practice, { journal: 'queue.jsonl', limits: { ...slow, down: MiB / 4 } });
  // Until the spans have been read, what the journal claims is shown.
  await again.until(
    (transfers) => transfers.some(({ state, doneBytes }) => state.at === 'running' && doneBytes < 16 * MiB),
    'what was lost no longer counts',
  );
  expect(again.find('big.bin').doneBytes).toBeGreaterThanOrEqual(8 * MiB);
  again.queue.setLimits({ ...slow, down: null });
  await again.settled();
  expect(await digestOf(join(folder, 'big.bin'))).toBe(digest(bytes));
  await again.close();
});

test('after a pause nothing is read again: what the file holds was written down with its state', async () => {
  const run = await startDownload({ ...slow, connections: 1, down: 10 * MiB });
  await run.until((transfers) => transfers.some(({ doneBytes }) => doneBytes > 18 * MiB), 'two spans and a bit');
  await run.close();
  const last = (await readFile(journalFile(), 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toHaveProperty('checkpoint.keptAs.sizeBytes');
  const again = makeQueue(practice, { journal: 'queue.jsonl', limits: { ...slow, down: MiB / 4 } });
  const kept = again.find('big.bin').doneBytes;
  expect(kept).toBeGreaterThan(18 * MiB);
  await again.until(
    (transfers) => transfers.some(({ state, doneBytes }) => state.at === 'running' && doneBytes > kept),
    'it goes on behind what was kept',
  );
  again.queue.setLimits({ ...slow, down: null });
  await again.settled();
  expect(await digestOf(join(folder, 'big.bin'))).toBe(digest(bytes));
  await again.close();
});
