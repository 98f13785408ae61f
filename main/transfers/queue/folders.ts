import { existsSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { LocalNames } from '../../local-files/local-names.ts';
import { type PlannedTransfer, filesOf, type FolderWork, namesBefore, plainPathOf } from './expand.ts';
import { copiesOf } from './expand-copies.ts';
import type { SettledLine } from '../tasks/folder-content.ts';
import { FolderFeed } from './folder-feed.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { Task } from '../tasks/task.ts';
import type { TransferState } from '../tasks/transfer.ts';

/** What folders need from the scheduler. */
interface FoldersHost {
  readonly store: TaskStore;
  readonly options: Pick<QueueOptions, 'connection' | 'recheckFiles'>;
  readonly apply: (task: Task, event: TransferEvent) => void;
  /** A folder may have more children to start, or has ended. */
  readonly onChange: (folder: Task) => void;
  /** Converts a failure to read a folder into an event. */
  readonly eventForError: (folder: Task, error: unknown) => Promise<TransferEvent | null>;
}

/** Runs folders: hands out their children one by one, and derives a folder's state from theirs. */
export class Folders {
  readonly #host: FoldersHost;
  readonly #feeds = new Map<Task, FolderFeed>();
  readonly #counting = new Set<Task>();

  constructor(host: FoldersHost) {
    this.#host = host;
  }

  /** Returns the next child to start; null if there is none, or none yet. */
  nextChild(folder: Task): Task | null {
    const { content } = folder;
    if (content === null) return null;
    for (const child of content.waiting) if (child.run === null) return child;
    if (!content.canStartMore) return null;
    const item = this.#feedOf(folder).next();
    return item === undefined ? null : this.#createChild(folder, item);
  }

  /** Returns whether nextChild() can return a child now or later. */
  hasMore(folder: Task): boolean {
    const { content } = folder;
    if (content === null) return false;
    return content.waiting.size > 0 || (content.canStartMore && this.#feeds.get(folder)?.isExhausted !== true);
  }

  /** Handles a child's state change. */
  childChanged(child: Task, before: TransferState): void {
    const { parent } = child;
    if (parent?.content == null || !parent.content.children.has(child)) return;
    parent.content.changed(child, before);
    if (child.state.at === 'done' || child.state.at === 'skipped' || child.state.at === 'cancelled') {
      if (child.run === null) this.#settle(parent, child);
      else void child.run.settled.then(() => this.#settle(parent, child));
    }
    this.#waitWithChild(parent, child);
    this.#resumeWithChild(parent, child);
    this.#host.onChange(parent);
    this.rollUp(parent);
  }

  /** Completes a folder once no child can make progress. */
  rollUp(folder: Task): void {
    const { content, state } = folder;
    if (content === null || (state.at !== 'queued' && state.at !== 'running')) return;
    if (content.isActive || this.hasMore(folder)) return;
    const feed = this.#feeds.get(folder);
    if (feed?.error != null) {
      this.#feeds.delete(folder);
      void this.#host.eventForError(folder, feed.error).then((event) => {
        if (event !== null) this.#host.apply(folder, event);
      });
      return;
    }
    const event = endEventOf(folder);
    if (state.at === 'queued') this.#host.apply(folder, { type: 'start', attempt: 1 });
    this.#host.apply(folder, event);
  }

  /** Reads the folder again from the start. Finished and running children are skipped. */
  restart(folder: Task): void {
    this.#feeds.get(folder)?.stop();
    this.#feeds.delete(folder);
  }

  stop(folder: Task): void {
    if (folder.content !== null) folder.content.mayBeStored = true;
    this.restart(folder);
    this.#counting.delete(folder);
  }

  close(): void {
    for (const folder of [...this.#feeds.keys()]) this.stop(folder);
  }

  #feedOf(folder: Task): FolderFeed {
    const current = this.#feeds.get(folder);
    if (current !== undefined) return current;
    const known = new Set([...(folder.content?.children ?? [])].map(keyOf));
    const feed = new FolderFeed(
      this.#itemsOf(folder, namesBefore(workOf(folder), pathsOf(folder))),
      (item) => !known.has(item.work.key) && !this.#isSettled(folder, item),
      () => {
        this.#host.onChange(folder);
        this.rollUp(folder);
      },
    );
    this.#feeds.set(folder, feed);
    void this.#count(folder);
    return feed;
  }

  #itemsOf(folder: Task, names?: LocalNames): AsyncIterable<PlannedTransfer> {
    const { work: wanted } = folder.record;
    if (wanted.kind === 'copy-folder') return copiesOf(this.#host.options.connection, wanted);
    const work = workOf(folder);
    return filesOf(() => this.#host.options.connection(work.accountId, work.bucket), work, names);
  }

  #isSettled({ record, content }: Task, { work, changedAt }: PlannedTransfer): boolean {
    if (content?.settled.has(work.key) !== true) return false;
    if (this.#host.options.recheckFiles !== true) return true;
    // A changed file counts as new; a downloaded file that was deleted is downloaded again.
    return work.kind === 'download' ? existsSync(work.path) : (changedAt ?? 0) <= record.createdAt;
  }

  #createChild(folder: Task, { work, name, sizeBytes, failure }: PlannedTransfer): Task {
    const { choice, priority, rank, id } = folder.record;
    const record = { id: crypto.randomUUID(), createdAt: Date.now(), work, name, choice, priority, rank };
    const child = new Task({ ...record, folder: { id, key: work.key } }, folder);
    child.sizeBytes = sizeBytes;
    child.mayBeStored = folder.content?.mayBeStored === true;
    folder.content?.add(child);
    this.#host.store.add(child);
    if (failure !== null) this.#host.apply(child, { type: 'give-up', because: failure });
    return child;
  }

  /** Reduces a finished child to its key and size; a child of a cancelled folder leaves nothing. */
  #settle(folder: Task, child: Task): void {
    const { content } = folder;
    if (content?.children.has(child) !== true) return;
    content.drop(child);
    if (folder.state.at !== 'cancelled') {
      const line = settledLine(folder, child);
      content.settle(line);
      this.#host.store.writeLine(line);
    }
    this.#host.store.remove(child);
    this.#host.store.changed(folder);
    this.rollUp(folder);
  }

  /** Makes the folder wait once a child waits for the network and no other is running. */
  #waitWithChild(folder: Task, { state }: Task): void {
    if (state.at !== 'waiting' || state.because.kind !== 'network' || folder.content?.isRunning !== false) return;
    this.#host.apply(folder, { ...state, type: 'break' });
  }

  /** Resumes the folder once a child can make progress, or none blocks it any more. */
  #resumeWithChild(folder: Task, child: Task): void {
    const event = resumingEvent(folder, child);
    if (event !== null) this.#host.apply(folder, { type: event });
  }

  /** Counts the content in advance, so that the remaining time can be estimated. */
  async #count(folder: Task): Promise<void> {
    const { content } = folder;
    if (content === null || this.#counting.has(folder)) return;
    this.#counting.add(folder);
    // Moved items no longer exist at the source.
    const isEmptied = 'move' in folder.record.work && folder.record.work.move;
    content.startCount(isEmptied);
    try {
      for await (const { work, sizeBytes } of this.#itemsOf(folder)) {
        if (!this.#counting.has(folder)) return;
        if (!isEmptied || !content.settled.has(work.key)) content.countFound(sizeBytes ?? 0);
      }
      content.endCount();
    } catch {
      // The feed meets the same failure, and reports it.
      this.#counting.delete(folder);
    }
    this.#host.store.changed(folder);
  }
}

