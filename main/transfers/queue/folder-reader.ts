import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toFailure } from '../../failure.ts';
import type { LocalNames } from '../../local-files/local-names.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import type { Task } from '../tasks/task.ts';
import type { QueueEvent } from './events.ts';
import { filesOf, namesBefore } from './expand.ts';
import type { PlannedTransfer } from './planned-transfer.ts';
import { copiesOf } from './expand-copies.ts';
import { keyOf, pathsOf, workOf } from './folder-paths.ts';

/** Items read at a time. */
const PAGE_ITEMS = 128;

/** Items counted between two reports. */
const COUNT_ITEMS = 1000;

/** A folder being read: what comes next, and the keys that its children have already. */
interface Reading {
  readonly items: AsyncIterator<PlannedTransfer>;
  readonly known: ReadonlySet<string>;
}

/** Walks and lists folders, a little at a time, and tells what it found. */
export class FolderReader {
  readonly #options: Pick<QueueOptions, 'connection' | 'recheckFiles' | 'onBug'>;
  readonly #tell: (event: QueueEvent) => void;
  readonly #reading = new Map<Task, Reading>();
  /** The counting pass of each folder: another one stops it. */
  readonly #counted = new Map<Task, symbol>();
  /** Folders to count before their turn comes, one after the other. */
  readonly #uncounted = new Set<Task>();
  #isCounting = false;

  constructor(options: Pick<QueueOptions, 'connection' | 'recheckFiles' | 'onBug'>, tell: (event: QueueEvent) => void) {
    this.#options = options;
    this.#tell = tell;
  }

  /** Reads on in a folder, from its start the first time. */
  async read(folder: Task): Promise<void> {
    const items: PlannedTransfer[] = [];
    const page = await this.#page(items, folder);
    if (page === null) return;
    const { isEnd, error } = page;
    if (isEnd || error !== null) this.#reading.delete(folder);
    this.#tell({ type: 'folder-read', folder, items, isEnd });
    if (error === null) return;
    this.#tell({ type: 'folder-failed', folder, because: toFailure(error, this.#options.onBug) });
  }

  /** Reads a page. Returns how that ended; null if the folder was stopped meanwhile. */
  async #page(
    items: PlannedTransfer[],
    folder: Task,
  ): Promise<{ readonly isEnd: boolean; readonly error: unknown } | null> {
    let reading = this.#reading.get(folder) ?? null;
    try {
      reading ??= this.#start(folder);
      const isEnd = await this.#fill(items, folder, reading);
      return this.#isCurrent(folder, reading) ? { isEnd, error: null } : null;
    } catch (error) {
      return reading === null || this.#isCurrent(folder, reading) ? { isEnd: false, error } : null;
    }
  }

  /** Reads a page of items that are left to do. Returns whether nothing more will come. */
  async #fill(items: PlannedTransfer[], folder: Task, reading: Reading): Promise<boolean> {
    for (let read = 1; items.length < PAGE_ITEMS && this.#isCurrent(folder, reading); read += 1) {
      const next = await reading.items.next();
      if (next.done === true) return true;
      if (!reading.known.has(next.value.work.key) && !this.#isSettled(folder, next.value)) items.push(next.value);
      // Yield to the event loop while skipping many finished items.
      if (read % PAGE_ITEMS === 0) await nextTurn();
    }
    return false;
  }

  /** Whether the folder is still being read this time: it may have been stopped, and started over, meanwhile. */
  #isCurrent(folder: Task, reading: Reading): boolean {
    return this.#reading.get(folder) === reading;
  }

  /** Counts a folder that waits for its turn, so that its size and the time it takes are known before. */
  async count(folder: Task): Promise<void> {
    this.#uncounted.add(folder);
    if (this.#isCounting) return;
    this.#isCounting = true;
    try {
      for (const next of this.#uncounted) {
        this.#uncounted.delete(next);
        await this.#count(next);
      }
    } finally {
      this.#isCounting = false;
    }
  }

  /** Stops reading. `isForGood`: counting too. */
  stop(folder: Task, isForGood: boolean): void {
    const reading = this.#reading.get(folder);
    this.#reading.delete(folder);
    if (isForGood) {
      this.#counted.delete(folder);
      this.#uncounted.delete(folder);
    }
    void reading?.items.return?.().catch(() => undefined);
  }

  close(): void {
    for (const folder of [...this.#reading.keys()]) this.stop(folder, true);
    this.#counted.clear();
    this.#uncounted.clear();
  }

  #start(folder: Task): Reading {
    const names = folder.record.work.kind === 'copy-folder' ? undefined : namesBefore(workOf(folder), pathsOf(folder));
    const items = this.#itemsOf(folder, names)[Symbol.asyncIterator]();
    const reading = { items, known: new Set([...(folder.content?.children ?? [])].map(keyOf)) };
    this.#reading.set(folder, reading);
    void this.#count(folder);
    return reading;
  }

  #itemsOf(folder: Task, names?: LocalNames): AsyncIterable<PlannedTransfer> {
    const { work: wanted } = folder.record;
    if (wanted.kind === 'copy-folder') return copiesOf(this.#options.connection, wanted);
    const work = workOf(folder);
    return filesOf(() => this.#options.connection(work.accountId, work.bucket), work, names);
  }

  #isSettled({ content }: Task, { work, stamp }: PlannedTransfer): boolean {
    const settled = content?.settled.get(work.key);
    if (settled === undefined) return false;
    if (this.#options.recheckFiles !== true) return true;
    // A changed file counts as new; a downloaded file that was deleted is downloaded again.
    return work.kind === 'download' ? existsSync(work.path) : settled !== '' && settled === stamp;
  }

  /** Counts the content in advance, unless it is counted already, so that the remaining time can be estimated. */
  async #count(folder: Task): Promise<void> {
    if (this.#counted.has(folder)) return;
    const pass = Symbol(folder.id);
    this.#counted.set(folder, pass);
    const tell = (found: Extract<QueueEvent, { type: 'folder-counted' }>['found']): void =>
      this.#tell({ type: 'folder-counted', folder, found });
    // Moved items no longer exist at the source.
    const isEmptied = 'move' in folder.record.work && folder.record.work.move;
    tell({ at: 'start', isEmptied });
    let [count, bytes] = [0, 0];
    try {
      for await (const { work, sizeBytes } of this.#itemsOf(folder)) {
        if (this.#counted.get(folder) !== pass) return;
        if (isEmptied && folder.content?.settled.has(work.key) === true) continue;
        count += 1;
        bytes += sizeBytes ?? 0;
        if (count < COUNT_ITEMS) continue;
        tell({ at: 'more', count, bytes });
        [count, bytes] = [0, 0];
      }
      tell({ at: 'end', count, bytes });
    } catch {
      // Reading meets the same failure, and reports it.
      if (this.#counted.get(folder) === pass) this.#counted.delete(folder);
    }
  }
}
