import type { QueueEvent } from '../../../../main/transfers/queue/events.ts';
import type { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import type { TurnInputs } from '../../../../main/transfers/queue/turn.ts';
import type { TransferEvent } from '../../../../main/transfers/tasks/state.ts';
import { type Batch, Task, type TaskRecord } from '../../../../main/transfers/tasks/task.ts';

/** A clock that stands still, and chance that always falls in the middle. */
export const inputs: TurnInputs = {
  now: () => 1_000,
  monotonicNow: () => 0,
  random: () => 0.5,
  newId: () => crypto.randomUUID(),
};

const place = { accountId: 'a', bucket: 'bucket' };

/** An upload of a file whose ID, name and key are the same. */
export function makeTask(
  queue: QueueState,
  key: string,
  record: Partial<Pick<TaskRecord, 'priority' | 'work'>> = {},
  batch: Batch = { choice: null },
): Task {
  const work = { kind: 'upload', what: 'file', ...place, key, path: `/${key}` } as const;
  const order = {
    createdAt: 0,
    priority: 'normal',
    rank: queue.newRank('bottom'),
    folder: null,
    choice: null,
  } as const;
  return new Task({ id: key, name: key, work, ...order, ...record }, null, batch);
}

export function makeFolder(queue: QueueState): Task {
  const work = { kind: 'upload-folder', ...place, key: 'folder/', path: '/folder' } as const;
  return makeTask(queue, 'folder/', { work });
}

/** A large file in that folder. */
export function fileIn(folder: Task, name: string) {
  const key = folder.record.work.key + name;
  const work = { kind: 'upload', what: 'file', ...place, key, path: `/${key}` } as const;
  return { work, name, sizeBytes: 100 * 1024 ** 2, failure: null };
}

/** A multipart upload of the object `a`. */
export const checkpoint = {
  ...{ bucket: 'bucket', key: 'a', uploadId: 'u' },
  ...{ partSizeBytes: 1, sizeBytes: 2, modifiedAt: 0, parts: [] },
};

export const add = (task: Task): QueueEvent => ({ type: 'add', task, failure: null });

export const ended = (task: Task, event: TransferEvent): QueueEvent => ({
  type: 'attempt',
  task,
  report: { type: 'ended', event },
});

export const finish = { type: 'finish', verified: 'crc64', versionId: null } as const;
