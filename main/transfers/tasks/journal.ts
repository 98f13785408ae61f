import { isAbsolute, relative, sep } from 'node:path';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonLines, type OpenedLines } from '../../local-files/json-lines.ts';
import { WaybillError } from '../../failure.ts';
import { keptBytes } from './checkpoints.ts';
import { type JournalLine, journalFormat, type SavedLine } from './journal-lines.ts';
import { isWhole, SavedQueue, type SavedTask, splitSpans } from './saved-queue.ts';
import { hasEnded } from './state.ts';
import { Task, type Work } from './task.ts';
import type { Transfer } from './transfer.ts';

export type { JournalLine } from './journal-lines.ts';

/** An open journal, what it holds, and what the person must be told about it. */
export interface OpenedJournal {
  readonly journal: Journal;
  /** In the order in which they were added, ready to continue. */
  readonly tasks: readonly Task[];
  readonly troubles: readonly FileTrouble[];
}

/**
 * The queue on disk: JSON lines, append-only, so that a process killed at any moment loses at most the line it was
 * writing. Contains no secrets.
 */
export class Journal {
  readonly #path: string;
  readonly #lines: JsonLines<SavedLine>;
  readonly #onTrouble: (trouble: FileTrouble) => void;
  /** Lines that the disk did not accept yet. Transfers continue without them; the next write tries again. */
  #unwritten: JournalLine[] = [];
  /** Which step fails, as was told. Each is told again only after it has worked. */
  readonly #told = new Set<'append' | 'sync'>();

  private constructor(
    path: string,
    onTrouble: (trouble: FileTrouble) => void,
    opened: OpenedLines<SavedLine, unknown>,
  ) {
    this.#path = path;
    this.#lines = opened.file;
    this.#onTrouble = onTrouble;
    if (opened.troubles.some(({ kind }) => kind === 'unsaved')) this.#told.add('append');
  }

  /**
   * Opens the journal, whatever is in its place. `onTrouble` is called with what is wrong with it, and whenever it can't be
   * written any more. Top-level tasks for which `mayRestore` is false stay out of the queue, with all inside them.
   */
  static open(
    path: string,
    onTrouble: (trouble: FileTrouble) => void = () => undefined,
    mayRestore: (transfer: Transfer) => boolean = () => true,
  ): OpenedJournal {
    const opened = JsonLines.open(path, journalFormat, () => new SavedQueue());
    const { replay, troubles } = opened;
    for (const trouble of troubles) onTrouble(trouble);
    return { journal: new Journal(path, onTrouble, opened), tasks: restore(replay.tasks, mayRestore), troubles };
  }

  /** Appends synchronously, so that network requests that follow can rely on it. */
  write(line: JournalLine): void {
    this.#unwritten.push(line);
    this.#flush();
    // Uploaded parts must survive a power cut, since sending them again is expensive; everything else is cheap to redo.
    if (line.type === 'upload' || line.type === 'part') void this.#sync();
  }

  /** Removes all lines. @throws WaybillError `file` */
  clear(): Promise<void> {
    this.#unwritten = [];
    return this.#lines.clear();
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#lines.close();
  }

  async #sync(): Promise<void> {
    try {
      await this.#lines.sync();
      this.#told.delete('sync');
    } catch (error) {
      this.#tell('sync', error);
    }
  }

  #flush(): void {
    let written = 0;
    try {
      for (const line of this.#unwritten) {
        this.#lines.append([...splitSpans(line)]);
        written += 1;
      }
      this.#told.delete('append');
    } catch (error) {
      this.#tell('append', error);
    }
    this.#unwritten = this.#unwritten.slice(written);
  }

  /** Without a journal the queue still works, but not after a restart. */
  #tell(step: 'append' | 'sync', error: unknown): void {
    if (!(error instanceof WaybillError)) throw error;
    if (this.#told.has(step)) return;
    this.#told.add(step);
    this.#onTrouble({ kind: 'unsaved', path: this.#path });
  }
}

function restore(saved: ReadonlyMap<string, SavedTask>, mayRestore: (transfer: Transfer) => boolean): readonly Task[] {
  const tasks = new Map<string, Task>();
  for (const [id, one] of saved) {
    const { folder, work } = one.record;
    const parent = folder === null ? null : tasks.get(folder.id);
    // A child whose folder is gone.
    if (parent === undefined) continue;
    if (parent !== null && !isInside(work, parent.record.work)) continue;
    const task = restoreTask(one, parent);
    if (parent === null && !mayRestore(task.toTransfer())) continue;
    if (parent === null || joinFolder(task, parent)) tasks.set(id, task);
  }
  return [...tasks.values()];
}

/** Whether a child is where its folder puts it: no line of a journal leads out of what was chosen. */
function isInside(child: Work, folder: Work): boolean {
  if (!child.key.startsWith(folder.key)) return false;
  if (!('path' in child) || !('path' in folder)) return true;
  const path = relative(folder.path, child.path);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function restoreTask({ record, sizeBytes, state, checkpoints, settled }: SavedTask, parent: Task | null): Task {
  const task = new Task(record, parent);
  const download = checkpoints.download !== null && isWhole(checkpoints.download) ? checkpoints.download : null;
  task.change({ sizeBytes, state, checkpoints: { upload: checkpoints.upload, download } });
  if (task.content !== null) for (const line of settled.lines(task.id, false)) task.content.settle(line);
  resumeState(task);
  return task;
}

/** Adds a child to its folder. Returns false if it had left the folder when the process died. */
function joinFolder(task: Task, { content }: Task): boolean {
  const isSettled = content?.settled.has(task.record.folder?.key ?? '') === true;
  if (isSettled || task.state.at === 'cancelled') return false;
  content?.add(task);
  return true;
}

/** Resumes interrupted work, except for transfers through a signed URL: the URL is never written down. */
function resumeState(task: Task): void {
  const { state, record } = task;
  task.change({ doneBytes: state.at === 'done' ? (task.sizeBytes ?? 0) : keptBytes(task.checkpoints) });
  if (hasEnded(state)) return;
  task.change({ mayBeStored: true });
  if (task.content !== null) task.content.mayBeStored = true;
  const isLink = 'host' in record.work;
  if (isLink) task.change({ state: { at: 'blocked', need: 'fresh-link' } });
  else if (state.at !== 'paused' && state.at !== 'blocked') task.change({ state: { at: 'queued' } });
}
