import { type Failure, toFailure } from '../../failure.ts';
import { discardDownload } from '../download/download.ts';
import { OverwriteHints } from './overwrite-hints.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import { classify, TRANSFER_RETRY, retryDelayMs } from '../retry-policy.ts';
import { runTask } from './run-task.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import type { Task } from '../tasks/task.ts';
import { abortUpload } from '../upload/multipart-session.ts';

/** What the runner needs from its queue. */
export interface RunnerHost {
  readonly options: QueueOptions;
  readonly store: TaskStore;
  /** Limit of concurrent requests for transfers that start now. */
  readonly connections: () => number;
  readonly apply: (task: Task, event: TransferEvent) => void;
  /** A server answered: its route works. */
  readonly onReachable: (task: Task) => void;
  /** An attempt ended with this event; null: it was stopped. The task is still in `running`. */
  readonly onAttemptEnd: (task: Task, event: TransferEvent | null) => void;
  /** A slot became free. */
  readonly onSlotFree: () => void;
}

/** CRC-64 mismatches of one transfer before it fails: this many in a row are no accident. */
const MAX_DAMAGED = 3;

/** Runs tasks, turns their endings into events, and cleans up after tasks that won't be finished. */
export class TaskRunner {
  readonly running = new Set<Task>();
  readonly #host: RunnerHost;
  readonly #cleanUps = new Set<Promise<void>>();
  readonly #overwriteHints = new OverwriteHints();

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  start(task: Task): void {
    const abort = new AbortController();
    this.running.add(task);
    task.startAttempt();
    this.#host.apply(task, { type: 'start', attempt: task.attempts + 1 });
    const settled = runTask(task, this.#context(task, abort.signal))
      .catch((error: unknown) => this.eventForError(task, error, abort.signal))
      .then((event) => {
        this.#host.onAttemptEnd(task, event);
        task.run = null;
        this.running.delete(task);
        if (event?.type === 'finish') this.#complete(task);
        if (event !== null) this.#finishAttempt(task, event);
        if (task.state.at === 'cancelled') this.cleanUp(task);
        this.#host.store.changed(task);
        this.#host.onSlotFree();
      });
    task.run = { abort, settled };
  }

  /** Removes what a task leaves behind: uploaded parts in the bucket, and the temporary file. */
  cleanUp(task: Task): void {
    const { upload, download } = task.checkpoints;
    const { work } = task.record;
    if (download !== null) this.#trackCleanUp(discardDownload(download));
    if (upload !== null && (work.kind === 'upload' || work.kind === 'copy')) {
      const connection = this.#host.options.connection(work.accountId, work.bucket);
      this.#trackCleanUp(connection.then((open) => abortUpload(open, upload)));
    }
    task.checkpoints.upload = null;
    task.checkpoints.download = null;
    if (upload !== null) this.#host.store.writeLine({ type: 'upload', id: task.id, checkpoint: null });
    if (download !== null) this.#host.store.writeLine({ type: 'download', id: task.id, checkpoint: null });
  }

  /** Converts an error into an event. Returns null if the task was stopped on purpose: its state already says so. */
  async eventForError(task: Task, error: unknown, signal?: AbortSignal): Promise<TransferEvent | null> {
    if (signal?.aborted === true) return null;
    const failure = toFailure(error, this.#host.options.onBug);
    if (failure.kind === 'oss') this.#host.onReachable(task);
    const giveUp: TransferEvent = { type: 'give-up', because: failure };
    const decision = classify(failure);
    switch (decision.action) {
      case 'retry':
        return this.#scheduleRetry(task, failure) ?? giveUp;
      case 'refresh':
        return (await this.#refresh(task))
          ? { type: 'break', attempt: task.attempts, retryAt: Date.now(), because: failure }
          : { type: 'block', need: 'credentials', because: failure };
      case 'block':
        return { type: 'block', need: decision.need, because: failure };
      case 'give-up':
        return giveUp;
      default:
        return decision satisfies never;
    }
  }

  /** Stops all running tasks, and waits until they have stopped. */
  async stop(): Promise<void> {
    const runs = [...this.running].flatMap(({ run }) => run ?? []);
    for (const { abort } of runs) abort.abort();
    await Promise.all(runs.map(({ settled }) => settled));
  }

  async whenCleaned(): Promise<void> {
    await Promise.all(this.#cleanUps);
  }

  #trackCleanUp(work: Promise<void>): void {
    // Without credentials or network, the leftovers stay: that is what lifecycle rules are for.
    const cleaning = work.catch(() => undefined).finally(() => this.#cleanUps.delete(cleaning));
    this.#cleanUps.add(cleaning);
  }

  #finishAttempt(task: Task, event: TransferEvent): void {
    const { work } = task.record;
    this.#host.apply(task, event);
    // Someone answered for the whole batch while this task was finding out that it has to ask.
    if (event.type === 'block' && event.need === 'overwrite-choice' && task.batch.choice !== null) {
      this.#host.apply(task, { type: task.batch.choice === 'skip' ? 'skip' : 'unblock' });
    }
    if (event.type !== 'finish') return;
    const { onUploaded } = this.#host.options;
    if (work.kind === 'upload' || work.kind === 'copy') onUploaded(work.accountId, work.bucket, work.key);
    if (work.kind === 'copy' && work.move) onUploaded(work.source.accountId, work.source.bucket, work.source.key);
  }

  #complete(task: Task): void {
    const { work } = task.record;
    task.doneBytes = task.sizeBytes ?? task.doneBytes;
    // Creating a local folder says nothing about the network.
    if (work.kind !== 'download' || work.what !== 'folder') this.#host.onReachable(task);
  }

  #scheduleRetry(task: Task, failure: Failure): TransferEvent | null {
    task.attempts += 1;
    if (failure.kind === 'integrity') task.damagedAttempts += 1;
    // Network failures never become final, since the network comes back; failures that OSS reports do.
    const isOver = failure.kind !== 'network' && task.attempts >= TRANSFER_RETRY.attempts;
    if (isOver || task.damagedAttempts >= MAX_DAMAGED) return null;
    const retryAt = Date.now() + retryDelayMs(failure, task.attempts, TRANSFER_RETRY);
    return { type: 'break', attempt: task.attempts, retryAt, because: failure };
  }

  async #refresh(task: Task): Promise<boolean> {
    const { work } = task.record;
    const { refresh } = this.#host.options;
    if (task.wasRefreshed || refresh === undefined || !('accountId' in work)) return false;
    task.wasRefreshed = true;
    return refresh(work.accountId).then(
      () => true,
      () => false,
    );
  }

