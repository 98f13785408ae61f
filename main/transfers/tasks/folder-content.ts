import type { FolderCounts, TransferState } from './transfer.ts';

type StateName = TransferState['at'];

/** States in which a transfer makes progress without a person's help. */
const ACTIVE_STATES: readonly StateName[] = ['queued', 'running', 'verifying', 'waiting'];

/** Limit of transfers in a folder that wait for an overwrite choice; no more are started until some are answered. */
const MAX_ASKING = 100;

/** The fields of a task that matter here. */
interface Child {
  readonly state: TransferState;
  readonly doneBytes: number;
}

/**
 * What is known about a folder's content. A finished child is kept as a key and a count only, so memory grows with what
 * is left to do.
 */
export class FolderContent<T extends Child> {
  /** Tasks that were created and are not done. */
  readonly children = new Set<T>();
  /** Those of `children` that are queued. */
  readonly waiting = new Set<T>();
  /** Keys that are done or skipped, and the state of their local file then, if it will be compared; else empty. */
  readonly settled = new Map<string, string>();
  /**
   * Paths, relative to the folder, of settled keys that were renamed: because the key isn't a valid file name, or the
   * name was taken.
   */
  readonly renamed = new Map<string, string>();
  /**
   * Whether some children may already be in OSS without confirmation, because an earlier process died or the folder was
   * stopped.
   */
  mayBeStored = false;
  readonly #states = new Map<StateName, number>();
  #asking = 0;
  #done = 0;
  #skipped = 0;
  #settledBytes = 0;
  #unverified = 0;
  #found = { count: 0, bytes: 0, isAll: false };

  /** Whether another child may start. False while a child waits for something that all of them need. */
  get canStartMore(): boolean {
    return this.#inState('blocked') === this.#asking && this.#asking < MAX_ASKING;
  }

  /** Whether any child can make progress by itself. */
  get isActive(): boolean {
    return ACTIVE_STATES.some((state) => this.#inState(state) > 0);
  }

  /** Whether any child waits for a person. */
  get isBlocked(): boolean {
    return this.#inState('blocked') > 0;
  }

  /** Whether any child is running. */
  get isRunning(): boolean {
    return this.#inState('running') + this.#inState('verifying') > 0;
  }

  /** Total size found so far, in bytes; null before anything was found. */
  get sizeBytes(): number | null {
    return this.#found.count === 0 && this.#done === 0 ? null : Math.max(this.#found.bytes, this.doneBytes);
  }

  get doneBytes(): number {
    let bytes = this.#settledBytes;
    for (const child of this.children) bytes += child.doneBytes;
    return bytes;
  }

  /** How the finished children were verified: the weakest of their results. */
  get verified(): 'crc64' | 'length' {
    return this.#unverified === 0 ? 'crc64' : 'length';
  }

  counts(): FolderCounts {
    const known = this.#done + this.#skipped + this.children.size;
    return {
      total: Math.max(known, this.#found.count),
      isCounted: this.#found.isAll,
      done: this.#done,
      skipped: this.#skipped,
      failed: this.#inState('failed'),
      asking: this.#asking,
    };
  }

  add(child: T): void {
    this.children.add(child);
    this.#count(child.state, 1);
    if (child.state.at === 'queued') this.waiting.add(child);
  }

  /** Updates the counts after a change of the child's state. */
  changed(child: T, before: TransferState): void {
    this.#count(before, -1);
    this.#count(child.state, 1);
    if (child.state.at === 'queued') this.waiting.add(child);
    else this.waiting.delete(child);
  }

  /** Removes a child. */
  drop(child: T): void {
    if (!this.children.delete(child)) return;
    this.waiting.delete(child);
    this.#count(child.state, -1);
  }

  settle(settled: Omit<SettledLine, 'type' | 'id'>): void {
    for (const key of settled.keys) this.settled.set(key, '');
    for (const [key, stamp] of settled.stamps ?? []) this.settled.set(key, stamp);
    for (const [key, path] of settled.renamed ?? []) this.renamed.set(key, path);
    this.#done += settled.done;
    this.#skipped += settled.skipped;
    this.#settledBytes += settled.bytes;
    this.#unverified += settled.unverified;
  }

  /** Counts items that the counting pass found. */
  countFound(count: number, bytes: number): void {
    this.#found.count += count;
    this.#found.bytes += bytes;
  }

  /**
   * Starts the counting pass over. `hasSettled`: settled items no longer exist at the source (moves), so the counts
   * start with them.
   */
  startCount(hasSettled: boolean): void {
    const [count, bytes] = hasSettled ? [this.#done + this.#skipped, this.#settledBytes] : [0, 0];
    this.#found = { count, bytes, isAll: false };
  }

  /** Ends the counting pass: the totals are final. */
  endCount(): void {
    this.#found.isAll = true;
  }

  /** Journal lines that restore this content. The keys are written only while some are left to do. */
  *lines(id: string, isOver: boolean): Generator<SettledLine> {
    const sums = { done: this.#done, skipped: this.#skipped, bytes: this.#settledBytes, unverified: this.#unverified };
    yield { type: 'settled', id, keys: [], ...sums };
    if (isOver) return;
    const keys = [...this.settled.keys()];
    for (let start = 0; start < keys.length; start += KEYS_PER_LINE) {
      const line = keys.slice(start, start + KEYS_PER_LINE);
      const renamed = line.flatMap((key) => {
        const path = this.renamed.get(key);
        return path === undefined ? [] : [[key, path] as const];
      });
      const stamps = line.flatMap((key) => {
        const stamp = this.settled.get(key) ?? '';
        return stamp === '' ? [] : [[key, stamp] as const];
      });
      yield { type: 'settled', id, keys: line, renamed, stamps, done: 0, skipped: 0, bytes: 0, unverified: 0 };
    }
  }

  #inState(state: StateName): number {
    return this.#states.get(state) ?? 0;
  }

  #count(state: TransferState, by: 1 | -1): void {
    this.#states.set(state.at, this.#inState(state.at) + by);
    if (state.at === 'blocked' && state.need === 'overwrite-choice') this.#asking += by;
  }
}

const KEYS_PER_LINE = 1000;

/** Journal line: children of a folder that are done or skipped. */
export interface SettledLine {
  readonly type: 'settled';
  /** ID of the folder. */
  readonly id: string;
  readonly keys: readonly string[];
  /** See FolderContent.renamed. Absent in journals of earlier versions. */
  readonly renamed?: readonly (readonly [key: string, path: string])[];
  /** See FolderContent.settled. Absent in journals of earlier versions, and where nothing will be compared. */
  readonly stamps?: readonly (readonly [key: string, stamp: string])[];
  /** Counts of done and skipped children, and the bytes of the done ones. */
  readonly done: number;
  readonly skipped: number;
  readonly bytes: number;
  /** Count of children verified by length alone. */
  readonly unverified: number;
}
