/** A piece of a line. Addresses are shown, and nothing is loaded from them. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly content: readonly Inline[]; readonly address: string }
  | { readonly kind: 'image'; readonly text: string; readonly address: string }
  | { readonly kind: 'break' };

/** A longer paragraph is plain text, and so is what is nested deeper. */
const mostLength = 20_000;
const mostDepth = 6;

interface Found {
  readonly piece: Inline;
  readonly end: number;
}

type Styled = Extract<Inline, { readonly content: readonly Inline[] }>['kind'];

const styles: readonly (readonly [mark: string, kind: Exclude<Styled, 'link'>])[] = [
  ['**', 'strong'],
  ['__', 'strong'],
  ['~~', 'strike'],
  ['*', 'emphasis'],
  ['_', 'emphasis'],
];
const special = /[\\`*_~![<\n]/g;
/** What is behind a link's text. Only one part of it can match each blank: many of them take no longer than other text. */
const destination = /\]\(\s*(?=\S)<?([^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y;

/** Reads emphasis, code, links and images. What isn't closed is text. */
export function parseInline(text: string, depth = 0): readonly Inline[] {
  if (text.length > mostLength || depth > mostDepth) return [{ kind: 'text', text }];
  const pieces: Inline[] = [];
  const unclosed = new Set<string>();
  let at = 0;
  while (at < text.length) {
    const { piece, end } = pieceAt({ text, at, depth, unclosed }) ?? textAt(text, at);
    append(pieces, piece);
    at = end;
  }
  return pieces;
}

/** Joins texts. Blanks before the end of a line aren't shown. */
function append(pieces: Inline[], piece: Inline): void {
  const last = pieces.at(-1);
  if (last?.kind !== 'text') pieces.push(piece);
  else if (piece.kind === 'text') pieces.splice(-1, 1, { kind: 'text', text: last.text + piece.text });
  else if (piece.kind === 'break') pieces.splice(-1, 1, { kind: 'text', text: last.text.trimEnd() }, piece);
  else pieces.push(piece);
}

/** An escaped character, or everything up to the next special one. */
function textAt(text: string, at: number): Found {
  if (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? ''))
    return { piece: { kind: 'text', text: text[at + 1] ?? '' }, end: at + 2 };
  special.lastIndex = at + 1;
  const end = special.exec(text)?.index ?? text.length;
  return { piece: { kind: 'text', text: text.slice(at, end) }, end };
}

interface Spot {
  readonly text: string;
  readonly at: number;
  readonly depth: number;
  /** Marks that have no end in the rest of the text: looking for it again and again would take long. */
  readonly unclosed: Set<string>;
}

function pieceAt(spot: Spot): Found | null {
  const { text, at } = spot;
  if (text[at] === '`') return codeAt(spot);
  if (text[at] === '[') return linkAt(spot, at);
  if (text.startsWith('![', at)) return linkAt(spot, at + 1);
  if (text[at] === '<') return addressAt(spot);
  // Two blanks or a backslash before the end of a line.
  if (text[at] === '\n' && text.slice(at - 2, at) === '  ') return { piece: { kind: 'break' }, end: at + 1 };
  if (text.startsWith('\\\n', at)) return { piece: { kind: 'break' }, end: at + 2 };
  return styledAt(spot);
}

function closeOf({ text, unclosed }: Spot, mark: string, from: number): number {
  if (unclosed.has(mark)) return -1;
  const close = text.indexOf(mark, from);
  if (close === -1) unclosed.add(mark);
  return close;
}

function codeAt(spot: Spot): Found | null {
  const [ticks = '`'] = /^`+/.exec(spot.text.slice(spot.at, spot.at + 20)) ?? [];
  const start = spot.at + ticks.length;
  const close = closeOf(spot, ticks, start);
  if (close === -1) return null;
  const code = spot.text.slice(start, close).replaceAll('\n', ' ');
  return { piece: { kind: 'code', text: code.trim() === '' ? code : code.trim() }, end: close + ticks.length };
}

/** `bracket` is the index of the opening bracket. */
function linkAt(spot: Spot, bracket: number): Found | null {
  const close = closingBracket(spot, bracket);
  if (close === -1) return null;
  destination.lastIndex = close;
  const [whole, address] = destination.exec(spot.text) ?? [];
  if (whole === undefined || address === undefined) return null;
  const words = spot.text.slice(bracket + 1, close);
  const end = close + whole.length;
  if (bracket > spot.at) return { piece: { kind: 'image', text: words, address }, end };
  return { piece: { kind: 'link', content: parseInline(words, spot.depth + 1), address }, end };
}

/** A link may have an image in it, but not many brackets. */
function closingBracket(spot: Spot, bracket: number): number {
  let open = 1;
  const last = Math.min(spot.text.length, bracket + 400);
  for (let at = bracket + 1; at < last; at += 1) {
    if (spot.text[at] === '\\') at += 1;
    else if (spot.text[at] === '[') open += 1;
    else if (spot.text[at] === ']') open -= 1;
    if (open === 0) return spot.text.startsWith('](', at) ? at : -1;
  }
  return -1;
}

/** `<https://example.com>` */
function addressAt({ text, at }: Spot): Found | null {
  const [whole, address] = /^<((?:https?|mailto|oss):[^\s<>]*)>/.exec(text.slice(at, at + 2000)) ?? [];
  if (whole === undefined || address === undefined) return null;
  return { piece: { kind: 'link', content: [{ kind: 'text', text: address }], address }, end: at + whole.length };
}

function styledAt(spot: Spot): Found | null {
  const { text, at } = spot;
  for (const [mark, kind] of styles) {
    if (!text.startsWith(mark, at)) continue;
    const start = at + mark.length;
    // In the middle of a word, an underscore is one.
    const isInWord = mark.startsWith('_') && /\w/.test(text[at - 1] ?? '');
    if (isInWord || /^\s?$/.test(text[start] ?? '')) return null;
    const close = closeOf(spot, mark, start + 1);
    if (close === -1 || /\s/.test(text[close - 1] ?? '')) continue;
    return {
      piece: { kind, content: parseInline(text.slice(start, close), spot.depth + 1) },
      end: close + mark.length,
    };
  }
  return null;
}
