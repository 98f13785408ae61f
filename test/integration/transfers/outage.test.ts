import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import type { Transfer } from '../../../main/transfers/tasks/transfer.ts';
import { makePracticeBucket, namesIn, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';
import { makeRelay, type Relay } from './relay.ts';

/** Eight small transfers at most in each of the three slots that a queue has at first. */
const AT_ONCE = 24;

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let relay: Relay;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
  relay = await makeRelay(Number(new URL(practice.server.endpoint).port));
});
beforeEach(() => {
  const endpoint = parseEndpoint(`http://127.0.0.1:${relay.port}`);
  run = makeQueue({ ...practice, connection: { ...practice.connection, endpoint } });
});
afterEach(async () => {
  practice.server.faults.clear();
  await relay.plug();
  await run.close();
});
afterAll(async () => {
  await relay.close();
  await practice.close();
});

async function makeFiles(name: string, count: number): Promise<string> {
  const folder = join(practice.folder, name);
  await mkdir(folder);
  for (let index = 0; index < count; index += 1) await writeFile(join(folder, `f-${index}`), 'x');
  return folder;
}

function slow(): void {
  practice.server.faults.add({ effect: { kind: 'latency', ms: 50 } });
}

const isOffline = ({ state }: Transfer): boolean => state.at === 'waiting' && state.because.kind === 'network';

/** How often a transfer went from running to waiting, as far as was told. */
function failuresOf(id: string): number {
  const told = run.batches.flatMap(({ batch }) => batch.changed).filter((transfer) => transfer.id === id);
  return told.filter((transfer, index) => isOffline(transfer) && told[index - 1]?.state.at === 'running').length;
}

async function unplugAndWait(): Promise<void> {
  await relay.unplug();
  await run.until((all) => all.some(isOffline) && all.every(({ state }) => state.at !== 'running'), 'offline');
}

test('a folder that goes up stops during an outage, and goes on by itself', async () => {
  slow();
  const { bucket } = practice;
  const paths = [await makeFiles('up', 300)];
  await run.queue.addUploads({ accountId, bucket, prefix: '', paths });
  await run.until(([folder]) => (folder?.folder?.done ?? 0) > 20, 'some are done');
  await unplugAndWait();
  const { id } = run.find('up');
  await run.until(() => failuresOf(id) > 1, 'it tried again');
  expect(run.queue.openFolders([id]).length).toBeLessThanOrEqual(AT_ONCE);
  expect(run.find('up').folder?.failed).toBe(0);
  await relay.plug();
  await run.settled();
  expect(run.find('up')).toMatchObject({ state: { at: 'done' }, folder: { done: 300 } });
});

test('a folder that comes down stops during an outage, whatever is asked of it, and goes on by itself', async () => {
  const keys = Array.from({ length: 300 }, (_, index) => `down/f-${index}`);
  for (const key of keys) await practice.put(key, 'x');
  slow();
  const { bucket, folder } = practice;
  await run.queue.addDownloads({ accountId, bucket, keys: [], prefixes: ['down/'], versionId: null, folder });
  await run.until(([transfer]) => (transfer?.folder?.done ?? 0) > 20, 'some are done');
  await unplugAndWait();
  const { id } = run.find('down');
  for (let round = 1; round <= 3; round += 1) {
    run.queue.retry([id]);
    await run.until(() => failuresOf(id) > round, `it tried again, ${round}`);
  }
  expect(run.queue.openFolders([id]).length).toBeLessThanOrEqual(AT_ONCE);
  await relay.plug();
  await run.settled();
  expect(run.find('down')).toMatchObject({ state: { at: 'done' }, folder: { done: 300 } });
  expect(await namesIn(join(folder, 'down'))).toHaveLength(300);
});

test('of many transfers only one tries during an outage, also when it is cancelled, and all go on together', async () => {
  slow();
  const { bucket } = practice;
  const folder = await makeFiles('many', 60);
  const paths = Array.from({ length: 60 }, (_, index) => join(folder, `f-${index}`));
  await run.queue.addUploads({ accountId, bucket, prefix: 'many/', paths });
  await run.until((all) => all.some(({ state }) => state.at === 'done'), 'some are done');
  await unplugAndWait();
  const from = run.batches.length;
  const running = (all: readonly Transfer[]) => all.filter(({ state }) => state.at === 'running');
  await run.until((all) => running(all).length > 0, 'one tries');
  const [trying] = running(run.queue.list());
  run.queue.cancel([trying?.id ?? '']);
  await run.until((all) => running(all).some(({ id }) => id !== trying?.id), 'another one tries');
  await run.until((all) => running(all).length === 0, 'it failed');
  const states = new Map<string, Transfer>();
  for (const { batch } of run.batches.slice(from)) {
    for (const transfer of batch.changed) states.set(transfer.id, transfer);
    expect(running([...states.values()]).length).toBeLessThanOrEqual(1);
  }
  await relay.plug();
  await run.settled();
  expect(run.queue.list().filter(({ state }) => state.at === 'done')).toHaveLength(59);
});

test('a prefix that cannot be listed during an outage is listed after it', async () => {
  await practice.put('late/one', 'x');
  await relay.unplug();
  const { bucket, folder } = practice;
  await run.queue.addDownloads({ accountId, bucket, keys: [], prefixes: ['late/'], versionId: null, folder });
  await run.until((all) => all.every(isOffline), 'offline');
  await relay.plug();
  await run.settled();
  expect(run.find('late')).toMatchObject({ state: { at: 'done' }, folder: { done: 1 } });
});

test('an upload keeps its progress during an outage and while it is paused, and goes on from there', async () => {
  const { bucket } = practice;
  const bytes = noise(40 * MiB);
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'slow', bytesPerSecond: 8 * MiB } });
  await run.queue.addUploads({ accountId, bucket, prefix: '', paths: [await practice.file('large', bytes)] });
  const kept = (): number => run.find('large').doneBytes;
  await run.until(() => kept() > 34 * MiB, 'the first parts are there');
  const { id } = run.find('large');
  await unplugAndWait();
  const atFirst = kept();
  expect(atFirst).toBeGreaterThanOrEqual(8 * MiB);
  await run.until(() => failuresOf(id) > 1, 'it tried again');
  run.queue.pause('all');
  const told = run.batches.flatMap(({ batch }) => batch.changed).slice(-3);
  expect(run.find('large')).toMatchObject({ state: { at: 'paused' }, doneBytes: atFirst });
  expect(told.every(({ doneBytes }) => doneBytes >= atFirst)).toBe(true);
  practice.server.faults.clear();
  await relay.plug();
  run.queue.resume('all');
  await run.settled();
  expect(run.find('large')).toMatchObject({ state: { at: 'done' }, doneBytes: bytes.length });
});
