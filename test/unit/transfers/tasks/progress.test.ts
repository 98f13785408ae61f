import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ProgressBatches } from '../../../../main/transfers/tasks/progress.ts';
import type { Transfer, TransferBatch } from '../../../../main/transfers/tasks/transfer.ts';

const transferOf = (id: string): Transfer => ({
  ...{ id, direction: 'upload', through: 'account', accountId: null, bucket: 'b', key: id, localPath: null, name: id },
  ...{ sizeBytes: null, doneBytes: 0, bytesPerSecond: 0, createdAt: 0, priority: 'normal', rank: 0 },
  ...{ folderId: null, folder: null, state: { at: 'queued' } },
});

function makeBatches(known: ReadonlySet<string> = new Set(['a', 'b'])) {
  const sent: { readonly at: number; readonly changed: readonly string[]; readonly removed: readonly string[] }[] = [];
  const send = ({ changed, removed }: TransferBatch): void =>
    void sent.push({ at: performance.now(), changed: changed.map(({ id }) => id), removed });
  const batches = new ProgressBatches((id) => (known.has(id) ? transferOf(id) : null), send);
  return { batches, sent, told: () => sent.map(({ changed, removed }) => [changed, removed]) };
}

test('changes of one moment are one batch, each transfer in it once', async () => {
  const { batches, told } = makeBatches();
  for (const id of ['a', 'b', 'a']) batches.changed(id);
  await expect.poll(told).toEqual([[['a', 'b'], []]]);
  batches.close();
  expect(told()).toHaveLength(1);
});

test('what was removed is not told as changed, nor is what nobody knows any more', async () => {
  const { batches, told } = makeBatches(new Set(['a', 'b']));
  for (const id of ['a', 'b', 'gone']) batches.changed(id);
  batches.removed('a');
  await expect.poll(told).toEqual([[['b'], ['a']]]);
  batches.removed('b');
  await expect.poll(told).toEqual([
    [['b'], ['a']],
    [[], ['b']],
  ]);
});

test('the first batch comes at once, those after it a tenth of a second apart', async () => {
  const { batches, sent } = makeBatches();
  await sleep(120);
  batches.changed('a');
  // A timer that is set later and runs longer comes later, however busy the machine is.
  await sleep(50);
  expect(sent).toHaveLength(1);
  while (sent.length < 3) {
    batches.changed('a');
    await sleep(5);
  }
  const times = sent.map(({ at }) => at);
  // Timers and clocks are rounded in ways of their own.
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThan(95);
});

test('closing sends what is left, and nothing comes afterwards', async () => {
  const { batches, told } = makeBatches();
  batches.changed('a');
  batches.close();
  expect(told()).toEqual([[['a'], []]]);
  await sleep(150);
  expect(told()).toHaveLength(1);
});
