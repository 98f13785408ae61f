import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { toFailure } from '../../failure.ts';
import { errorCode, fileError } from '../../local-files/file-failure.ts';
import { BLOCK_BYTES } from '../../http/file-slice.ts';
import type { SettledLine } from './folder-content.ts';
import { hasEnded } from './state.ts';
import { type Checkpoints, Task, type TaskRecord } from './task.ts';
import type { TransferState } from './transfer.ts';
import type { DownloadCheckpoint, FinishedPart, UploadCheckpoint } from './checkpoints.ts';

/** A line of the journal. Field names are the on-disk format: renaming one breaks existing journals. */
export type JournalLine =
  | { readonly type: 'task'; readonly task: TaskRecord; readonly sizeBytes: number | null }
  | { readonly type: 'state'; readonly id: string; readonly state: TransferState }
  | { readonly type: 'upload'; readonly id: string; readonly checkpoint: UploadCheckpoint | null }
  | { readonly type: 'part'; readonly id: string; readonly part: FinishedPart }
  | { readonly type: 'download'; readonly id: string; readonly checkpoint: DownloadCheckpoint | null }
  | { readonly type: 'span'; readonly id: string; readonly index: number; readonly crc64: string }
  | SettledLine
  | { readonly type: 'gone'; readonly id: string };

/**
 * The queue on disk: JSON lines, append-only, so that a process killed at any moment loses at most the line it was
 * writing. Compacted when it is opened. Contains no secrets.
 */
export class Journal {
  #file: number | null;
  /** Bytes that a full disk did not accept yet. Transfers continue without them; the next write tries again. */
  #unwritten: Uint8Array;

  private constructor(file: number, unwritten: string) {
    this.#file = file;
    this.#unwritten = Buffer.from(unwritten);
  }

  /** Opens the journal, and restores its tasks in the order in which they were added, ready to continue. */
  static open(path: string): { readonly journal: Journal; readonly tasks: readonly Task[] } {
    const tasks = replay(readLines(path));
    const compacted = compact(path, tasks);
    if (compacted !== null) return { journal: new Journal(compacted, ''), tasks };
    // No room for a compacted copy: keep appending to the old one. Its last line may be torn, so end it first.
    return { journal: new Journal(openSync(path, 'a', 0o600), '\n'), tasks };
  }

  /** Appends synchronously, so that network requests that follow can rely on it. */
  write(line: JournalLine): void {
    if (this.#file === null) return;
    this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(toText(line))]);
    this.#flush(this.#file);
    // Uploaded parts must survive a power cut, since sending them again is expensive; everything else is cheap to redo.
    if (line.type === 'upload' || line.type === 'part') fdatasync(this.#file, () => undefined);
  }

  close(): void {
    if (this.#file === null) return;
    this.#flush(this.#file);
    closeSync(this.#file);
    this.#file = null;
  }

  /** A nearly full disk may accept part of a line; the rest follows once there is room. */
  #flush(file: number): void {
    try {
      while (this.#unwritten.length > 0) {
        this.#unwritten = this.#unwritten.subarray(writeSync(file, this.#unwritten));
      }
    } catch (error) {
      if (errorCode(error) === null) throw error;
    }
  }
}

/** Writes a journal of only these tasks and opens it for appending. Returns null if the disk is too full. */
function compact(path: string, tasks: readonly Task[]): number | null {
  const newPath = `${path}.new`;
  let file: number | null = null;
  try {
    file = openSync(newPath, 'w', 0o600);
    for (const task of tasks) writeFileSync(file, [...linesOf(task)].map(toText).join(''));
    fsyncSync(file);
    // The descriptor stays valid after the rename.
    renameSync(newPath, path);
    return file;
  } catch (error) {
    if (file !== null) closeSync(file);
    rmSync(newPath, { force: true });
    const failure = toFailure(fileError(error, path));
    if (failure.kind !== 'file' || failure.reason !== 'full') throw error;
    return null;
  }
}

function toText(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

function* readLines(path: string): Generator<JournalLine> {
  for (const line of textLines(path)) {
    if (line === '') continue;
    try {
      yield JSON.parse(line) as JournalLine;
    } catch {
      // A torn line: the process died while writing it.
    }
  }
}

/** Reads block by block: a journal can exceed the maximum length of a string. */
function* textLines(path: string): Generator<string> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      const lines = (rest + decoder.write(block.subarray(0, read))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(file);
  }
}

function replay(lines: Iterable<JournalLine>): Task[] {
  const tasks = new Map<string, Task>();
  for (const line of lines) {
    if (line.type === 'task') {
      const task = readTask(line, tasks);
      if (task !== null) tasks.set(task.id, task);
    } else if (line.type === 'gone') {
      tasks.delete(line.id);
    } else {
      const task = tasks.get(line.id);
      if (task !== undefined) apply(task, line);
    }
  }
  for (const task of tasks.values()) {
    resumeState(task);
    if (task.parent !== null && !joinFolder(task, task.parent)) tasks.delete(task.id);
  }
  return [...tasks.values()];
}

/** Restores a task. Returns null for a child whose folder is gone. */
function readTask(line: Extract<JournalLine, { type: 'task' }>, tasks: ReadonlyMap<string, Task>): Task | null {
  // Journals of the first version have neither ranks nor folders.
  const record = { ...{ priority: 'normal', rank: tasks.size, folder: null }, ...line.task } as const;
  const parent = record.folder === null ? null : tasks.get(record.folder.id);
  if (parent === undefined) return null;
  const task = tasks.get(record.id) ?? new Task(record, parent);
  task.record = record;
  task.sizeBytes = line.sizeBytes;
  return task;
}

/** Adds a child to its folder. Returns false if it had left the folder when the process died. */
function joinFolder(task: Task, { content }: Task): boolean {
  const isSettled = content?.settled.has(task.record.folder?.key ?? '') === true;
  if (isSettled || task.state.at === 'cancelled') return false;
  content?.add(task);
  return true;
}

function apply(task: Task, line: Exclude<JournalLine, { type: 'task' | 'gone' }>): void {
  switch (line.type) {
    case 'state':
      task.state = line.state;
      break;
    case 'settled':
      task.content?.settle(line);
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

/** Resumes interrupted work, except for transfers through a signed URL: the URL is never written down. */
function resumeState(task: Task): void {
  const { state, record } = task;
  task.doneBytes = state.at === 'done' ? (task.sizeBytes ?? 0) : savedBytes(task.checkpoints);
  if (hasEnded(state)) return;
  task.mayBeStored = true;
  if (task.content !== null) task.content.mayBeStored = true;
  const isLink = record.work.kind === 'link-download' || record.work.kind === 'link-upload';
  if (isLink) task.state = { at: 'blocked', need: 'fresh-link' };
  else if (state.at !== 'paused' && state.at !== 'blocked') task.state = { at: 'queued' };
}

function savedBytes({ upload, download }: Checkpoints): number {
  const sent = (upload?.parts ?? []).reduce((sum, part) => sum + part.sizeBytes, 0);
  return (download?.spans ?? []).reduce((sum, span) => sum + span.doneBytes, sent);
}

function* linesOf(task: Task): Generator<JournalLine> {
  const { id, record, sizeBytes, state, checkpoints, content } = task;
  yield { type: 'task', task: record, sizeBytes };
  yield { type: 'state', id, state };
  if (content !== null) yield* content.lines(id, state.at === 'done');
  if (checkpoints.upload !== null) yield { type: 'upload', id, checkpoint: checkpoints.upload };
  if (checkpoints.download !== null) yield { type: 'download', id, checkpoint: checkpoints.download };
}