  #context(task: Task, signal: AbortSignal): TaskContext {
    const { options, store, connections, apply, onReachable } = this.#host;
    const { id, checkpoints, record } = task;
    // Bytes received prove that the route works; bytes sent may still be lost.
    const isRead = record.work.kind === 'download' || record.work.kind === 'link-download';
    return {
      options,
      overwriteHints: this.#overwriteHints,
      watch: {
        signal,
        connections,
        onBytes: (count) => {
          task.addBytes(count);
          if (isRead && count > 0) onReachable(task);
          store.changed(task);
        },
        onSize: (sizeBytes) => {
          task.sizeBytes = sizeBytes;
          store.changed(task);
        },
        onVerifying: () => apply(task, { type: 'verify' }),
        onCheckpoint: (checkpoint) => {
          checkpoints.upload = checkpoint;
          store.writeLine({ type: 'upload', id, checkpoint });
        },
        onPart: (part) => {
          onReachable(task);
          store.writeLine({ type: 'part', id, part });
        },
        onSpan: (index) => {
          const crc64 = checkpoints.download?.spans[index]?.crc64;
          if (crc64 !== undefined) store.writeLine({ type: 'span', id, index, crc64 });
        },
      },
      onDownloadCheckpoint: (checkpoint) => {
        checkpoints.download = checkpoint;
        store.writeLine({ type: 'download', id, checkpoint });
      },
      onCopied: (copied) => {
        const { work } = task.record;
        if (work.kind === 'copy') task.record = { ...task.record, work: { ...work, copied } };
        store.record(task);
      },
      onRenamed: (to, name) => {
        task.record = { ...task.record, name, work: { ...task.record.work, ...to } };
        store.record(task);
      },
    };
  }
}
