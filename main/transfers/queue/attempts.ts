import type { Failure } from '../../failure.ts';
import { classify, retryDelayMs, TRANSFER_RETRY } from '../retry-policy.ts';
import type { AttemptReport } from '../run/attempt.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { Task } from '../tasks/task.ts';
import { reset } from './breakers.ts';
import type { QueueEvent } from './events.ts';
import { settleIfOver } from './folders.ts';
import { apply, cleanUp, remove } from './transitions.ts';
import type { Turn } from './turn.ts';

/** CRC-64 mismatches of one transfer before it fails: this many in a row are no accident. */
const MAX_DAMAGED = 3;

type Handlers = {
  readonly [T in AttemptReport['type']]: (turn: Turn, task: Task, report: Extract<AttemptReport, { type: T }>) => void;
};

const handlers: Handlers = {
  bytes: (turn, task, { count }) => {
    task.addBytes(count, turn.inputs.monotonicNow());
    // Bytes received prove that the route works; bytes sent may still be lost.
    if (count > 0 && isReading(task)) reset(turn, task.route);
    turn.report(task);
  },
  kept: (turn, task, { count }) => {
    task.keepBytes(count);
    turn.report(task);
  },
  size: (turn, task, { sizeBytes }) => {
    turn.set(task, { sizeBytes });
    turn.report(task);
  },
  verifying: (turn, task) => apply(turn, task, { type: 'verify' }),
  upload: (turn, task, { checkpoint }) => noteUpload(turn, task, checkpoint),
  'late-upload': (turn, task, { checkpoint }) => takeLateUpload(turn, task, checkpoint),
  'file-changed': (turn, task) => turn.do({ do: 'tell-file-changed', transfer: task.toTransfer() }),
  part: (turn, task, report) => {
    reset(turn, task.route);
    turn.write(task, { ...report, id: task.id });
  },
  download: (turn, task, report) => {
    turn.set(task, { checkpoints: { ...task.checkpoints, download: report.checkpoint } });
    turn.write(task, { ...report, id: task.id });
  },
  span: (turn, task, report) => turn.write(task, { ...report, id: task.id }),
  renamed: (turn, task, { to, name }) => turn.record(task, { name, work: { ...task.record.work, ...to } }),
  copied: (turn, task, { copied }) => {
    const { work } = task.record;
    if (work.kind === 'copy') turn.record(task, { work: { ...work, copied } });
  },
  ended: (turn, task, { event }) => end(turn, task, event),
  failed: (turn, task, { because }) => fail(turn, task, because),
  stopped: (turn, task) => end(turn, task, null),
};

/** Handles what an attempt reports. */
export function handleReport(turn: Turn, task: Task, report: AttemptReport): void {
  // TypeScript can't correlate the handler looked up by `type` with the type of this report.
  (handlers[report.type] as (turn: Turn, task: Task, report: AttemptReport) => void)(turn, task, report);
}

/** Handles the end of an attempt to renew credentials. */
export function handleRenewal(
  turn: Turn,
  { task, because, isRenewed }: Extract<QueueEvent, { type: 'renewed' }>,
): void {
  const retryAt = turn.inputs.now();
  end(
    turn,
    task,
    isRenewed
      ? { type: 'break', attempt: task.attempts, retryAt, because }
      : { type: 'block', need: 'credentials', because },
  );
}

function noteUpload(turn: Turn, task: Task, checkpoint: UploadCheckpoint | null): void {
  turn.set(task, { checkpoints: { ...task.checkpoints, upload: checkpoint } });
  turn.write(task, { type: 'upload', id: task.id, checkpoint });
}

/** Keeps an upload that became known late for the next attempt, or aborts it: nobody else knows of it. */
function takeLateUpload(turn: Turn, task: Task, checkpoint: UploadCheckpoint): void {
  const { queue } = turn;
  const { upload } = task.checkpoints;
  const isOver = task.state.at === 'done' || task.state.at === 'cancelled' || queue.isClosed;
  if (queue.has(task) && !queue.running.has(task) && !isOver && upload === null) {
    noteUpload(turn, task, checkpoint);
  } else {
    turn.do({ do: 'clean-up', task, leftovers: { upload: checkpoint, download: null } });
  }
}

