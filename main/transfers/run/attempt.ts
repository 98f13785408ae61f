import { type Failure, toFailure } from '../../failure.ts';
import type { DownloadCheckpoint, FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { CopiedState, Task } from '../tasks/task.ts';
import type { OverwriteHints } from './overwrite-hints.ts';
import { runTask } from './run-task.ts';
import type { TaskContext } from './task-context.ts';

/** What an attempt reports while it runs, and at last how it ended. */
export type AttemptReport =
  /** Bytes transferred since the last report; negative when a broken part starts over. */
  | { readonly type: 'bytes'; readonly count: number }
  /** Bytes of an earlier attempt that count for this one. */
  | { readonly type: 'kept'; readonly count: number }
  | { readonly type: 'size'; readonly sizeBytes: number | null }
  | { readonly type: 'verifying' }
  | { readonly type: 'upload'; readonly checkpoint: UploadCheckpoint | null }
  /** A multipart upload whose ID arrived only after the attempt was over. */
  | { readonly type: 'late-upload'; readonly checkpoint: UploadCheckpoint }
  /** The file of an upload that resumes has changed. */
  | { readonly type: 'file-changed' }
  | { readonly type: 'part'; readonly part: FinishedPart }
  | { readonly type: 'download'; readonly checkpoint: DownloadCheckpoint | null }
  | { readonly type: 'span'; readonly index: number; readonly crc64: string }
  /** The transfer goes to a different key or path than requested. */
  | { readonly type: 'renamed'; readonly to: { readonly key?: string; readonly path?: string }; readonly name: string }
  /** The copy of a move is verified: only the source, in this state, is left to delete. */
  | { readonly type: 'copied'; readonly copied: CopiedState }
  | { readonly type: 'ended'; readonly event: TransferEvent }
  | { readonly type: 'failed'; readonly because: Failure }
  /** It was stopped on purpose: the task's state already says so. */
  | { readonly type: 'stopped' };

/** What attempts share. */
export interface AttemptTools {
  readonly options: Pick<QueueOptions, 'connection' | 'dispatcher' | 'onBug'>;
  readonly overwriteHints: OverwriteHints;
  /** Limit of concurrent requests; may change meanwhile. */
  readonly connections: () => number;
}

/** Runs one attempt of a task. It ends with `ended`, `failed` or `stopped`; only a `late-upload` may follow. */
export async function runAttempt(
  task: Task,
  { options, overwriteHints, connections }: AttemptTools,
  report: (report: AttemptReport) => void,
  signal: AbortSignal,
): Promise<void> {
  let isOver = false;
  const onCheckpoint = (checkpoint: UploadCheckpoint | null): void => {
    if (!isOver) report({ type: 'upload', checkpoint });
    else if (checkpoint !== null) report({ type: 'late-upload', checkpoint });
  };
  const watch = { signal, connections, onCheckpoint, ...watchOf(task, report) };
  try {
    const event = await runTask(task, { options, overwriteHints, watch, ...changesOf(report) });
    isOver = true;
    report({ type: 'ended', event });
  } catch (error) {
    isOver = true;
    report(signal.aborted ? { type: 'stopped' } : { type: 'failed', because: toFailure(error, options.onBug) });
  }
}

function watchOf(
  task: Task,
  report: (report: AttemptReport) => void,
): Omit<TaskContext['watch'], 'signal' | 'connections' | 'onCheckpoint'> {
  return {
    onBytes: (count) => report({ type: 'bytes', count }),
    onKept: (count) => report({ type: 'kept', count }),
    onSize: (sizeBytes) => report({ type: 'size', sizeBytes }),
    onVerifying: () => report({ type: 'verifying' }),
    onPart: (part) => report({ type: 'part', part }),
    onSpan: (index) => {
      const crc64 = task.checkpoints.download?.spans[index]?.crc64;
      if (crc64 !== undefined) report({ type: 'span', index, crc64 });
    },
  };
}

function changesOf(
  report: (report: AttemptReport) => void,
): Pick<TaskContext, 'onDownloadCheckpoint' | 'onRenamed' | 'onFileChanged' | 'onCopied'> {
  return {
    onDownloadCheckpoint: (checkpoint) => report({ type: 'download', checkpoint }),
    onRenamed: (to, name) => report({ type: 'renamed', to, name }),
    onFileChanged: () => report({ type: 'file-changed' }),
    onCopied: (copied) => report({ type: 'copied', copied }),
  };
}
