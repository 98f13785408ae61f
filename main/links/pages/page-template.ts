import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WaybillError } from '../../failure.ts';

/** A page that Waybill hands out. */
export type PageName = 'drop' | 'share';

/** What makes one page differ from the next. Its script and style are those of every page of this version. */
export interface PageContent {
  /** Origins that the page may reach, such as `https://bucket.oss-cn-hangzhou.aliyuncs.com`. */
  readonly origins: readonly string[];
  /** What the page's script reads: JSON. */
  readonly data: unknown;
}

/** The pages stand beside the bundle, in the packed app too. They don't exist there when the sources run unbundled. */
const besideBundle = new URL('./pages/', import.meta.url);

/**
 * One HTML file that needs nothing else: no other file, no host but `origins`.
 * @param folder where `npm run build` put the pages; a URL of a folder
 * @throws WaybillError `input` if an origin is not https, except on this computer
 */
export async function renderPage(
  name: PageName,
  { origins, data }: PageContent,
  folder: URL = besideBundle,
): Promise<string> {
  const template = await readFile(fileURLToPath(new URL(`${name}.html`, folder)), 'utf8');
  const hosts = origins.map(toSource).join(' ');
  return template
    .replaceAll('{{hosts}}', () => hosts)
    .replace('<!--data-->', () => `<script type="application/json" id="data">${scriptData(data)}</script>`);
}

/** JSON that holds nothing HTML reads as markup: `</script>` or `<!--` in a value would end the data or hide what follows. */
function scriptData(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

/**
 * An origin as Content-Security-Policy names a source. URL has checked and encoded the host, so that it can hold neither
 * a blank nor a quote, which would end the source or the attribute.
 */
function toSource(origin: string): string {
  const { origin: source, protocol, hostname } = new URL(origin);
  const isLoopback = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback))
    throw new WaybillError({ kind: 'input', field: 'endpoint', rule: 'page-over-http' });
  return source;
}
