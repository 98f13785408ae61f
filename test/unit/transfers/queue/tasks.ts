import type { Failure } from '../../../../main/failure.ts';
import type { AttemptReport } from '../../../../main/transfers/run/attempt.ts';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import type { PlannedTransfer } from '../../../../main/transfers/queue/planned-transfer.ts';
import type { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import type { TurnInputs } from '../../../../main/transfers/queue/turn.ts';
import type { TransferEvent } from '../../../../main/transfers/tasks/state.ts';
import type { JournalLine } from '../../../../main/transfers/tasks/journal.ts';
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

/** A part file of five bytes, none of them there yet. */
export const partFile = {
  ...{ partPath: '/.k.waybill-part', etag: 'e', crc64: null, versionId: null, sizeBytes: 5 },
  spans: [{ start: 0, sizeBytes: 5, doneBytes: 0, crc64: '0' }],
};

export const add = (task: Task): QueueEvent => ({ type: 'add', task, failure: null });

export const fill: QueueEvent = { type: 'fill' };

export const limits = (slots: number, connections = 4): QueueEvent => ({ type: 'limits', slots, connections });

/** What the attempt of this task reports. */
export const reported = (task: Task, report: AttemptReport): QueueEvent => ({ type: 'attempt', task, report });

export const ended = (task: Task, event: TransferEvent): QueueEvent => reported(task, { type: 'ended', event });

export const failed = (task: Task, because: Failure): QueueEvent => reported(task, { type: 'failed', because });

export const stopped = (task: Task): QueueEvent => reported(task, { type: 'stopped' });

export const stop = (task: Task, type: 'pause' | 'cancel'): QueueEvent => ({ type: 'stop', task, event: { type } });

export const goOn = (task: Task, type: 'resume' | 'retry'): QueueEvent => ({ type: 'go-on', task, event: { type } });

/** What was read of a folder; nothing more comes. */
export const read = (folder: Task, ...items: readonly PlannedTransfer[]): QueueEvent => ({
  type: 'folder-read',
  folder,
  items,
  isEnd: true,
});

export const refused = { kind: 'network', reason: 'refused' } as const;

export const busy = { kind: 'oss', cause: 'busy', status: 503, code: 'ServiceUnavailable', message: '' } as const;

export const askOverwrite = { type: 'block', need: 'overwrite-choice' } as const;

/** The tasks that these commands start. */
export const startedBy = (commands: readonly Command[]): readonly Task[] =>
  commands.flatMap((command) => (command.do === 'run' ? [command.task] : []));

/** The lines that these commands write to the journal. */
export const linesOf = (commands: readonly Command[]): readonly JournalLine[] =>
  commands.flatMap((command) => (command.do === 'write' ? [command.line] : []));

export const finish = { type: 'finish', verified: 'crc64', versionId: null } as const;
