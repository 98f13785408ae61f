// The bandwidth limit holds on every way that object data takes. Only lower bounds of time: a slow machine is no fault.
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { DragOuts } from '../../../main/browsing/drag-outs.ts';
import { Previews } from '../../../main/browsing/previews.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import { makePracticeBucket, makeWatch, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { accountId, makeQueue } from '../transfers/queue-run.ts';
import { startProxy } from './proxy-server.ts';

const MiB = 1024 ** 2;
const RATE = 4 * MiB;
const SIZE = 4 * MiB;
/** What SIZE takes at RATE, in milliseconds, less the tenth of a second that a limit may catch up on. */
const LEAST_MS = (SIZE / RATE) * 1000 - 150;
let practice: PracticeBucket;
let agent: TransferAgent;
let connection: Connection;

beforeAll(async () => {
  practice = await makePracticeBucket();
  await practice.put('data.gif', noise(SIZE));
});
beforeEach(() => {
  agent = new TransferAgent();
  connection = { ...practice.connection, dispatcher: agent };
});
afterEach(() => agent.destroy());
afterAll(() => practice.close());

async function throughProxy(): Promise<void> {
  const proxy = await startProxy();
  onTestFinished(() => proxy.close());
  agent.reroute(() => ({ url: proxy.url, credentials: null }));
}

/** How long some work takes, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function bytesOf(body: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

const download = (): Promise<unknown> => {
  const source = accountSource(connection, { bucket: practice.bucket, key: 'data.gif' });
  const target = join(practice.folder, crypto.randomUUID());
  return downloadObject({ source, target, replace: true, checkpoint: null }, makeWatch().download);
};

test.each(['directly', 'behind a proxy'])('for a download %s', async (way) => {
  if (way !== 'directly') await throughProxy();
  agent.bandwidth.set({ up: null, down: RATE });
  expect(await timeOf(download)).toBeGreaterThan(LEAST_MS);
});

test.each(['directly', 'behind a proxy'])('for an upload %s', async (way) => {
  if (way !== 'directly') await throughProxy();
  const path = await practice.file(`up-${way}`, noise(SIZE));
  agent.bandwidth.set({ up: RATE, down: null });
  const job = { connection, bucket: practice.bucket, key: `up/${way}`, path, checkpoint: null } as const;
  expect(await timeOf(() => uploadFile({ ...job, existing: 'replace' }, makeWatch().upload))).toBeGreaterThan(LEAST_MS);
});

test.each(['up', 'down'] as const)('for a copy through this computer, %s', async (direction) => {
  const other = '6f9d3f5e-0000-4000-8000-000000000002';
  const limits = { slots: 3, connections: 4, up: null, down: null, [direction]: RATE };
  const options = { connection: () => Promise.resolve(connection), dispatcher: agent, limits };
  const run = makeQueue(practice, options);
  onTestFinished(() => run.close());
  const copy = async (): Promise<void> => {
    await run.queue.addCopies({
      from: { accountId, bucket: practice.bucket, keys: ['data.gif'], prefixes: [], versionId: null },
      to: { accountId: other, bucket: practice.bucket, prefix: `copied-${direction}/` },
      ...{ move: false, name: null },
    });
    await run.settled();
  };
  expect(await timeOf(copy)).toBeGreaterThan(LEAST_MS);
  expect(run.queue.list()[0]?.state).toMatchObject({ at: 'done', verified: 'crc64' });
});

test('for the image of a preview', async () => {
  const previews = new Previews((_account, _bucket, operation) => operation(connection));
  agent.bandwidth.set({ up: null, down: RATE });
  const look = async (): Promise<void> => {
    const preview = await previews.open('a', { bucket: practice.bucket, key: 'data.gif' });
    if (preview.kind !== 'image') throw new Error(preview.kind);
    const media = await previews.respond(preview.ticket, null);
    expect(await bytesOf(media?.body ?? Readable.from([]))).toBe(SIZE);
  };
  expect(await timeOf(look)).toBeGreaterThan(LEAST_MS);
});

test('for what is dragged out', async () => {
  const dragOuts = new DragOuts({
    run: (_account, _bucket, operation) => operation(connection),
    now: () => 0,
    onFailure: (failure) => {
      throw new Error(failure.kind);
    },
  });
  agent.bandwidth.set({ up: null, down: RATE });
  const drag = async (): Promise<void> => {
    const { ticket } = dragOuts.offer('a', { bucket: practice.bucket, key: 'data.gif' });
    const found = await dragOuts.redeem(ticket);
    expect(await bytesOf(found?.body ?? Readable.from([]))).toBe(SIZE);
  };
  expect(await timeOf(drag)).toBeGreaterThan(LEAST_MS);
});
