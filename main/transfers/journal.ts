import { closeSync, existsSync, fdatasync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { DownloadCheckpoint } from './download-job.ts';
import { hasEnded } from './state.ts';
import { Task, type TaskRecord } from './task.ts';
import type { TransferState } from './transfer.ts';
import type { FinishedPart, UploadCheckpoint } from './upload-job.ts';

/** One line of the journal. */
export type JournalLine =
  | { readonly type: 'task'; readonly task: TaskRecord; readonly sizeBytes: number | null }
  | { readonly type: 'state'; readonly id: string; readonly state: TransferState }
  | { readonly type: 'upload'; readonly id: string; readonly checkpoint: UploadCheckpoint | null }
  | { readonly type: 'part'; readonly id: string; readonly part: FinishedPart }
  | { readonly type: 'download'; readonly id: string; readonly checkpoint: DownloadCheckpoint | null }
  | { readonly type: 'span'; readonly id: string; readonly index: number; readonly crc64: string }
  | { readonly type: 'gone'; readonly id: string };

/**
 * The queue on disk: JSON lines, only ever appended to, so that a process killed at any moment loses at most the line
 * it was writing. Rewritten without what is over when it is opened. Holds no secret.
 */
export class Journal {
  #file: number | null;

  private constructor(file: number) {
    this.#file = file;
  }

  /** The journal and the tasks in it, in the order in which they were added, ready to go on. */
  static open(path: string): { readonly journal: Journal; readonly tasks: readonly Task[] } {
    const tasks = replay(readLines(path));
    const fresh = `${path}.new`;
    const file = openSync(fresh, 'w', 0o600);
    writeSync(
      file,
      tasks
        .flatMap((task) => [...linesOf(task)])
        .map(toText)
        .join(''),
    );
    fsyncSync(file);
    // Appending goes on through the same descriptor after the rename.
    renameSync(fresh, path);
    return { journal: new Journal(file), tasks };
  }

  /** Appends at once: what follows on the network may rely on it. */
  write(line: JournalLine): void {
    if (this.#file === null) return;
    writeSync(this.#file, toText(line));
    // What cost bytes to get must survive a power cut too; all else is cheap to do again.
    if (line.type === 'upload' || line.type === 'part') fdatasync(this.#file, () => undefined);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

function toText(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

function* readLines(path: string): Generator<JournalLine> {
  if (!existsSync(path)) return;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      yield JSON.parse(line) as JournalLine;
    } catch {
      // A torn line: the process died while it wrote.
    }
  }
}

function replay(lines: Iterable<JournalLine>): Task[] {
  const tasks = new Map<string, Task>();
  for (const line of lines) {
    if (line.type === 'task') {
      const task = tasks.get(line.task.id) ?? new Task(line.task);
      // Journals of the first version have no order but their own.
      task.record = { ...{ priority: 'normal', rank: tasks.size }, ...line.task };
      task.sizeBytes = line.sizeBytes;
      tasks.set(task.id, task);
    } else if (line.type === 'gone') {
      tasks.delete(line.id);
    } else {
      const task = tasks.get(line.id);
      if (task !== undefined) apply(task, line);
    }
  }
  for (const task of tasks.values()) wake(task);
  return [...tasks.values()];
}

function apply(task: Task, line: Exclude<JournalLine, { type: 'task' | 'gone' }>): void {
  switch (line.type) {
    case 'state':
      task.state = line.state;
      break;
    case 'upload':
      task.checkpoints.upload = line.checkpoint;
      break;
    case 'part':
      task.checkpoints.upload?.parts.push(line.part);
      break;
    case 'download':
      task.checkpoints.download = line.checkpoint;
      break;
    case 'span': {
      const span = task.checkpoints.download?.spans[line.index];
      if (span !== undefined) {
        span.doneBytes = span.sizeBytes ?? 0;
        span.crc64 = line.crc64;
      }
      break;
    }
    default:
      line satisfies never;
  }
}

/** Work that was under way goes on by itself, but for what needs a signed URL: that was never written. */
function wake(task: Task): void {
  const { state, record, checkpoints } = task;
  task.doneBytes = [...(checkpoints.upload?.parts ?? [])].reduce((sum, part) => sum + part.sizeBytes, 0);
  task.doneBytes += [...(checkpoints.download?.spans ?? [])].reduce((sum, span) => sum + span.doneBytes, 0);
  if (state.at === 'done') task.doneBytes = task.sizeBytes ?? 0;
  if (hasEnded(state)) return;
  const isLink = record.work.kind === 'link-download' || record.work.kind === 'link-upload';
  if (isLink) task.state = { at: 'blocked', need: 'fresh-link' };
  else if (state.at !== 'paused' && state.at !== 'blocked') task.state = { at: 'queued' };
}

function* linesOf(task: Task): Generator<JournalLine> {
  const { id, record, sizeBytes, state, checkpoints } = task;
  yield { type: 'task', task: record, sizeBytes };
  yield { type: 'state', id, state };
  if (checkpoints.upload !== null) yield { type: 'upload', id, checkpoint: checkpoints.upload };
  if (checkpoints.download !== null) yield { type: 'download', id, checkpoint: checkpoints.download };
}
