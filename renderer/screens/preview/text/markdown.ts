import { type Inline, parseInline } from './markdown-inline.ts';

/** A block of a Markdown text. HTML in it is text like any other. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'rule' };

/** An item of a list; `checked` is null unless it is a task. */
interface ListItem {
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
}

/** Deeper quotes and lists are paragraphs, so that no text makes this recurse without end. */
const mostDepth = 12;

interface Found {
  readonly block: Block;
  /** The index of the line behind it. */
  readonly end: number;
}

type Reader = (lines: readonly string[], at: number, depth: number) => Found | null;

/** Reads what most Markdown files use of CommonMark and of GitHub's tables and tasks. @see https://spec.commonmark.org */
export function parseMarkdown(text: string): readonly Block[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  // Settings at the beginning, as site generators have them.
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (end === -1) return parseLines(lines, 0);
  return [{ kind: 'code', text: lines.slice(1, end).join('\n') }, ...parseLines(lines.slice(end + 1), 0)];
}

function parseLines(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at]?.trim() === '') {
      at += 1;
      continue;
    }
    const { block, end } = blockAt(lines, at, depth) ?? paragraphAt(lines, at, depth);
    blocks.push(block);
    at = end;
  }
  return blocks;
}

const blockAt: Reader = (lines, at, depth) => {
  const readers = [fencedAt, headingAt, ruleAt, ...(depth < mostDepth ? [quoteAt, listAt] : []), tableAt, indentedAt];
  for (const read of readers) {
    const found = read(lines, at, depth);
    if (found !== null) return found;
  }
  return null;
};

const fencedAt: Reader = (lines, at) => {
  const [, indent = '', fence] = /^( {0,3})(`{3,}|~{3,})[^`]*$/.exec(lines[at] ?? '') ?? [];
  if (fence === undefined) return null;
  const isClosing = (line: string) => line.trim().startsWith(fence) && /^ {0,3}(`+|~+)\s*$/.test(line);
  let end = at + 1;
  while (end < lines.length && !isClosing(lines[end] ?? '')) end += 1;
  const text = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  return { block: { kind: 'code', text: text.join('\n') }, end: end + 1 };
};

const headingAt: Reader = (lines, at) => {
  const [start, marks] = /^ {0,3}(#{1,6})(?=\s|$)/.exec(lines[at] ?? '') ?? [];
  if (start === undefined || marks === undefined) return null;
  const words = (lines[at] ?? '')
    .slice(start.length)
    .trim()
    .replace(/(?:^|\s)#+$/, '');
  return { block: { kind: 'heading', level: marks.length, content: parseInline(words.trim()) }, end: at + 1 };
};

const ruleAt: Reader = (lines, at) =>
  /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/.test(lines[at] ?? '')
    ? { block: { kind: 'rule' }, end: at + 1 }
    : null;

const quoteAt: Reader = (lines, at, depth) => {
  let end = at;
  while (/^ {0,3}>/.test(lines[end] ?? '')) end += 1;
  if (end === at) return null;
  const inner = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  return { block: { kind: 'quote', blocks: parseLines(inner, depth + 1) }, end };
};

const marker = /^( {0,3})([-*+]|\d{1,9}[.)])(?: {1,4}|$)/;

const listAt: Reader = (lines, at, depth) => {
  const [, , sign] = marker.exec(lines[at] ?? '') ?? [];
  if (sign === undefined) return null;
  const items: ListItem[] = [];
  let end = at;
  while (kindOf(marker.exec(lines[end] ?? '')?.[2]) === kindOf(sign) && ruleAt(lines, end, depth) === null) {
    const item = itemAt(lines, end, depth);
    items.push(item.item);
    ({ end } = item);
  }
  const start = /\d/.test(sign) ? Number.parseInt(sign, 10) : null;
  return items.length === 0 ? null : { block: { kind: 'list', start, items }, end };
};

const kindOf = (sign: string | undefined) => (sign === undefined ? null : /\d/.test(sign) ? 'ordered' : sign);

function itemAt(
  lines: readonly string[],
  at: number,
  depth: number,
): { readonly item: ListItem; readonly end: number } {
  const first = lines[at] ?? '';
  const indent = marker.exec(first)?.[0].length ?? 2;
  let end = at + 1;
  while (end < lines.length && belongsToItem(lines, end, indent)) end += 1;
  const [, task, rest = ''] = /^\[([ xX])\]\s+(.*)$/.exec(first.slice(indent)) ?? [];
  const inner = lines.slice(at + 1, end).map((line) => dedent(line, indent));
  const blocks = parseLines([task === undefined ? first.slice(indent) : rest, ...inner], depth + 1);
  return { item: { checked: task === undefined ? null : task !== ' ', blocks }, end };
}

/** Indented lines, blank ones, and those that continue a paragraph. */
function belongsToItem(lines: readonly string[], at: number, indent: number): boolean {
  const line = lines[at] ?? '';
  if (line.trim() === '' || line.search(/\S/) >= Math.min(indent, 2)) return true;
  return lines[at - 1]?.trim() !== '' && !marker.test(line) && !/^ {0,3}(?:#|>|```|~~~)/.test(line);
}

function dedent(line: string, indent: number): string {
  return line.slice(0, indent).trim() === '' ? line.slice(indent) : line.trimStart();
}

/** The cells of a table's row, with or without a bar at its start and its end. */
function cellsOf(line: string): readonly string[] {
  const inside = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

const tableAt: Reader = (lines, at) => {
  const isRow = (line: string | undefined) => line !== undefined && line.includes('|');
  if (!isRow(lines[at]) || !isRow(lines[at + 1])) return null;
  if (!cellsOf(lines[at + 1] ?? '').every((cell) => /^:?-+:?$/.test(cell))) return null;
  let end = at + 2;
  while (isRow(lines[end])) end += 1;
  const rows = [lines[at] ?? '', ...lines.slice(at + 2, end)].map((line) =>
    cellsOf(line).map((cell) => parseInline(cell.replaceAll('\\|', '|'))),
  );
  return { block: { kind: 'table', rows }, end };
};

const indentedAt: Reader = (lines, at) => {
  let end = at;
  while (/^(?: {4}|\t)/.test(lines[end] ?? '')) end += 1;
  if (end === at) return null;
  const text = lines.slice(at, end).map((line) => line.replace(/^(?: {4}|\t)/, ''));
  return { block: { kind: 'code', text: text.join('\n') }, end };
};

/** Up to a blank line or another block. A line of `=` or `-` below it makes it a heading. */
function paragraphAt(lines: readonly string[], at: number, depth: number): Found {
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const [underline] = /^ {0,3}(?:=+|-+)\s*$/.exec(line) ?? [];
    if (underline !== undefined) {
      const level = underline.includes('=') ? 1 : 2;
      return { block: { kind: 'heading', level, content: parseInline(lines.slice(at, end).join('\n')) }, end: end + 1 };
    }
    const ends = line.trim() === '' || [fencedAt, headingAt, ruleAt].some((read) => read(lines, end, depth) !== null);
    if (ends || (depth < mostDepth && /^ {0,3}(?:>|[-*+] |1[.)] )/.test(line))) break;
  }
  const words = lines.slice(at, end).map((line) => line.trimStart());
  return { block: { kind: 'paragraph', content: parseInline(words.join('\n')) }, end };
}
