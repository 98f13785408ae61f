import type { LinkRepair } from './link-repairs.ts';

/** A text whose broken lines were joined where that is certain. */
export interface Unfolded {
  readonly text: string;
  readonly repaired: readonly LinkRepair[];
  /** The index in the text as it was of an index in `text`. */
  readonly indexOf: (index: number) => number;
}

/** Narrower lines are sentences, not lines that a program broke at its width. */
const MIN_WIDTH = 40;

/**
 * Joins the lines of a link that are certain to be one: those of equal width, as mail programs break them, with the
 * shorter one that follows; a line before `?` or `&`; and all lines in angle brackets (RFC 3986, appendix C).
 * @param lineBefore what stands before the link in its line: quote marks there are expected before each line
 */
export function unfold(text: string, lineBefore: string, opened: string): Unfolded {
  const lines = linesOf(text, /^\s*(?:[>|] ?)+/.exec(lineBefore)?.[0] ?? '');
  const joined = lines.slice(0, countJoined(lines, lineBefore.length, opened));
  const next = lines[joined.length];
  if (joined.length < 2) return { text, repaired: [], indexOf: (index) => index };
  const restAt = next === undefined ? text.length : next.at - next.breakLength;
  const pieces: { readonly at: number; readonly from: number }[] = [];
  let length = 0;
  for (const line of joined) {
    pieces.push({ at: length, from: line.at });
    length += line.text.length;
  }
  pieces.push({ at: length, from: restAt });
  return {
    text: joined.map((line) => line.text).join('') + text.slice(restAt),
    repaired: ['line-breaks'],
    indexOf: (index) => {
      const piece = pieces.findLast(({ at }) => at <= index) ?? { at: 0, from: 0 };
      return piece.from + index - piece.at;
    },
  };
}

/** How many lines, from the first on, are one. */
function countJoined(lines: readonly Line[], before: number, opened: string): number {
  const width = before + (lines[0]?.raw.length ?? 0);
  // Quoted-printable ends such lines with a sign of its own.
  if (/=[ \t]*$/.test(lines[0]?.raw ?? '') && lines.some(({ raw }) => raw.includes('=3D'))) return 1;
  const closing = opened === '<' ? lines.findIndex((line) => line.text.includes('>')) : -1;
  const isFull = (index: number): boolean => width >= MIN_WIDTH && lines[index]?.raw.length === width;
  const isFolded = (index: number): boolean =>
    isFull(1) && (isFull(index) || isFull(index - 1)) && (lines[index]?.raw.length ?? 0) <= width;
  const end = lines.findIndex(
    (line, index) =>
      index > closing &&
      index > 0 &&
      !/^[?&][\w-]+=/.test(line.text) &&
      !(/^[!-~]+$/.test(line.text) && isFolded(index)),
  );
  return end === -1 ? lines.length : end;
}

interface Line {
  /** Where `text` begins. */
  readonly at: number;
  /** Characters from the line break before it up to `at`. */
  readonly breakLength: number;
  /** As it stands. */
  readonly raw: string;
  /** Without quote marks and outer blanks. */
  readonly text: string;
}

function linesOf(text: string, quoteMarks: string): readonly Line[] {
  const lines: Line[] = [];
  let breakAt = 0;
  let at = 0;
  for (const found of text.matchAll(/\r\n|[\r\n]|$/g)) {
    const raw = text.slice(at, found.index);
    const marks = at > 0 && quoteMarks !== '' && raw.startsWith(quoteMarks.trimEnd()) ? quoteMarks.length : 0;
    const body = raw.slice(marks);
    const textAt = at + marks + (body.length - body.trimStart().length);
    lines.push({ at: textAt, breakLength: textAt - breakAt, raw, text: body.trim() });
    breakAt = found.index;
    at = found.index + found[0].length;
  }
  return lines;
}
