import { readCsv } from './csv.ts';

/**
 * The sizes in bytes that a list of links states, by URL: in a JSON array of objects, or in a table with a heading, both
 * with `url` and `sizeBytes`, as formatLinks() in making/link-list.ts writes them and a spreadsheet copies them. Empty for
 * any other text.
 */
export function listedSizes(text: string): ReadonlyMap<string, number> {
  const rows = /^\s*\[/.test(text) ? jsonRows(text) : tableRows(text);
  const sizes = new Map<string, number>();
  for (const [url, size] of rows) {
    if (/^\d{1,16}$/.test(size)) sizes.set(url.replace(/#.*$/, ''), Number(size));
  }
  return sizes;
}

type Row = readonly [url: string, size: string];

function jsonRows(text: string): readonly Row[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown): readonly Row[] => {
    if (typeof item !== 'object' || item === null) return [];
    const { url, sizeBytes } = item as { readonly url?: unknown; readonly sizeBytes?: unknown };
    return typeof url === 'string' && typeof sizeBytes === 'number' ? [[url, String(sizeBytes)]] : [];
  });
}

/** A table: between its cells is what stands between the names of its columns. */
function tableRows(text: string): readonly Row[] {
  const heading = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const separator = ['\t', ';', ','].find((sign) => heading.split(sign).length > 1);
  if (separator === undefined || !/\burl\b/.test(heading) || !/\bsizeBytes\b/.test(heading)) return [];
  const [names = [], ...rows] = readCsv(text.trimStart(), separator);
  const [urlAt, sizeAt] = [names.indexOf('url'), names.indexOf('sizeBytes')];
  return rows.map((cells) => [cells[urlAt] ?? '', cells[sizeAt] ?? '']);
}
