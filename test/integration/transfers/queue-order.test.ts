import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Agent, type Dispatcher } from 'undici';
import { makePracticeBucket, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(async () => {
  practice.server.faults.clear();
  await run.close();
});
afterAll(() => practice.close());

/** Adds files of this size, and waits until as many as can run do. */
async function add(prefix: string, names: readonly string[], sizeBytes: number): Promise<void> {
  const paths = await Promise.all(names.map((name) => practice.file(name, noise(sizeBytes))));
  await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix, paths });
}

function idsOf(...names: string[]): string[] {
  return names.map((name) => run.find(name).id);
}

function named(prefix: string): string[] {
  return run.uploaded.map((key) => key.slice(prefix.length));
}

/** The ordinary connections, and how many requests for such a path were ever under way at once. */
function countingDispatcher(path: RegExp) {
  let open = 0;
  let most = 0;
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    if (!path.test(options.path)) return dispatch(options, handler);
    open += 1;
    most = Math.max(most, open);
    const over = new Proxy(handler, {
      get: (target, name: keyof Dispatcher.DispatchHandler) => {
        if (name === 'onResponseEnd' || name === 'onResponseError') open -= 1;
        return target[name]?.bind(target);
      },
    });
    return dispatch(options, over);
  });
  return { dispatcher, most: () => most };
}

/** The most transfers that ever ran at once until all are done. */
async function mostAtOnce(): Promise<number> {
  let most = 0;
  await run.until((transfers) => {
    most = Math.max(most, transfers.filter(({ state }) => state.at === 'running' || state.at === 'verifying').length);
    return transfers.every(({ state }) => state.at === 'done');
  }, 'all done');
  return most;
}

test('large transfers have a slot each', async () => {
  run = makeQueue(practice, { limits: { slots: 2, connections: 4, up: null, down: null } });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 100 } });
  await add('large/', ['large-1', 'large-2', 'large-3', 'large-4'], 9 * MiB);
  expect(await mostAtOnce()).toBe(2);
});

test.each([1, 4])('%d small transfers share a slot, as many as a large one has connections', async (connections) => {
  run = makeQueue(practice, { limits: { slots: 2, connections, up: null, down: null } });
  practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 100 } });
  await add(
    `small-${connections}/`,
    Array.from({ length: 5 * connections }, (_, i) => `small-${i}`),
    1000,
  );
  expect(await mostAtOnce()).toBe(2 * connections);
});

test.each([1, 6])('connections of a large transfer, in both directions: %d', async (connections) => {
  const parts = countingDispatcher(/partNumber=/);
  const spans = countingDispatcher(/\/wide-/);
  const limits = { slots: 1, connections, up: null, down: null };
  const name = `wide-${connections}`;
  run = makeQueue(practice, { limits, connection: () => Promise.resolve({ ...practice.connection, ...parts }) });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 100 } });
  await add('', [name], 80 * MiB);
  await run.settled();
  await run.close();
  expect(parts.most()).toBe(connections);
  run = makeQueue(practice, { limits, connection: () => Promise.resolve({ ...practice.connection, ...spans }) });
  practice.server.faults.add({ match: { operation: 'GetObject' }, effect: { kind: 'latency', ms: 100 } });
  const { bucket, folder } = practice;
  const back = join(folder, 'back');
  await mkdir(back, { recursive: true });
  await run.queue.addDownloads({ accountId, bucket, keys: [name], prefixes: [], versionId: null, folder: back });
  await run.settled();
  expect(run.find(name).state.at).toBe('done');
  expect(spans.most()).toBe(connections);
});

test('more slots take effect while transfers run', async () => {
  run = makeQueue(practice, { limits: { slots: 1, connections: 4, up: null, down: null } });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 300 } });
  await add('more/', ['more-1', 'more-2', 'more-3', 'more-4'], 9 * MiB);
  await run.until((transfers) => transfers.some(({ state }) => state.at === 'running'), 'one runs');
  run.queue.setLimits({ slots: 3, connections: 4, up: null, down: null });
  await run.until((all) => all.filter(({ state }) => state.at === 'running').length === 3, 'three run');
});

test('priority comes before order, and order is what moves made it', async () => {
  run = makeQueue(practice, { limits: { slots: 1, connections: 4, up: null, down: null } });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 100 } });
  await add('order/', ['a', 'b', 'c', 'd', 'e', 'f'], 9 * MiB);
  await run.until(() => run.find('order/a').state.at === 'running', 'the first runs');
  run.queue.move(idsOf('order/e', 'order/f'), 'top');
  run.queue.move(idsOf('order/b'), 'down');
  run.queue.prioritise(idsOf('order/d'), 'high');
  run.queue.prioritise(idsOf('order/e'), 'low');
  await run.settled();
  expect(named('order/')).toEqual(['a', 'd', 'f', 'c', 'b', 'e']);
});

test('up and down stop at the ends', async () => {
  run = makeQueue(practice, { limits: { slots: 1, connections: 4, up: null, down: null } });
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 100 } });
  await add('ends/', ['a', 'b', 'c'], 9 * MiB);
  await run.until(() => run.find('ends/a').state.at === 'running', 'the first runs');
  run.queue.move(idsOf('ends/c'), 'bottom');
  run.queue.move(idsOf('ends/c'), 'down');
  for (let times = 0; times < 3; times += 1) run.queue.move(idsOf('ends/c'), 'up');
  await run.settled();
  expect(named('ends/')).toEqual(['a', 'c', 'b']);
});

test('order and priority are the same after a restart', async () => {
  run = makeQueue(practice, { journal: 'order.jsonl', limits: { slots: 1, connections: 4, up: null, down: null } });
  await add('again/', ['a', 'b', 'c', 'd'], 9 * MiB);
  run.queue.pause('all');
  run.queue.move(idsOf('again/d'), 'top');
  run.queue.prioritise(idsOf('again/b'), 'high');
  const first = run.queue.list();
  await run.close();
  run = makeQueue(practice, { journal: 'order.jsonl', limits: { slots: 1, connections: 4, up: null, down: null } });
  expect(run.queue.list()).toEqual(first);
  run.queue.resume('all');
  await run.settled();
  expect(named('again/')).toEqual(['b', 'd', 'a', 'c']);
});

test.each(['up', 'down'] as const)(
  'a limit of the bandwidth %s that is lifted while a transfer runs counts at once',
  async (way) => {
    const limit = { slots: 1, connections: 4, up: 2 * MiB, down: 2 * MiB };
    run = makeQueue(practice, { limits: limit });
    const name = `limited-${way}`;
    if (way === 'up') {
      await add('limited/', [name], 24 * MiB);
    } else {
      await practice.put(name, noise(24 * MiB));
      const { bucket, folder } = practice;
      await run.queue.addDownloads({ accountId, bucket, keys: [name], prefixes: [], versionId: null, folder });
    }
    const start = performance.now();
    await run.until(([transfer]) => (transfer?.doneBytes ?? 0) >= 4 * MiB, 'some of it');
    // A limit holds at least this long. (0.1 s, and a block for each connection, may be made up for at the start.)
    expect((performance.now() - start) / 1000).toBeGreaterThan(1);
    // At this one the rest would take days, unless lifting it counts for the running transfer.
    run.queue.setLimits({ ...limit, [way]: 100 });
    run.queue.setLimits({ ...limit, [way]: null });
    await run.settled();
    expect(run.find(name).state.at).toBe('done');
  },
);
