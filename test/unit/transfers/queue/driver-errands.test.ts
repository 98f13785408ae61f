import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import type { Connection } from '../../../../main/oss/connection.ts';
import { QueueDriver } from '../../../../main/transfers/queue/driver.ts';
import type { QueueOptions } from '../../../../main/transfers/tasks/requests.ts';
import type { Task } from '../../../../main/transfers/tasks/task.ts';
import type { TransferBatch } from '../../../../main/transfers/tasks/transfer.ts';
import { add, busy, checkpoint, goOn, limits, makeTask, reported, stop } from './tasks.ts';

let folder: string;
let driver: QueueDriver;
let batches: TransferBatch[];
/** Ends the attempts that wait for a connection. */
let release: () => void;
let asked: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-driver-'));
  batches = [];
  asked = [];
  driver = makeDriver();
});
afterEach(async () => {
  release();
  await driver.close();
  rmSync(folder, { recursive: true });
});

/** A driver whose attempts begin, and stand still. */
function makeDriver(options: Partial<QueueOptions> = {}): QueueDriver {
  const held = new Promise<Connection>((_, fail) => {
    release = () => fail(new WaybillError({ kind: 'cancelled' }));
  });
  held.catch(() => undefined);
  return new QueueDriver({
    connection: (accountId, bucket) => {
      asked.push(`${accountId}/${bucket}`);
      return held;
    },
    dispatcher: new Agent(),
    journalFile: null,
    onBatch: (batch) => batches.push(batch),
    onUploaded: () => undefined,
    ...options,
  });
}

/** A task that runs. */
async function running(id = 'a'): Promise<Task> {
  const task = makeTask(driver.state, id);
  driver.dispatch(add(task));
  await expect.poll(() => task.state.at).toBe('running');
  return task;
}

function partFile(): { readonly path: string; readonly task: Task } {
  const path = join(folder, '.a.waybill-part');
  writeFileSync(path, 'xy');
  const task = makeTask(driver.state, 'a');
  const spans = [{ start: 0, sizeBytes: 5, doneBytes: 2, crc64: '1' }];
  const download = { partPath: path, etag: 'e', crc64: null, versionId: null, sizeBytes: 5, spans };
  task.change({ checkpoints: { upload: null, download } });
  driver.dispatch(limits(0));
  driver.dispatch(add(task));
  return { path, task };
}

test('what runs is told of twice a second, and nothing wakes a queue at rest', async () => {
  const told = (): number => batches.flatMap(({ changed }) => changed).length;
  const task = await running();
  await sleep(200);
  const before = told();
  await expect.poll(told).toBeGreaterThan(before + 1);
  driver.dispatch(stop(task, 'pause'));
  release();
  await expect.poll(() => driver.state.running.size).toBe(0);
  await sleep(200);
  const after = told();
  await sleep(700);
  expect(told()).toBe(after);
});

test('states of files are kept only where they will be compared', async () => {
  expect(driver.state.keepsStamps).toBe(false);
  await driver.close();
  driver = makeDriver({ recheckFiles: true });
  expect(driver.state.keepsStamps).toBe(true);
});

test('what waits goes on by itself, unless it was stopped meanwhile', async () => {
  const [task, paused] = [await running('a'), await running('b')];
  const at = (ms: number) => ({ type: 'break', attempt: 1, retryAt: Date.now() + ms, because: busy }) as const;
  driver.dispatch({ type: 'apply', task, event: at(20) });
  driver.dispatch({ type: 'apply', task: paused, event: at(20) });
  driver.dispatch(stop(paused, 'pause'));
  driver.dispatch(goOn(paused, 'resume'));
  driver.dispatch({ type: 'apply', task: paused, event: at(60_000) });
  await expect.poll(() => task.state.at).toBe('queued');
  await sleep(50);
  expect(paused.state.at).toBe('waiting');
});

describe('what a cancelled transfer leaves', () => {
  test('is removed: its part file here', async () => {
    const { path, task } = partFile();
    driver.dispatch(stop(task, 'cancel'));
    await expect.poll(() => existsSync(path)).toBe(false);
  });

  test('and its upload there, with the account that began it', async () => {
    const task = makeTask(driver.state, 'a');
    task.change({ checkpoints: { upload: checkpoint, download: null } });
    driver.dispatch(limits(0));
    driver.dispatch(add(task));
    driver.dispatch(stop(task, 'cancel'));
    await expect.poll(() => asked).toEqual(['a/bucket']);
  });

  test('is nobody’s business if it was begun through a link', async () => {
    const work = { kind: 'link-upload', host: 'h', bucket: 'bucket', key: 'k', path: '/k' } as const;
    const task = makeTask(driver.state, 'a', { work });
    task.change({ checkpoints: { upload: checkpoint, download: null } });
    driver.dispatch(limits(0));
    driver.dispatch(add(task));
    driver.dispatch(stop(task, 'cancel'));
    await sleep(20);
    expect(asked).toEqual([]);
  });
});

