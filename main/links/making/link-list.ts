import { csvLine } from '../text/csv.ts';
import { escapeHtml } from '../text/html.ts';

/** The formats of a list of links that are text, each written by formatLinks(). */
export type TextListFormat = 'text' | 'csv' | 'json' | 'markdown' | 'html' | 'manifest';

/** The formats of a list of links. A page is an HTML file that opens in any browser. */
export type LinkListFormat = TextListFormat | 'page';

/** A link of one object in a list. Null means unknown. */
export interface ListedLink {
  readonly key: string;
  readonly versionId: string | null;
  readonly sizeBytes: number | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
  readonly url: string;
}

/** What the links of a list have in common. Times are Unix milliseconds. */
export interface LinkListHead {
  readonly bucket: string;
  /** Cut off the keys to get the receiver's paths; empty, or ends in `/`. */
  readonly base: string;
  readonly validUntil: number;
  readonly madeAt: number;
}

/** Writes a list of links, piece by piece: a share may hold 200,000. */
export function* formatLinks(
  format: TextListFormat,
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
        yield csvLine([key, sizeBytes === null ? '' : String(sizeBytes), isoTime(head.validUntil), url]);
      }
      return;
    case 'json':
      yield* jsonArray(head, links);
      return;
    case 'markdown':
      yield `Valid until ${isoTime(head.validUntil)}\n\n`;
      for (const { key, url } of links) yield `- ${markdownLink(key, url)}\n`;
      return;
    case 'html':
      yield '<ul>\n';
      for (const { key, url } of links) yield `  <li>${htmlLink(key, url)}</li>\n`;
      yield '</ul>\n';
      return;
    case 'manifest':
      yield* shareManifest(head, links);
      return;
    default:
      return format satisfies never;
  }
}

/** How one link is written into a text. */
export type LinkTextFormat = 'url' | 'markdown' | 'html';

/** Writes one link, named by the object's last segment where the format has a place for a name. */
export function formatLink(format: LinkTextFormat, { key, url }: Pick<ListedLink, 'key' | 'url'>): string {
  const name = /[^/]*\/?$/.exec(key)?.[0] ?? key;
  switch (format) {
    case 'url':
      return url;
    case 'markdown':
      return markdownLink(name, url);
    case 'html':
      return htmlLink(name, url);
    default:
      return format satisfies never;
  }
}

function markdownLink(text: string, url: string): string {
  return `[${markdownText(text)}](<${url}>)`;
}

function htmlLink(text: string, url: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}

function* jsonArray({ validUntil }: LinkListHead, links: Iterable<ListedLink>): Generator<string> {
  let separator = '[\n';
  for (const { key, versionId, sizeBytes, url } of links) {
    yield `${separator}  ${JSON.stringify({ key, versionId, sizeBytes, validUntil: isoTime(validUntil), url })}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** Escapes what Markdown would interpret, and line breaks, which would end the list item. */
function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|~&"]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}

/** Writes a share manifest, one object a line. readManifest() in receiving/share-manifest.ts describes the format. */
function* shareManifest(
  { bucket, base, madeAt, validUntil }: LinkListHead,
  links: Iterable<ListedLink>,
): Generator<string> {
  const first = { waybill: 'share', version: 1, madeAt: isoTime(madeAt), validUntil: isoTime(validUntil), bucket };
  let separator = `${JSON.stringify(first).slice(0, -1)},"objects":[\n`;
  for (const { key, sizeBytes, crc64, versionId, url } of links) {
    const path = key.startsWith(base) ? key.slice(base.length) : key;
    yield separator + JSON.stringify({ path, sizeBytes, crc64, versionId, url });
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n]}\n' : `${separator}]}\n`;
}
