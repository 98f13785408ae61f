import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { makePracticeBucket, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue } from './queue-run.ts';

const MiB = 1024 ** 2;
const RATE = 4 * MiB;
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => practice.close());

test('the speed is what the limit allows, also after the computer’s clock was set back', async () => {
  await practice.put('large', noise(6 * MiB));
  const run = makeQueue(practice, { limits: { slots: 1, connections: 1, up: null, down: RATE } });
  onTestFinished(() => run.close());
  const folder = join(practice.folder, 'speed');
  await mkdir(folder);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await run.queue.addDownloads({
    ...{ accountId, bucket: practice.bucket, keys: ['large'], prefixes: [], versionId: null },
    folder,
  });
  await run.until(([transfer]) => (transfer?.doneBytes ?? 0) > MiB, 'a part of it');
  vi.setSystemTime(Date.now() - 3_600_000);
  const speeds: number[] = [];
  await run.until(([transfer]) => {
    if (transfer?.state.at === 'running') speeds.push(transfer.bytesPerSecond);
    return (transfer?.doneBytes ?? 0) > 5 * MiB;
  }, 'nearly all');
  // The limit, and the tenth of a second that it may catch up on, over the least time that is divided by.
  expect(Math.max(...speeds)).toBeLessThanOrEqual(2 * RATE);
  expect(Math.max(...speeds)).toBeGreaterThan(0);
  await run.settled();
  expect(run.queue.list()[0]?.state.at).toBe('done');
});
