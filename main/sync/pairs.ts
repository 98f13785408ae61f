import { compareBytes } from '../local-files/byte-order.ts';
import type { LocalItem } from './local-side.ts';
import type { RemoteItem } from './remote-side.ts';

/** A path, and what each side has there. */
export interface Pair {
  readonly path: string;
  readonly local: LocalItem | null;
  readonly remote: RemoteItem | null;
  /** How many objects lie below a local folder that can't be looked at. */
  readonly hidden: number;
}

/** Pairs handed on at once. */
const PAGE_PAIRS = 1000;

/** Merges both sides, each in the order of OSS, in memory that doesn't grow with them. */
export async function* pairsOf(
  locals: AsyncIterator<readonly LocalItem[]>,
  remotes: AsyncIterator<readonly RemoteItem[]>,
): AsyncGenerator<readonly Pair[]> {
  const [here, there] = [new Cursor(locals), new Cursor(remotes)];
  try {
    let page: Pair[] = [];
    for (let pair = await nextPair(here, there); pair !== null; pair = await nextPair(here, there)) {
      page.push(pair);
      if (page.length < PAGE_PAIRS) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  } finally {
    await Promise.all([here.end(), there.end()]);
  }
}

async function nextPair(here: Cursor<LocalItem>, there: Cursor<RemoteItem>): Promise<Pair | null> {
  if (here.isEmpty || there.isEmpty) await Promise.all([here.fill(), there.fill()]);
  const order = compareHeads(here.head, there.head);
  const local = order <= 0 ? here.take() : null;
  const remote = order >= 0 ? there.take() : null;
  const path = local?.path ?? remote?.path;
  if (path === undefined) return null;
  return { path, local, remote, hidden: hides(local) ? await skipBelow(path, there) : 0 };
}

/** Compares paths; the end of a side comes last. */
function compareHeads(local: LocalItem | null, remote: RemoteItem | null): number {
  if (local === null) return remote === null ? 0 : 1;
  return remote === null ? -1 : compareBytes(local.path, remote.path);
}

/** Whether a local item stands for everything below it. */
function hides(local: LocalItem | null): boolean {
  return local !== null && local.path.endsWith('/') && local.kind !== 'folder';
}

/** Passes over the objects below a folder that can't be looked at: whether they are missing here isn't known. */
async function skipBelow(folder: string, there: Cursor<RemoteItem>): Promise<number> {
  for (let count = 0; ; count += 1) {
    if (there.isEmpty) await there.fill();
    if (there.head?.path.startsWith(folder) !== true) return count;
    there.take();
  }
}

/** Reads pages item by item. */
class Cursor<T> {
  readonly #pages: AsyncIterator<readonly T[]>;
  #page: readonly T[] = [];
  #at = 0;
  #isOver = false;

  constructor(pages: AsyncIterator<readonly T[]>) {
    this.#pages = pages;
  }

  /** The current item; null at the end. Valid unless `isEmpty`. */
  get head(): T | null {
    return this.#page[this.#at] ?? null;
  }

  /** Whether fill() is needed to know the current item. */
  get isEmpty(): boolean {
    return !this.#isOver && this.#at >= this.#page.length;
  }

  async fill(): Promise<void> {
    while (this.isEmpty) {
      const next = await this.#pages.next();
      this.#isOver = next.done === true;
      this.#page = next.done === true ? [] : next.value;
      this.#at = 0;
    }
  }

  /** Returns the current item and moves on. */
  take(): T | null {
    const { head } = this;
    this.#at += 1;
    return head;
  }

  async end(): Promise<void> {
    await this.#pages.return?.();
  }
}
