import type { LinkListHead, ListedLink } from './listed-link.ts';
import { shareManifest } from './share-manifest.ts';

/** How links of many objects are written down. */
export type LinkListFormat = 'text' | 'csv' | 'json' | 'markdown' | 'manifest';

/** Writes links down: the pieces of a text, so that thousands of them need not be one string. */
export function* formatLinks(
  format: LinkListFormat,
  head: LinkListHead,
  links: Iterable<ListedLink>,
): Generator<string> {
  switch (format) {
    case 'text':
      for (const { url } of links) yield `${url}\n`;
      return;
    case 'csv':
      yield csvLine(['key', 'sizeBytes', 'validUntil', 'url']);
      for (const { key, sizeBytes, url } of links) {
        yield csvLine([key, sizeBytes === null ? '' : String(sizeBytes), new Date(head.validUntil).toISOString(), url]);
      }
      return;
    case 'json':
      yield* jsonArray(head, links);
      return;
    case 'markdown':
      yield `Valid until ${new Date(head.validUntil).toISOString()}\n\n`;
      for (const { key, url } of links) yield `- [${markdownText(key)}](<${url}>)\n`;
      return;
    case 'manifest':
      yield* shareManifest(head, links);
      return;
    default:
      return format satisfies never;
  }
}

/**
 * RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe: keys are chosen by anybody.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(',')}\r\n`;
}

function* jsonArray({ validUntil }: LinkListHead, links: Iterable<ListedLink>): Generator<string> {
  let separator = '[\n';
  for (const { key, versionId, sizeBytes, url } of links) {
    yield `${separator}  ${JSON.stringify({ key, versionId, sizeBytes, validUntil: new Date(validUntil).toISOString(), url })}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A key as it is read, whatever Markdown would make of its signs. Line breaks would end the list. */
function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|~&"]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}
