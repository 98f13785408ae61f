import { Journal, type JournalLine } from './journal.ts';
import { ProgressBatches } from './progress.ts';
import type { QueueOptions } from './requests.ts';
import type { Task } from './task.ts';

/** Holds all tasks, writes them to the journal, and reports their changes. */
export class TaskStore {
  readonly #tasks = new Map<string, Task>();
  readonly #journal: Journal | null;
  readonly #progress: ProgressBatches;
  readonly #unwritten = new Set<string>();
  #watchedFolders: ReadonlySet<string> = new Set();
  #lowestRank = 0;
  #highestRank = 0;

  constructor({ journalFile, onBatch }: Pick<QueueOptions, 'journalFile' | 'onBatch'>) {
    this.#progress = new ProgressBatches((id) => this.#tasks.get(id)?.toTransfer() ?? null, onBatch);
    const { journal, tasks } = journalFile === null ? { journal: null, tasks: [] } : Journal.open(journalFile);
    this.#journal = journal;
    for (const task of tasks) {
      this.#tasks.set(task.id, task);
      this.#lowestRank = Math.min(this.#lowestRank, task.record.rank);
      this.#highestRank = Math.max(this.#highestRank, task.record.rank);
    }
  }

  /** In the order in which they were added. */
  get tasks(): IterableIterator<Task> {
    return this.#tasks.values();
  }

  /** Whether the tasks survive the process. */
  get isPersistent(): boolean {
    return this.#journal !== null;
  }

  get(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  /** Returns a rank before or after all others. Ranks are unique. */
  newRank(end: 'top' | 'bottom'): number {
    if (end === 'top') return (this.#lowestRank -= 1);
    return (this.#highestRank += 1);
  }

  /** Adds a task. A child of a folder is written down only once it has more to record than its folder does. */
  add(task: Task): void {
    this.#tasks.set(task.id, task);
    if (task.parent === null) this.record(task);
    else this.#unwritten.add(task.id);
    this.changed(task);
  }

  remove(task: Task): void {
    this.#tasks.delete(task.id);
    if (!this.#unwritten.delete(task.id)) this.writeLine({ type: 'gone', id: task.id });
    if (this.#isShown(task)) this.#progress.removed(task.id);
  }

  /** Writes a task's changed record to the journal. */
  record(task: Task): void {
    this.#unwritten.delete(task.id);
    this.writeLine({ type: 'task', task: task.record, sizeBytes: task.sizeBytes });
  }

  writeLine(line: JournalLine): void {
    const task = line.type === 'task' ? undefined : this.#tasks.get(line.id);
    if (task !== undefined && this.#unwritten.has(task.id)) this.record(task);
    this.#journal?.write(line);
  }

  changed(task: Task): void {
    if (this.#tasks.has(task.id) && this.#isShown(task)) this.#progress.changed(task.id);
    if (task.parent !== null) this.changed(task.parent);
  }

  /** Reports changes inside these folders from now on, and inside no others. */
  watchFolders(folderIds: readonly string[]): void {
    this.#watchedFolders = new Set(folderIds);
  }

  /** Sends the last batch and closes the journal. */
  close(): void {
    this.#progress.close();
    this.#journal?.close();
  }

  #isShown({ parent }: Task): boolean {
    return parent === null || this.#watchedFolders.has(parent.id);
  }
}