describe('closing', () => {
  test('a queue that is kept in memory alone leaves nothing behind', async () => {
    const { path } = partFile();
    await driver.close();
    expect(existsSync(path)).toBe(false);
  });

  test('a queue with a journal keeps what it needs to go on', async () => {
    await driver.close();
    driver = makeDriver({ journalFile: join(folder, 'transfers.jsonl') });
    const { path } = partFile();
    await driver.close();
    expect([existsSync(path), readFileSync(join(folder, 'transfers.jsonl'), 'utf8')]).toEqual([
      true,
      expect.stringContaining('"task"'),
    ]);
  });

  test('waits until what runs has stopped', async () => {
    const task = await running();
    let isClosed = false;
    const closing = driver.close().then(() => (isClosed = true));
    await sleep(20);
    expect([isClosed, driver.state.running.has(task)]).toEqual([false, true]);
    release();
    await closing;
    expect(driver.state.running.size).toBe(0);
  });

  test('wakes nobody afterwards', async () => {
    const task = await running();
    driver.dispatch({
      type: 'apply',
      task,
      event: { type: 'break', attempt: 1, retryAt: Date.now() + 30, because: busy },
    });
    release();
    await driver.close();
    await sleep(60);
    expect(task.state.at).toBe('waiting');
  });
});

describe('forgetting', () => {
  test('drops all tasks and what the journal says of them, and leaves part files where they are', async () => {
    await driver.close();
    const journalFile = join(folder, 'transfers.jsonl');
    driver = makeDriver({ journalFile });
    const { path } = partFile();
    driver.dispatch(limits(1));
    const ran = makeTask(driver.state, 'ran');
    driver.dispatch(add(ran));
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    const forgetting = driver.forget();
    release();
    await forgetting;
    expect([driver.state.tasks.size, existsSync(path)]).toEqual([0, true]);
    expect(readFileSync(journalFile, 'utf8')).not.toContain('"task"');
  });

  test('waits until what runs has stopped, and what comes later leaves nothing again', async () => {
    await running();
    let isOver = false;
    const forgetting = driver.forget().then(() => (isOver = true));
    await sleep(20);
    expect(isOver).toBe(false);
    release();
    await forgetting;
    driver.dispatch(limits(0));
    const { path, task } = partFile();
    driver.dispatch(stop(task, 'cancel'));
    await expect.poll(() => existsSync(path)).toBe(false);
  });
});

const ended = { type: 'failed', because: { kind: 'credentials', cause: 'token-expired' } } as const;

test.each([
  ['nobody can renew them', {}],
  ['renewing fails', { refresh: () => Promise.reject(new Error('no')) }],
] as const)('a transfer whose credentials ended asks for others if %s', async (_, options) => {
  await driver.close();
  driver = makeDriver(options);
  const task = await running();
  driver.dispatch(reported(task, ended));
  await expect.poll(() => task.state.at).toBe('blocked');
});

test('a transfer whose credentials were renewed is tried again at once', async () => {
  const renewed: string[] = [];
  await driver.close();
  driver = makeDriver({ refresh: (accountId) => Promise.resolve(void renewed.push(accountId)) });
  const task = await running();
  driver.dispatch(reported(task, ended));
  await expect.poll(() => asked.length).toBe(2);
  expect([renewed, task.state.at]).toEqual([['a'], 'running']);
});

test('an order that can’t be carried out is an error where nobody takes reports of bugs', () => {
  const bug = new Error('a bug');
  const telling = makeDriver({
    onEnded: () => {
      throw bug;
    },
  });
  telling.dispatch(limits(0));
  const task = makeTask(telling.state, 'a');
  telling.dispatch(add(task));
  expect(() => telling.dispatch(stop(task, 'cancel'))).toThrow(bug);
  // It goes on with the next.
  telling.dispatch(goOn(task, 'retry'));
  expect(task.state.at).toBe('queued');
});
