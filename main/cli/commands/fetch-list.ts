import { type PastedList, pastedListOf } from '../../links/receiving/pasted-list.ts';
import { readSignedUrls } from '../../links/text/pasted-link.ts';
import { escapeControls } from '../../words/controls.ts';
import { UsageError } from '../arguments/command.ts';
import type { Output } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { TransferOrder } from '../transfers/transfer-run.ts';
import { downloadsInto } from './fetch-manifest.ts';
import { isFolder } from './get.ts';

/** The order to download several links, and how many addresses beside them can't be downloaded. */
interface ListOrder extends Pick<TransferOrder, 'identity' | 'fill' | 'nameOf'> {
  readonly leftOut: number;
}

/**
 * The order to download all links of a text into a folder, under the names of their files; null for a text with one link
 * or none. Says on stderr which addresses it leaves out, and which are sent unencrypted.
 * @throws UsageError unless `path` is a folder; WaybillError if a link would create a hidden file of the home
 */
export async function fetchList(text: string, path: string, out: Output): Promise<ListOrder | null> {
  const list = pastedListOf(text, readSignedUrls(text), Date.now());
  if (list === null) return null;
  if (!(await isFolder(path))) throw severalLinks('fetch', list);
  const leftOut = list.addresses.filter(({ isDownload }) => !isDownload);
  for (const { path: name } of leftOut) out.say(sentence('cli.fetch.left-out', { name: escapeControls(name) }));
  const exposed = list.addresses.filter((address) => address.isDownload && address.exposed);
  for (const host of new Set(exposed.map((address) => address.host))) out.say(sentence('cli.exposed', { host }));
  const downloads = list.downloads.filter((download) => download !== null);
  return { ...downloadsInto(path, downloads), leftOut: leftOut.length };
}

/** @throws UsageError for a text with several links, of which `send` can't choose one */
export function refuseSeveral(text: string): void {
  const list = pastedListOf(text, readSignedUrls(text), Date.now());
  if (list !== null) throw severalLinks('send', list);
}

function severalLinks(command: 'fetch' | 'send', { addresses }: PastedList): UsageError {
  return new UsageError(sentence(`cli.several-links.${command}`, { count: addresses.length }));
}
