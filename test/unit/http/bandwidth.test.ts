import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { Bandwidth } from '../../../main/http/bandwidth.ts';

const { signal } = new AbortController();

async function move(bandwidth: Bandwidth, bytes: number, block = 1000): Promise<void> {
  for (let moved = 0; moved < bytes; moved += block) await bandwidth.up.take(block, signal);
}

test('without a limit nothing is counted', async () => {
  // At any limit this would take long, or for ever.
  await move(new Bandwidth(), 1e15, 1e12);
});

test('a limit holds for all together, and each connection gets the same', async () => {
  const bandwidth = new Bandwidth();
  bandwidth.set({ up: 100_000, down: null });
  const moved = [0, 0, 0, 0];
  const start = performance.now();
  await Promise.all(
    moved.map(async (_, index) => {
      while (moved.reduce((sum, bytes) => sum + bytes, 0) < 60_000) {
        await bandwidth.up.take(1000, signal);
        moved[index] = (moved[index] ?? 0) + 1000;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  // 0.1 s may be made up for at the start.
  expect(60_000 / seconds).toBeLessThan(140_000);
  // One whose timer fires late may fall behind by what may be made up for, 0.1 s, and by its block.
  expect(Math.max(...moved) - Math.min(...moved)).toBeLessThanOrEqual(13_000);
});

test('the directions do not hold each other up', async () => {
  const bandwidth = new Bandwidth();
  bandwidth.set({ up: null, down: 1 });
  // At that limit it would take a day.
  await move(bandwidth, 100_000);
});

test('those that wait follow a change of the limit', async () => {
  const bandwidth = new Bandwidth();
  bandwidth.set({ up: 10, down: null });
  const moving = move(bandwidth, 3000);
  bandwidth.set({ up: null, down: null });
  // At the old limit it would take five minutes.
  await moving;
});

test('a wait ends when the transfer is cancelled', async () => {
  const bandwidth = new Bandwidth();
  bandwidth.set({ up: 1, down: null });
  const abort = new AbortController();
  const waiting = Promise.all([1, 2, 3].map(() => bandwidth.up.take(1000, abort.signal)));
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
});

test('a slow limit moves small blocks, so that no connection looks dead', () => {
  const bandwidth = new Bandwidth();
  expect(bandwidth.up.blockBytes(2 ** 20)).toBe(2 ** 20);
  bandwidth.set({ up: 160_000, down: 1 });
  expect(bandwidth.up.blockBytes(2 ** 20)).toBe(10_000);
  expect(bandwidth.down.blockBytes(2 ** 20)).toBe(4096);
});

test('another thread sees the same limit', async () => {
  const bandwidth = new Bandwidth();
  bandwidth.set({ up: 12_345, down: null });
  const source = 'const w = require("worker_threads"); w.parentPort.postMessage(new BigInt64Array(w.workerData)[0]);';
  const worker = new Worker(source, { eval: true, workerData: bandwidth.memory });
  const rate = await new Promise((resolve) => worker.once('message', resolve));
  expect(rate).toBe(12_345n);
});
