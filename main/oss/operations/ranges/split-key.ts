import { MAX_KEY_BYTES } from '../../limits.ts';
import { type KeyAlphabet, placesOf, pointsOf, sharedLength } from './key-alphabet.ts';

/** What is left of a range: the names behind `last`, up to `end`; null: nobody knows where it ends. */
export interface Rest {
  /** The first name of the page that was read last. */
  readonly first: string;
  readonly last: string;
  readonly end: string | null;
  /** Where the last split changed the key, if that led on: the next one may change it one place before. */
  readonly leap: number | null;
}

/** Where keys may be split. With a delimiter, what it ends is one name and stays whole. */
export interface SplitRules {
  readonly prefix: string;
  readonly delimiter: string;
  readonly alphabet: KeyAlphabet;
}

/** A key that splits a range: it belongs to the lower part. `leap`: see Rest. */
export interface Split {
  readonly key: string;
  readonly leap: number;
}

const SLASH = 0x2f;
/** Characters that UTF-16 sorts otherwise than UTF-8: a split without them is the same in both, whichever the server sorts by. */
const ORDERED_OTHERWISE = /[\ud800-\uffff]/;
const LAST_POINT = 0x10ffff;

/**
 * A key between `last` and `end`, by the characters that other keys have at the same place; null where none is known. Where
 * the end isn't known, it leaps ahead of what is read: each leap that finds keys is followed by one of ten times its
 * length, if keys are numbered. Where it is known, the leftmost place that can differ is halved.
 */
export function splitKey(rest: Rest, rules: SplitRules): Split | null {
  const last = pointsOf(rest.last);
  const view = { last, places: placesOf(last), start: pointsOf(rules.prefix).length };
  for (const boldly of [false, true]) {
    const charactersAt = (at: number): readonly number[] => rules.alphabet.at(view.places[at] ?? -1, boldly);
    const split =
      rest.end === null
        ? leapAhead(rest, { ...view, charactersAt }, rules.delimiter)
        : halve(rest.end, { ...view, charactersAt });
    if (split !== null && isAllowed(split.key, rest, rules)) return split;
  }
  return rest.end === null ? leapOver(rest, view, rules) : null;
}

interface View {
  readonly last: readonly number[];
  readonly places: readonly number[];
  /** The length of the prefix. */
  readonly start: number;
  readonly charactersAt: (at: number) => readonly number[];
}

function leapAhead({ first, leap }: Rest, { last, start, charactersAt }: View, delimiter: string): Split | null {
  const shared = sharedLength(pointsOf(first), last);
  const whole = delimiter === '' ? last.length : start + nameLength(last.slice(start), delimiter);
  const before = Math.max(start, Math.min(shared, leap ?? shared) - 1);
  for (let at = Math.min(whole, before); at >= start; at -= 1) {
    const higher = charactersAt(at).filter((point) => point > (last[at] ?? 0));
    const point = higher[higher.length >> 1];
    if (point !== undefined) return { key: keyOf(last, at, point), leap: at };
  }
  return null;
}

/** Nothing is known of what may follow. Behind the outermost folder of all that was read may be another one. */
function leapOver(rest: Rest, { last, start }: Pick<View, 'last' | 'start'>, rules: SplitRules): Split | null {
  const folderEnd = rules.delimiter === '' ? last.indexOf(SLASH, start) : -1;
  const at = folderEnd === -1 || folderEnd >= sharedLength(pointsOf(rest.first), last) ? start : folderEnd;
  const point = successor(last[at]);
  const split = point === null ? null : { key: keyOf(last, at, point), leap: at };
  return split !== null && isAllowed(split.key, rest, rules) ? split : null;
}

