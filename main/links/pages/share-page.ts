import { folderPrefix } from '../../oss/key-path.ts';
import { lastSegment } from '../making/content-disposition.ts';
import type { BatchLink, LinkBatchRequest } from '../making/link-batch.ts';
import { escapeHtml } from '../text/html.ts';
import { pageManifest, type SharePageHead } from './page-manifest.ts';
import { renderPage } from './page-template.ts';

/** The longest list of links outside the data, in characters: it holds each URL whole, and few browsers run no script. */
const MAX_PLAIN_LENGTH = 2 * 1024 ** 2;

/**
 * A page that lists files for anyone's browser: one HTML file, with their links and a share manifest inside.
 * @param folder where the built pages are, as in renderPage()
 */
export async function renderSharePage(head: SharePageHead, links: readonly BatchLink[], folder?: URL): Promise<string> {
  const first = links[0]?.url;
  const content = {
    origins: first === undefined ? [] : [new URL(first).origin],
    data: [...pageManifest(head, links)].join(''),
    plain: { links: plainList(head, links), until: plainTime(head.validUntil) },
  };
  return renderPage('share', content, folder);
}

/** The name of a shared folder; null for a selection. */
export function titleOf({
  bucket,
  keys,
  prefixes,
}: Pick<LinkBatchRequest, 'bucket' | 'keys' | 'prefixes'>): string | null {
  const [prefix, ...others] = prefixes;
  if (prefix === undefined || keys.length + others.length > 0) return null;
  const folder = lastSegment(folderPrefix(prefix));
  return folder === '' ? bucket : folder;
}

/** The links as a list in HTML, which needs no script; empty for too many. */
function plainList({ base, title }: SharePageHead, links: readonly BatchLink[]): string {
  let length = 0;
  const items: string[] = [];
  for (const { key, url } of links) {
    const path = key.startsWith(base) ? key.slice(base.length) : key;
    const item = `<li><a href="${escapeHtml(url)}" target="_blank" rel="noreferrer">${escapeHtml(path)}</a></li>`;
    length += item.length;
    if (length > MAX_PLAIN_LENGTH) return '';
    items.push(item);
  }
  const heading = title === null ? '' : `<h1>${escapeHtml(title)}</h1>\n`;
  return `${heading}<ul>\n${items.join('\n')}\n</ul>`;
}

/** As every reader understands it, whose language isn't known here: 2026-12-01 19:51 UTC. */
function plainTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/^(.*)T(\d\d:\d\d).*$/, '$1 $2 UTC');
}
