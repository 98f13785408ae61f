import type { ManifestDownload } from '../../../links/receiving/manifest-downloads.ts';
import { type ListedAddress, pastedListOf } from '../../../links/receiving/pasted-list.ts';
import { readSignedUrls } from '../../../links/text/pasted-link.ts';
import { escapeControls } from '../../../words/controls.ts';
import { UsageError } from '../../arguments/command.ts';
import type { Output } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { TransferOrder } from '../../transfers/transfer-order.ts';
import { downloadsInto } from './fetch-manifest.ts';
import { isFolder } from '../../transfers/plans.ts';

/** The order to download several links, and how many addresses beside them can't be downloaded. */
interface ListOrder extends Pick<TransferOrder, 'identity' | 'fill' | 'nameOf'> {
  readonly leftOut: number;
}

/**
 * The order to download all links of a text into a folder, under the names of their files; null for a text with one link
 * or none, and for a file as the target of one. Addresses without a signature count only where there is no link. Says on
 * stderr which addresses it leaves out, which servers the others are on, and which are sent unencrypted.
 * @throws UsageError for several links and no folder; WaybillError if a link would create a hidden file of the home
 */
export async function fetchList(text: string, path: string, out: Output): Promise<ListOrder | null> {
  if (!(await isFolder(path))) {
    refuseSeveral('fetch', text, out);
    return null;
  }
  const list = pastedListOf(text, readSignedUrls(text), Date.now());
  if (list === null) return null;
  const leftOut = list.addresses.filter(({ isDownload }) => !isDownload);
  for (const { path: name } of leftOut) out.say(sentence('cli.fetch.left-out', { name: escapeControls(name) }));
  for (const { path: name } of list.addresses.filter(isBesideLinks)) {
    out.say(sentence('cli.fetch.left-out.unsigned', { name: escapeControls(name) }));
  }
  const wanted = list.addresses.map((address) => address.isDownload && !isBesideLinks(address));
  const downloads = list.downloads.flatMap((download, place) =>
    download !== null && wanted[place] === true ? [download] : [],
  );
  for (const server of new Set(downloads.map(serverOf))) out.say(server);
  const exposed = list.addresses.filter((address, place) => wanted[place] === true && address.exposed);
  for (const host of new Set(exposed.map((address) => address.host))) out.say(sentence('cli.exposed', { host }));
  return { ...downloadsInto(path, downloads), leftOut: leftOut.length };
}

/** Whether it is a file that nobody signed, beside links: a picture of the mail, say. */
function isBesideLinks(address: ListedAddress): boolean {
  return address.kind === 'public-file' && address.besideLinks;
}

/** Where a file is downloaded from: whoever wrote the list has chosen it. */
function serverOf({ parts: { host, bucket } }: ManifestDownload): string {
  return bucket === null ? sentence('receive.server.custom', { host }) : sentence('receive.server', { host, bucket });
}

/**
 * Lets a text with one whole link pass, and says on stderr which other links of it aren't used, since they aren't whole.
 * @throws UsageError for several links, of which the command can't choose one
 */
export function refuseSeveral(command: 'fetch' | 'send', text: string, out: Output): void {
  const found = readSignedUrls(text);
  const list = pastedListOf(text, found, Date.now());
  if (list === null) return;
  if (found.links.length !== 1) {
    throw new UsageError(sentence(`cli.several-links.${command}`, { count: list.addresses.length }));
  }
  for (const { kind, path } of list.addresses) {
    if (kind === 'damaged' || kind === 'unsupported') {
      out.say(sentence(`cli.${command}.left-out`, { name: escapeControls(path) }));
    }
  }
}