/** The shortest key about halfway, if keys are spread evenly over what is left. */
function halve(end: string, { last, places, charactersAt }: View): Split | null {
  const limit = pointsOf(end);
  const shared = sharedLength(last, limit);
  const [from, to] = [
    fraction(last, shared, places.length, charactersAt),
    fraction(limit, shared, places.length, charactersAt),
  ];
  const middle = (from + to) / 2;
  const key = last.slice(0, shared);
  let best: { readonly key: readonly number[]; readonly distance: number } | null = null;
  let [value, unit] = [0, 1];
  for (let at = shared; at < Math.min(places.length, shared + DIGITS); at += 1) {
    const known = charactersAt(at);
    unit /= known.length + 1;
    const digit = Math.min(known.length, Math.max(1, Math.floor((middle - value) / unit)));
    const point = known[digit - 1];
    if (point === undefined) break;
    key.push(point);
    value += unit * digit;
    const distance = Math.abs(value - middle);
    // A shorter key is as good as one that is a little nearer.
    const isBetter = best === null || distance < best.distance / 4;
    if (value > from && value < to && isBetter) best = { key: [...key], distance };
  }
  return best === null ? null : { key: String.fromCodePoint(...best.key), leap: best.key.length - 1 };
}

/**
 * How many pages may be left, if the keys are as dense as on the last page. Only a guess, by which ranges are compared.
 * Infinity where the end isn't known.
 */
export function pagesLeft(rest: Rest, rules: SplitRules, boldly = false): number {
  if (rest.end === null) return Infinity;
  const [from, last, limit] = [pointsOf(rest.first), pointsOf(rest.last), pointsOf(rest.end)];
  const shared = Math.min(sharedLength(last, limit), sharedLength(last, from));
  const places = placesOf(last);
  const charactersAt = (at: number): readonly number[] => rules.alphabet.at(places[at] ?? -1, boldly);
  const valueOf = (key: readonly number[]): number => fraction(key, shared, places.length, charactersAt);
  const page = valueOf(last) - valueOf(from);
  const left = valueOf(limit) - valueOf(last);
  // Keys that differ only far behind: what is left is either as close together, or very much.
  if (page > 0) return Math.max(0, left / page);
  return left > 0 ? Number.MAX_VALUE : 1;
}

/** Places that count for fraction(). */
const DIGITS = 12;

/** Reads a key from a place on as digits behind a point, each in the base of the characters at its place. */
function fraction(
  key: readonly number[],
  from: number,
  to: number,
  charactersAt: (at: number) => readonly number[],
): number {
  let [value, unit] = [0, 1];
  for (let at = from; at < Math.min(key.length, to, from + DIGITS); at += 1) {
    const known = charactersAt(at);
    unit /= known.length + 1;
    const lower = known.findIndex((point) => point >= (key[at] ?? 0));
    value += unit * ((lower === -1 ? known.length : lower) + 1);
  }
  return value;
}

function keyOf(last: readonly number[], at: number, point: number): string {
  return String.fromCodePoint(...last.slice(0, at), point);
}

function isAllowed(key: string, { last, end }: Rest, { prefix, delimiter }: SplitRules): boolean {
  const [bytes, from, to] = [Buffer.from(key), Buffer.from(last), end === null ? null : Buffer.from(end)];
  if (bytes.length > MAX_KEY_BYTES || Buffer.compare(bytes, from) <= 0) return false;
  if (to !== null && Buffer.compare(bytes, to) >= 0) return false;
  if (ORDERED_OTHERWISE.test(key.slice(prefix.length))) return false;
  return delimiter === '' || !key.includes(delimiter, prefix.length);
}

/** How far a name reaches before its delimiter. */
function nameLength(points: readonly number[], delimiter: string): number {
  const name = String.fromCodePoint(...points);
  const at = name.indexOf(delimiter);
  return at === -1 ? points.length : pointsOf(name.slice(0, at)).length;
}

/** Where a leap has led: what the first key found there has in common with the split decides how far the next one goes. */
export function landing({ key, leap }: Split, found: string): number {
  return Math.min(leap, sharedLength(pointsOf(key), pointsOf(found)));
}

/** The next code point; null behind the last one. Surrogates are none. */
function successor(point: number | undefined): number | null {
  if (point === undefined || point === LAST_POINT) return null;
  return point === 0xd7ff ? 0xe000 : point + 1;
}
