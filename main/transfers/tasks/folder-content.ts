import type { FolderCounts, TransferState } from './transfer.ts';

type At = TransferState['at'];

/** States in which a transfer goes on by itself. */
const GOING: readonly At[] = ['queued', 'running', 'verifying', 'waiting'];

/** Transfers of a folder that may wait for an answer before no more of it are begun. */
const MAX_ASKING = 100;

/** A task of which only this counts here. */
interface Child {
  readonly state: TransferState;
  readonly doneBytes: number;
}

/** What is known of a folder's content. What is done is a key and a count; only what is left has a task. */
export class FolderContent<T extends Child> {
  /** Tasks that were begun and are not done. */
  readonly children = new Set<T>();
  /** Those of them that wait for their turn. */
  readonly waiting = new Set<T>();
  /** Keys that are done or skipped. */
  readonly settled = new Set<string>();
  /** Paths below the folder of those keys whose own are no file names, or were taken. */
  readonly renamed = new Map<string, string>();
  /** Whether some of it may be stored although nobody heard of it: an earlier process died, or it was stopped. */
  mayBeStored = false;
  readonly #states = new Map<At, number>();
  #asking = 0;
  #done = 0;
  #skipped = 0;
  #settledBytes = 0;
  #unverified = 0;
  #found = { count: 0, bytes: 0, isAll: false };

  /** Whether another child may begin: not while one waits for what all of them need. */
  get takesMore(): boolean {
    return this.#inState('blocked') === this.#asking && this.#asking < MAX_ASKING;
  }

  /** Whether any child goes on by itself. */
  get isGoing(): boolean {
    return GOING.some((at) => this.#inState(at) > 0);
  }

  /** Whether any child waits for somebody. */
  get isBlocked(): boolean {
    return this.#inState('blocked') > 0;
  }

  /** Whether any child is under way, and not waiting. */
  get isAtWork(): boolean {
    return this.#inState('running') + this.#inState('verifying') > 0;
  }

  /** In bytes, of all that was found so far; null while nothing was. */
  get sizeBytes(): number | null {
    return this.#found.count === 0 && this.#done === 0 ? null : Math.max(this.#found.bytes, this.doneBytes);
  }

  get doneBytes(): number {
    let bytes = this.#settledBytes;
    for (const child of this.children) bytes += child.doneBytes;
    return bytes;
  }

  /** How all that is done was verified. */
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

  /** The child's state is another one than before. */
  changed(child: T, before: TransferState): void {
    this.#count(before, -1);
    this.#count(child.state, 1);
    if (child.state.at === 'queued') this.waiting.add(child);
    else this.waiting.delete(child);
  }

  /** Forgets a child. */
  drop(child: T): void {
    if (!this.children.delete(child)) return;
    this.waiting.delete(child);
    this.#count(child.state, -1);
  }

  settle(settled: Omit<SettledLine, 'type' | 'id'>): void {
    for (const key of settled.keys) this.settled.add(key);
    for (const [key, path] of settled.renamed ?? []) this.renamed.set(key, path);
    this.#done += settled.done;
    this.#skipped += settled.skipped;
    this.#settledBytes += settled.bytes;
    this.#unverified += settled.unverified;
  }

  /** Something is in the folder: counted ahead of the transfers. */
  found(sizeBytes: number): void {
    this.#found.count += 1;
    this.#found.bytes += sizeBytes;
  }

  /** Counting begins anew. `hasSettled`: what is over counts already, and is not found any more. */
  beginCount(hasSettled: boolean): void {
    const [count, bytes] = hasSettled ? [this.#done + this.#skipped, this.#settledBytes] : [0, 0];
    this.#found = { count, bytes, isAll: false };
  }

  /** All is counted. */
  endCount(): void {
    this.#found.isAll = true;
  }

  /** Lines for a journal that is written anew. The keys count only as long as some are left to do. */
  *lines(id: string, isOver: boolean): Generator<SettledLine> {
    const sums = { done: this.#done, skipped: this.#skipped, bytes: this.#settledBytes, unverified: this.#unverified };
    yield { type: 'settled', id, keys: [], ...sums };
    if (isOver) return;
    const keys = [...this.settled];
    for (let at = 0; at < keys.length; at += KEYS_A_LINE) {
      const line = keys.slice(at, at + KEYS_A_LINE);
      const renamed = line.flatMap((key) => {
        const path = this.renamed.get(key);
        return path === undefined ? [] : [[key, path] as const];
      });
      yield { type: 'settled', id, keys: line, renamed, done: 0, skipped: 0, bytes: 0, unverified: 0 };
    }
  }

  #inState(at: At): number {
    return this.#states.get(at) ?? 0;
  }

  #count(state: TransferState, by: 1 | -1): void {
    this.#states.set(state.at, this.#inState(state.at) + by);
    if (state.at === 'blocked' && state.need === 'overwrite-choice') this.#asking += by;
  }
}

const KEYS_A_LINE = 1000;

/** What of a folder is done or skipped, as a line of the journal. */
export interface SettledLine {
  readonly type: 'settled';
  /** The folder's. */
  readonly id: string;
  readonly keys: readonly string[];
  /** See FolderContent.renamed; journals of earlier versions do not say. */
  readonly renamed?: readonly (readonly [key: string, path: string])[];
  /** How many were done and skipped, and the bytes of them. */
  readonly done: number;
  readonly skipped: number;
  readonly bytes: number;
  /** How many could be compared by their length alone. */
  readonly unverified: number;
}
