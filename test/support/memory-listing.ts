import { extentOf, isUpTo } from '../../main/oss/operations/ranges/extent.ts';
import type { From, Listing } from '../../main/oss/operations/ranges/key-range.ts';

/** A page of a listing in memory. */
export interface MemoryPage {
  readonly names: readonly string[];
  readonly next: string | null;
}

/** How a server in memory lists. */
export interface MemoryServer {
  /** Its keys, in any order; a set may change meanwhile. */
  readonly keys: readonly string[] | ReadonlySet<string>;
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly pageSize: number;
  /** Default: the bytes of UTF-8, as OSS. */
  readonly compare?: (one: string, other: string) => number;
  /** The server doesn't know start-after, and begins at the start. */
  readonly ignoresStart?: boolean;
  /** Called before each answer; may wait, throw, or change the page. */
  readonly answer?: (page: MemoryPage, from: From<string>, signal: AbortSignal) => Promise<MemoryPage>;
}

/** The order of OSS, by another way than the one under test. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** A listing by OSS's rules: names behind a marker, a page at a time, with common prefixes in between. */
export function memoryListing(server: MemoryServer): Listing<MemoryPage, string> & { readonly asked: From<string>[] } {
  const { prefix = '', delimiter = '', compare = byBytes, ignoresStart = false } = server;
  const asked: From<string>[] = [];
  const sorted = (): readonly string[] => namesOf(server.keys, prefix, delimiter).sort(compare);
  const fixed = Array.isArray(server.keys) ? sorted() : null;
  const markerOf = (from: From<string>): string | null => {
    if (from.kind === 'start') return null;
    if (from.kind === 'cursor') return from.cursor;
    // What OSS does with a start inside a common prefix isn't documented.
    if (delimiter !== '' && from.name.includes(delimiter, prefix.length)) throw new Error(`starts in ${from.name}`);
    return ignoresStart ? null : from.name;
  };
  return {
    prefix,
    delimiter,
    asked,
    read: async (from, signal) => {
      asked.push(from);
      const marker = markerOf(from);
      const names = fixed ?? sorted();
      const start = marker === null ? 0 : countUpTo(names, marker, compare);
      const page = names.slice(start, start + server.pageSize);
      const answer = { names: page, next: names.length > start + page.length ? (page.at(-1) ?? null) : null };
      return (await server.answer?.(answer, from, signal)) ?? answer;
    },
    cursorOf: ({ next }) => next,
    extentOf: ({ names }) => extentOf(names, []),
    namesOf: ({ names }) => names,
    upTo: ({ names }, end) => ({ names: names.filter((name) => isUpTo(name, end)), next: end }),
    behind: ({ names, next }, end) => ({ names: names.filter((name) => !isUpTo(name, end)), next }),
  };
}

/** All names that the server lists, page by page. */
export async function readOneByOne(listing: Listing<MemoryPage, string>): Promise<string[]> {
  const names: string[] = [];
  let from: From<string> = { kind: 'start' };
  for (;;) {
    const page = await listing.read(from, new AbortController().signal);
    for (const name of page.names) names.push(name);
    if (page.next === null) return names;
    from = { kind: 'cursor', cursor: page.next };
  }
}

/** How many of the sorted names aren't behind the marker. */
function countUpTo(names: readonly string[], marker: string, compare: (one: string, other: string) => number): number {
  let [from, to] = [0, names.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(names[middle] ?? '', marker) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function namesOf(keys: Iterable<string>, prefix: string, delimiter: string): string[] {
  const names = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    names.add(cut === -1 ? key : key.slice(0, cut + delimiter.length));
  }
  return [...names];
}
