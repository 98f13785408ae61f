import { MAX_KEY_PLACES, MAX_PLACE_CHARACTERS } from '../../limits.ts';

/** Places of one path segment; OSS's keys have at most 1,023 bytes. */
const SEGMENT = 1024;

/** Keys of a page that are looked at. */
const SAMPLES = 24;

const SLASH = 0x2f;
/** Characters that come as a set: one digit means a number, a few letters mean words. */
const SETS: readonly { readonly from: number; readonly to: number; readonly atLeast: number }[] = [
  { from: 0x30, to: 0x39, atLeast: 1 },
  { from: 0x41, to: 0x5a, atLeast: 3 },
  { from: 0x61, to: 0x7a, atLeast: 3 },
];
/** A letter of hexadecimal digits beside a digit. */
const HEX = [
  [0x41, 0x46],
  [0x61, 0x66],
] as const;

interface Place {
  readonly seen: Set<number>;
  /** Keys have gone on at an earlier place, so that those of a folder have all been seen here. */
  isComplete: boolean;
  /** The code points seen here, and those that may be, in order. */
  sorted: { readonly seen: readonly number[]; readonly likely: readonly number[] } | null;
}

/**
 * Which characters keys have at which place: how deep in the tree, and how far behind the last slash. Names of one level
 * mostly look alike, so characters seen in one folder are a guess for the others.
 */
export class KeyAlphabet {
  readonly #places = new Map<number, Place>();
  /** Length of the prefix, in code points: there is nothing to learn in it. */
  readonly #from: number;

  constructor(prefix: string) {
    this.#from = Array.from(prefix).length;
  }

  /** Learns from some of the names of a page. */
  learn(names: readonly string[]): void {
    const step = Math.max(1, Math.floor(names.length / SAMPLES));
    let before: readonly number[] = [];
    for (let at = 0; at < names.length; at += step) {
      const points = pointsOf(names[at] ?? '');
      this.#learn(points, before);
      before = points;
    }
  }

  #learn(points: readonly number[], before: readonly number[]): void {
    for (const [at, number] of placesOf(points).entries()) {
      if (at >= this.#from) this.#add(number, points[at] ?? 0);
    }
    this.#complete(before, sharedLength(points, before) + 1);
  }

  /** Learns from what was found behind a split; null: nothing. What the split guessed at isn't there. */
  learnFound(split: string, found: string | null): void {
    const points = pointsOf(split);
    this.#complete(points, found === null ? this.#from : sharedLength(points, pointsOf(found)) + 1);
  }

  #complete(points: readonly number[], from: number): void {
    for (const number of placesOf(points).slice(from)) {
      const place = this.#places.get(number);
      if (place !== undefined) place.isComplete = true;
    }
  }

  #add(number: number, point: number): void {
    const known = this.#places.get(number);
    if (known === undefined) {
      if (this.#places.size >= MAX_KEY_PLACES) return;
      this.#places.set(number, { seen: new Set([point]), isComplete: false, sorted: null });
    } else if (!known.seen.has(point) && known.seen.size < MAX_PLACE_CHARACTERS) {
      known.seen.add(point);
      known.sorted = null;
    }
  }

  /**
   * The code points that keys may have at a place of placesOf(), in order. `boldly`: also those that usually come with what
   * was seen, even where all of a folder has been seen.
   */
  at(place: number, boldly: boolean): readonly number[] {
    const known = this.#places.get(place);
    if (known === undefined) return [];
    const inOrder = (points: Iterable<number>): readonly number[] => [...points].sort((one, other) => one - other);
    known.sorted ??= { seen: inOrder(known.seen), likely: inOrder(likely(known.seen)) };
    return known.isComplete && !boldly ? known.sorted.seen : known.sorted.likely;
  }
}

/** How many code points two keys begin with alike. */
export function sharedLength(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at;
  return length;
}

/** The code points of a key. */
export function pointsOf(key: string): readonly number[] {
  return Array.from(key, (character) => character.codePointAt(0) ?? 0);
}

/** The place of each code point: its level in the tree, and its distance from the last slash. */
export function placesOf(points: readonly number[]): readonly number[] {
  let [level, offset] = [0, 0];
  return points.map((point) => {
    const place = level * SEGMENT + offset;
    if (point === SLASH) [level, offset] = [level + 1, 0];
    else offset += 1;
    return place;
  });
}

/** What was seen, and what usually comes with it. */
function likely(seen: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(seen);
  for (const { from, to, atLeast } of SETS) {
    if (countOf(seen, from, to) >= atLeast) addAll(all, from, to);
  }
  if (countOf(seen, 0x30, 0x39) > 0) {
    for (const [from, to] of HEX) if (countOf(seen, from, to) > 0) addAll(all, from, to);
  }
  return all;
}

function countOf(seen: ReadonlySet<number>, from: number, to: number): number {
  let count = 0;
  for (const point of seen) if (point >= from && point <= to) count += 1;
  return count;
}

function addAll(all: Set<number>, from: number, to: number): void {
  for (let point = from; point <= to; point += 1) all.add(point);
}