/** Decides what a failure calls for. */
function fail(turn: Turn, task: Task, because: Failure): void {
  if (because.kind === 'oss') reset(turn, task.route);
  const decision = classify(because);
  if (decision.action === 'refresh') {
    refresh(turn, task, because);
  } else if (decision.action === 'block') {
    end(turn, task, { type: 'block', need: decision.need, because });
  } else {
    const again = decision.action === 'retry' ? retryEvent(turn, task, because) : null;
    end(turn, task, again ?? { type: 'give-up', because });
  }
}

/** Returns the event for another attempt later; null if there were enough. */
function retryEvent(turn: Turn, task: Task, because: Failure): TransferEvent | null {
  const attempts = task.attempts + 1;
  const damagedAttempts = task.damagedAttempts + (because.kind === 'integrity' ? 1 : 0);
  turn.set(task, { attempts, damagedAttempts });
  // Network failures never become final, since the network comes back; failures that OSS reports do.
  const isOver = because.kind !== 'network' && attempts >= TRANSFER_RETRY.attempts;
  if (isOver || damagedAttempts >= MAX_DAMAGED) return null;
  const retryAt = turn.inputs.now() + retryDelayMs(because, attempts, TRANSFER_RETRY, turn.inputs.random);
  return { type: 'break', attempt: attempts, retryAt, because };
}

/** Has the credentials renewed, once without progress. The attempt is over when that is. */
function refresh(turn: Turn, task: Task, because: Failure): void {
  const { accountId } = task;
  if (task.wasRefreshed || accountId === null) {
    end(turn, task, { type: 'block', need: 'credentials', because });
    return;
  }
  turn.set(task, { wasRefreshed: true });
  turn.do({ do: 'renew', task, accountId, because });
}

/** Ends an attempt with this event; null: it was stopped. A folder has no attempts of its own, but can't be read. */
function end(turn: Turn, task: Task, event: TransferEvent | null): void {
  adaptConcurrency(turn, task, event);
  turn.queue.running.delete(task);
  if (event?.type === 'finish') complete(turn, task);
  if (event !== null) apply(turn, task, event);
  if (event?.type === 'block' && event.need === 'overwrite-choice') answerFromBatch(turn, task);
  if (task.state.at === 'cancelled') cleanUp(turn, task);
  settleIfOver(turn, task);
  if (turn.queue.leaving.delete(task)) remove(turn, task);
  turn.do({ do: 'fill' });
}

/** Someone may have answered for the whole batch while this task was finding out that it has to ask. */
function answerFromBatch(turn: Turn, task: Task): void {
  const { choice } = task.batch;
  if (choice !== null) apply(turn, task, { type: choice === 'skip' ? 'skip' : 'unblock' });
}

function complete(turn: Turn, task: Task): void {
  const { work } = task.record;
  turn.set(task, { doneBytes: task.sizeBytes ?? task.doneBytes });
  // Creating a local folder says nothing about the network.
  if (work.kind !== 'download' || work.what !== 'folder') reset(turn, task.route);
  if (work.kind === 'upload' || work.kind === 'copy') {
    turn.do({ do: 'tell-stored', accountId: work.accountId, bucket: work.bucket, key: work.key });
  }
  if (work.kind === 'copy' && work.move) {
    const { accountId, bucket, key } = work.source;
    turn.do({ do: 'tell-stored', accountId, bucket, key });
  }
}

/** Adapts the number of concurrent small transfers to how they end. */
function adaptConcurrency({ queue }: Turn, task: Task, event: TransferEvent | null): void {
  if (!task.isSmall) return;
  if (event?.type === 'break') queue.smallConcurrency.onFailed();
  if (event?.type !== 'finish') return;
  let small = 0;
  for (const { isSmall } of queue.running) if (isSmall) small += 1;
  const limit = (queue.slots - (queue.running.size - small)) * queue.smallConcurrency.perSlot;
  queue.smallConcurrency.onFinished(task.sizeBytes ?? 0, small, limit);
}

function isReading({ record: { work } }: Task): boolean {
  return work.kind === 'download' || work.kind === 'link-download';
}
