import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import { TransferQueue } from '../../../../main/transfers/queue/queue.ts';
import type { TransferBatch } from '../../../../main/transfers/tasks/transfer.ts';

const limits = { slots: 2, connections: 1, up: null, down: null };

async function* planned(keys: readonly string[]) {
  for (const key of keys) {
    const work = { kind: 'upload', what: 'file', accountId: 'a', bucket: 'b', key, path: `/nowhere/${key}` } as const;
    yield await Promise.resolve({ work, name: key, sizeBytes: 1, failure: null });
  }
}

test('a listener that throws is a bug to report, and the queue goes on', async () => {
  const bugs: unknown[] = [];
  const batches: TransferBatch[] = [];
  const queue = new TransferQueue({
    connection: () => Promise.reject(new Error('no such account')),
    dispatcher: new Agent(),
    journalFile: null,
    limits,
    onBatch: (batch) => batches.push(batch),
    onUploaded: () => undefined,
    onEnded: () => {
      throw new Error('the listener');
    },
    onBug: (_, error) => bugs.push(error instanceof Error ? error.message : error),
  });
  await queue.add(planned(['x', 'y', 'z', 'w']));
  await expect.poll(() => queue.list().map(({ state }) => state.at)).toEqual(['failed', 'failed', 'failed', 'failed']);
  expect(bugs.filter((bug) => bug === 'the listener').length).toBe(4);
  await queue.close();
  expect(batches.length).toBeGreaterThan(0);
});

test('closing waits for a renewal of credentials, and nothing is told afterwards', async () => {
  const renewal = withResolvers();
  const asked = withResolvers();
  const batches: TransferBatch[] = [];
  const queue = new TransferQueue({
    connection: () => Promise.reject(new WaybillError({ kind: 'credentials', cause: 'token-expired' })),
    refresh: () => {
      asked.resolve();
      return renewal.promise;
    },
    dispatcher: new Agent(),
    journalFile: null,
    limits,
    onBatch: (batch) => batches.push(batch),
    onUploaded: () => undefined,
  });
  await queue.add(planned(['x']));
  await asked.promise;
  let isClosed = false;
  const closing = queue.close().then(() => (isClosed = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  renewal.resolve();
  await closing;
  const told = batches.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches.length).toBe(told);
});

function withResolvers() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
