import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { TransferQueue } from '../../../../main/transfers/queue/queue.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import { Task } from '../../../../main/transfers/tasks/task.ts';

const MANY = 200_000;
const PAGE = 128;
/** Generous: a machine under load takes its time, and what is not linear takes hours. */
const TIMEOUT_MS = 180_000;
const because = { kind: 'oss', cause: 'immutable', status: 403, code: 'FileImmutable', message: '' } as const;
const inputs = { now: () => 0, monotonicNow: () => 0, random: () => 0, newId: () => crypto.randomUUID() };

test(
  'a list of very many links is added without comparing each with all others, and without freezing',
  async () => {
    const queue = new TransferQueue({
      // Nothing ever starts.
      connection: () => new Promise(() => undefined),
      dispatcher: new Agent(),
      journalFile: null,
      onBatch: () => undefined,
      onUploaded: () => undefined,
      limits: { slots: 0, connections: 1, up: null, down: null },
    });
    const parts = {
      signVersion: 'v4',
      bucket: 'bbb',
      host: 'h',
      region: null,
      accessKeyId: 'x',
      temporary: false,
    } as const;
    const times = { versionId: null, signedAt: 0, validUntil: 9e15, params: [], additionalHeaders: [] } as const;
    const requests = Array.from({ length: MANY }, (_, index) => ({
      ...{ url: 'http://h/k', parts: { ...parts, ...times, key: `k${index}` } },
      ...{ folder: '/nowhere', fileName: `k${index}` },
    }));
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const ids = await queue.addLinkDownloads(requests);
    clearInterval(counting);
    expect(new Set(ids).size).toBe(MANY);
    expect(turns).toBeGreaterThan(100);
    await queue.close();
  },
  TIMEOUT_MS,
);

test(
  'a folder of which very many items fail is still told, retried and cancelled',
  () => {
    const queue = new QueueState([], false);
    const place = { accountId: 'a', bucket: 'b', key: 'folder/', path: '/folder' } as const;
    const order = { createdAt: 0, priority: 'normal', rank: 0, folder: null, choice: null } as const;
    const folder = new Task({ id: 'f', name: 'folder', work: { kind: 'upload-folder', ...place }, ...order }, null);
    reduce(queue, { type: 'add', task: folder, failure: null }, inputs);
    reduce(queue, { type: 'fill' }, inputs);
    const items = Array.from({ length: MANY }, (_, index) => {
      const work = {
        kind: 'upload',
        what: 'file',
        ...place,
        key: `folder/${index}`,
        path: `/folder/${index}`,
      } as const;
      return { work, name: String(index), sizeBytes: 1, failure: because };
    });
    for (let start = 0; start < MANY; start += PAGE) {
      const page = items.slice(start, start + PAGE);
      reduce(queue, { type: 'folder-read', folder, items: page, isEnd: start + PAGE >= MANY }, inputs);
      reduce(queue, { type: 'fill' }, inputs);
    }
    expect(folder.toTransfer().folder).toMatchObject({ failed: MANY });
    expect(folder.state.at).toBe('failed');
    reduce(queue, { type: 'go-on', task: folder, event: { type: 'retry' } }, inputs);
    expect(folder.toTransfer().folder).toMatchObject({ failed: 0 });
    reduce(queue, { type: 'stop', task: folder, event: { type: 'cancel' } }, inputs);
    expect(queue.tasks.size).toBe(1);
  },
  TIMEOUT_MS,
);