/** Returns the event by which a child's new state resumes its folder; null if the folder stays as it is. */
function resumingEvent({ state, content }: Task, child: Task): 'due' | 'retry' | 'unblock' | null {
  const isGoing = content?.isActive === true;
  if (state.at === 'waiting') return child.state.at === 'queued' ? 'due' : null;
  if (state.at === 'failed') return isGoing || content?.counts().failed === 0 ? 'retry' : null;
  // Skipping the last children that were asked about leaves none to make progress.
  if (state.at === 'blocked') return isGoing || content?.isBlocked === false ? 'unblock' : null;
  return null;
}

/** Returns the event that ends a folder without anything left to do by itself. */
function endEventOf({ content }: Task): TransferEvent {
  for (const { state } of content?.children ?? []) {
    if (state.at === 'blocked') return { ...state, type: 'block' };
  }
  for (const { state } of content?.children ?? []) {
    if (state.at === 'failed') return { type: 'give-up', because: state.because };
    if (state.at === 'paused') return { type: 'pause' };
  }
  return { type: 'finish', verified: content?.verified ?? 'crc64', versionId: null };
}

function workOf(folder: Task): FolderWork {
  return folder.record.work as FolderWork;
}

/** Yields the paths, relative to the folder, that its children use so far. */
function* pathsOf(folder: Task): Generator<readonly [key: string, path: string]> {
  const { content } = folder;
  if (content === null || folder.record.work.kind !== 'download-folder') return;
  for (const key of content.settled) yield [key, content.renamed.get(key) ?? plainPathOf(workOf(folder), key)];
  for (const child of content.children) yield [keyOf(child), pathOf(folder, child)];
}

function pathOf(folder: Task, { record: { work } }: Task): string {
  return 'path' in work ? relative(workOf(folder).path, work.path).split(sep).join('/') : '';
}

/** Returns the key as it was found in the folder. */
function keyOf({ record }: Task): string {
  return record.folder?.key ?? '';
}

function renamedOf(folder: Task, child: Task): NonNullable<SettledLine['renamed']> {
  const [key, path] = [keyOf(child), pathOf(folder, child)];
  if (child.record.work.kind !== 'download' || path === plainPathOf(workOf(folder), key)) return [];
  return [[key, path]];
}

function settledLine(folder: Task, child: Task): SettledLine {
  const { state, sizeBytes } = child;
  const renamed = renamedOf(folder, child);
  const isDone = state.at === 'done';
  // A folder has no bytes to compare.
  const isUnverified = isDone && state.verified === 'length' && sizeBytes !== null && sizeBytes > 0;
  return {
    ...{ type: 'settled', id: folder.id, keys: [keyOf(child)] },
    ...(renamed.length > 0 && { renamed }),
    ...{ done: isDone ? 1 : 0, skipped: isDone ? 0 : 1 },
    ...{ bytes: isDone ? (sizeBytes ?? 0) : 0, unverified: isUnverified ? 1 : 0 },
  };
}
