import type { Preview } from '../../../../main/contract/contract.ts';
import { type Cells, parseCsv } from './csv.ts';
import { formatJson, type JsonPiece } from './json.ts';
import { type Block, parseMarkdown } from './markdown.ts';

/** A text in a form that is easier to read than its source. */
export type Formatted =
  | { readonly format: 'table'; readonly rows: Cells }
  | { readonly format: 'json'; readonly pieces: readonly JsonPiece[] }
  | { readonly format: 'markdown'; readonly blocks: readonly Block[] };

const extensions: Readonly<Record<Formatted['format'], string>> = {
  markdown: 'md markdown mdown',
  json: 'json jsonl ndjson geojson webmanifest ipynb',
  table: 'csv tsv',
};
const formats = new Map(
  (Object.keys(extensions) as Formatted['format'][]).flatMap((format) =>
    extensions[format].split(' ').map((extension) => [extension, format] as const),
  ),
);

/** More rows would make the window slow. */
export const mostRows = 1000;

/** Formats a text by the extension of its name; null if it is shown as it is. */
export function toFormatted(name: string, { text, cut }: Extract<Preview, { kind: 'text' }>): Formatted | null {
  const format = formatOf(name);
  if (format === 'markdown') return { format, blocks: parseMarkdown(text) };
  if (format === 'json') {
    const pieces = formatJson(text, cut !== null);
    return pieces === null ? null : { format, pieces };
  }
  if (format !== 'table') return null;
  // The last line of a text that is cut off is half a row.
  const rows = parseCsv(cut === null ? text : text.slice(0, text.lastIndexOf('\n') + 1), mostRows);
  return rows.length === 0 ? null : { format, rows };
}

function formatOf(name: string): Formatted['format'] | null {
  return formats.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? null;
}
