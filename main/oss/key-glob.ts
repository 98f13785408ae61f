import { folderPrefix } from './key-path.ts';

/** Keys chosen by a pattern. Written to the journal. */
export interface KeyPattern {
  /** What KeyGlob reads. */
  readonly glob: string;
  /** Whether everything in folders that match belongs to it. */
  readonly isDeep: boolean;
}

/** One step of a pattern. Both results are distances in the list of steps. */
interface Step {
  /** Where to go on without a character; null if one is needed. */
  readonly skip: number | null;
  /** Where to go on after a character; null if it doesn't fit. */
  take(char: string): number | null;
}

/**
 * A pattern of keys, as shells read it: `*` stands for any characters but `/`, `?` for one of them, `[a-z]` and `[!a-z]` for one
 * of a set, and `**` for any characters, `/` too; a folder named `**` stands for any number of folders, none too. A `*` between
 * two slashes needs a character, as a name has one: the empty object that marks a folder isn't a file in it. Everything else is
 * itself, a bracket that isn't closed too. Takes time in proportion to both lengths, whatever the pattern.
 */
export class KeyGlob {
  /** What the keys begin with. */
  readonly prefix: string;
  /** Whether everything that matches stands directly in the folder of `prefix`. */
  readonly isOneLevel: boolean;
  readonly #steps: readonly Step[];
  /** Whether it ends with a slash. */
  readonly #isOfFolders: boolean;

  constructor(glob: string) {
    const { literal, rest, steps } = parse(glob);
    this.#isOfFolders = glob.endsWith('/');
    this.prefix = literal;
    this.isOneLevel = !rest.includes('/') && !rest.includes('**');
    this.#steps = steps;
  }

  /** The folder that all matching keys are in: '' or what ends with a slash. */
  get folder(): string {
    return folderPrefix(this.prefix);
  }

  /** Whether the pattern names this key. */
  matches(key: string): boolean {
    let isNamed = false;
    for (const end of this.#ends(key)) isNamed = end === key.length;
    return isNamed;
  }

  /** The outermost folder above a key that the pattern names, with its slash; null if there is none. */
  folderAbove(key: string): string | null {
    for (const end of this.#ends(key)) {
      if (key[end] === '/') return key.slice(0, end + 1);
      if (this.#isOfFolders && end < key.length) return key.slice(0, end);
    }
    return null;
  }

  /** All lengths at which what the key begins with matches, from the shortest. */
  *#ends(key: string): Generator<number> {
    const steps = this.#steps;
    let places = this.#reach([0]);
    let length = 0;
    if (places.has(steps.length)) yield length;
    for (const char of key) {
      const next: number[] = [];
      for (const place of places) {
        const distance = steps[place]?.take(char) ?? null;
        if (distance !== null) next.push(place + distance);
      }
      places = this.#reach(next);
      length += char.length;
      if (places.size === 0) return;
      if (places.has(steps.length)) yield length;
    }
  }

  /** These places, and those that are reached without a character. */
  #reach(from: readonly number[]): Set<number> {
    const places = new Set<number>();
    const queue = [...from];
    for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
      if (places.has(place)) continue;
      places.add(place);
      const skip = this.#steps[place]?.skip ?? null;
      if (skip !== null) queue.push(place + skip);
    }
    return places;
  }
}

/** Whether a text holds anything that KeyGlob doesn't take literally. */
export function hasWildcards(text: string): boolean {
  return parse(text).rest !== '';
}

/** `literal`: what stands before the first wildcard; `rest`: what follows. */
function parse(glob: string): { readonly literal: string; readonly rest: string; readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  let wildAt: number | null = null;
  for (let at = 0; at < glob.length;) {
    const { text, steps: found } = wildcardAt(glob, at) ?? { text: charAt(glob, at), steps: null };
    if (found !== null) wildAt ??= at;
    for (const step of found ?? [one((char) => char === text)]) steps.push(step);
    at += text.length;
  }
  return { literal: glob.slice(0, wildAt ?? glob.length), rest: glob.slice(wildAt ?? glob.length), steps };
}

function wildcardAt(glob: string, at: number): Wildcard | null {
  const isSegmentStart = at === 0 || glob[at - 1] === '/';
  if (isSegmentStart && glob.startsWith('**/', at)) return { text: '**/', steps: anyFolders };
  if (glob.startsWith('**', at)) return { text: '**', steps: [{ skip: 1, take: () => 0 }] };
  if (glob[at] === '*') {
    const isSegment = isSegmentStart && [undefined, '/'].includes(glob[at + 1]);
    return { text: '*', steps: isSegment ? [nameChar, nameChars] : [nameChars] };
  }
  return glob[at] === '?' ? { text: '?', steps: [nameChar] } : setAt(glob, at);
}

function setAt(glob: string, at: number): Wildcard | null {
  const [text, sign, set] = /^\[([!^]?)(\]?[^\]]*)\]/su.exec(glob.slice(at)) ?? [];
  if (text === undefined || set === undefined || set === '') return null;
  const isIn = setOf(set);
  return { text, steps: [one((char) => char !== '/' && isIn(char) === (sign === ''))] };
}

interface Wildcard {
  readonly text: string;
  readonly steps: readonly Step[];
}

const nameChar: Step = { skip: null, take: (char) => (char === '/' ? null : 1) };
const nameChars: Step = { skip: 1, take: (char) => (char === '/' ? null : 0) };

/** No folder, or a path that ends with its slash. */
const anyFolders: readonly Step[] = [
  { skip: 2, take: (char) => (char === '/' ? 0 : 1) },
  { skip: null, take: (char) => (char === '/' ? -1 : 0) },
];

function one(fits: (char: string) => boolean): Step {
  return { skip: null, take: (char) => (fits(char) ? 1 : null) };
}

/** Reads `a-z_`: characters and ranges of code points. */
function setOf(text: string): (char: string) => boolean {
  const ranges = [...text.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, single]) => [
    codeOf(from ?? single),
    codeOf(to ?? single),
  ]);
  return (char) => ranges.some(([from = 0, to = 0]) => from <= codeOf(char) && codeOf(char) <= to);
}

function codeOf(char: string | undefined): number {
  return char?.codePointAt(0) ?? -1;
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}
