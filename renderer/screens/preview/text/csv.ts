/** A table of texts. Rows may be shorter than the first one, or longer. */
export type Cells = readonly (readonly string[])[];

const delimiters: readonly string[] = ['\t', ';', ',', '|'];
/** How many characters decide on the delimiter. */
const sampleLength = 4000;

/** The character that separates cells: the one that the first line has most of, outside quotes. */
export function delimiterOf(text: string): string {
  const [first = ''] = text
    .slice(0, sampleLength)
    .replaceAll(/"[^"]*"/g, '')
    .trimStart()
    .split(/[\r\n]/, 1);
  const countOf = (delimiter: string) => first.split(delimiter).length;
  return delimiters.reduce((best, one) => (countOf(one) > countOf(best) ? one : best));
}

/** The length of the longest row. */
export function widest(rows: Cells): number {
  return rows.reduce((most, { length }) => Math.max(most, length), 0);
}

/**
 * Reads a table as spreadsheets write it: quotes around cells that contain the delimiter, line breaks or quotes, which
 * are doubled. Stops after `mostRows`. @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(text: string, mostRows: number): Cells {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length && rows.length < mostRows) {
    const cell = cellAt(text, at, delimiter);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === delimiter) {
      at += 1;
      // The delimiter at the end of the text has an empty cell behind it.
      if (at < text.length) continue;
      row.push('');
    }
    if (text.startsWith('\r\n', at)) at += 1;
    at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

/** The cell that begins at an index; it ends before a delimiter, a line break or the end of the text. */
function cellAt(text: string, start: number, delimiter: string): { readonly value: string; readonly end: number } {
  if (text[start] !== '"') {
    const end = endOf(text, start, delimiter);
    return { value: text.slice(start, end), end };
  }
  let close = start + 1;
  while (close < text.length && (text[close] !== '"' || text[close + 1] === '"')) close += text[close] === '"' ? 2 : 1;
  const quoted = text.slice(start + 1, close).replaceAll('""', '"');
  const end = endOf(text, close + 1, delimiter);
  // What follows the closing quote belongs to the cell, though no program should write it.
  return { value: quoted + text.slice(close + 1, end), end: Math.max(end, Math.min(close, text.length)) };
}

function endOf(text: string, start: number, delimiter: string): number {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}
