import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WaybillError } from '../../failure.ts';
import { isLoopback, readAuthority } from '../../http/authority.ts';

/** A page that Waybill hands out. */
export type PageName = 'drop' | 'drop_parts' | 'share';

/** What makes one page differ from the next. Its script and style are those of every page of this version. */
export interface PageContent {
  /** Origins that the page may reach, such as `https://bucket.oss-cn-hangzhou.aliyuncs.com`. */
  readonly origins: readonly string[];
  /** What the page's script reads: JSON as text, or what becomes that. */
  readonly data: unknown;
  /** For a share page: HTML with its links, for readers without scripts, and until when they work. */
  readonly plain?: { readonly links: string; readonly until: string };
}

/** The pages stand beside the bundle, in the packed app too. They don't exist there when the sources run unbundled. */
const besideBundle = new URL('./pages/', import.meta.url);

/**
 * One HTML file that needs nothing else: no other file, no host but `origins`.
 * @param folder where `npm run build` put the pages; a URL of a folder
 * @throws WaybillError `input` if an origin of a drop page is not https, except on this computer
 */
export async function renderPage(
  name: PageName,
  { origins, data, plain = { links: '', until: '' } }: PageContent,
  folder: URL = besideBundle,
): Promise<string> {
  const template = await readFile(fileURLToPath(new URL(`${name}.html`, folder)), 'utf8');
  const hosts = origins.map((origin) => sourceOf(origin, name)).join(' ');
  return template
    .replaceAll('{{hosts}}', () => hosts)
    .replaceAll('{{until}}', () => plain.until)
    .replace('<!--plain-->', () => plain.links)
    .replace('<!--data-->', () => `<script type="application/json" id="data">${scriptData(data)}</script>`);
}

/** JSON that holds nothing HTML reads as markup: `</script>` or `<!--` in a value would end the data or hide what follows. */
function scriptData(data: unknown): string {
  return (typeof data === 'string' ? data : JSON.stringify(data)).replaceAll('<', '\\u003c');
}

/**
 * An origin as Content-Security-Policy names a source: a host and a port alone, since URL takes quotes, `;` and `*` in a
 * host, which would end the source or the attribute, or name more. Links of a share page may lead to a domain without a
 * certificate, as any link may: that is warned of where they are created.
 * @throws WaybillError `input` for another host, and for a drop page's that is not https, except on this computer
 */
export function sourceOf(origin: string, name: PageName): string {
  const { protocol, host } = new URL(origin);
  if (readAuthority(host) === null)
    throw new WaybillError({ kind: 'input', field: 'endpoint', rule: 'endpoint-format' });
  if (protocol !== 'https:' && !(protocol === 'http:' && (isLoopback(host) || name === 'share')))
    throw new WaybillError({ kind: 'input', field: 'endpoint', rule: 'page-over-http' });
  return `${protocol}//${host}`;
}
