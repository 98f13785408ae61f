import { join } from 'node:path';
import { shell } from 'electron';
import { WaybillError } from '../../failure.ts';
import type { ReceivedCard } from '../../links/receiving/received-files.ts';
import { MAX_MANIFEST_BYTES } from '../../links/receiving/share-manifest.ts';
import { ticketLinks } from '../../links/receiving/ticket-file.ts';
import { recognise } from '../../links/receiving/recognise.ts';
import { readText } from '../../local-files/read-text.ts';
import { safeName } from '../../local-files/safe-name.ts';
import { checkTargets } from '../../local-files/start-places.ts';
import { readManySignedUrls, readSignedUrl } from '../../links/text/pasted-link.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { browserAddress } from '../security/browser-address.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { recogniseFile } from '../security/read-sent.ts';
import { ensureTargetFolder } from './target-folder.ts';

type ReceivedCalls =
  | 'links.recognise'
  | 'links.inspect'
  | 'links.probe'
  | 'links.diagnose'
  | 'links.download'
  | 'links.browse'
  | 'links.upload'
  | 'links.openFile'
  | 'links.openListed'
  | 'links.downloadFile'
  | 'links.fillSlot'
  | 'links.sendTicket';

/** Answers the calls about received links and files of links. */
export function receivedHandlers(
  { received, files, queue }: Pick<Core, 'received' | 'files' | 'queue'>,
  paths: GrantedPaths,
  confirmBrowsing: (address: URL) => Promise<void>,
): Pick<Handlers, ReceivedCalls> {
  const read = async (text: string): Promise<ReceivedCard> => {
    const file = files.open(text);
    if (file !== null) return file;
    const found = await readManySignedUrls(text);
    return (await files.openList(text, found)) ?? received.keep(found.links[0] ?? found.otherwise);
  };
  return {
    'links.recognise': (sent) => {
      if ('text' in sent) return [recognise(sent.text)];
      paths.checkReadable(sent.paths);
      return Promise.all(sent.paths.map(recogniseFile));
    },
    'links.inspect': ({ text }) => read(text),
    'links.diagnose': ({ linkId }) => received.diagnose(linkId),
    'links.probe': ({ linkId }) => received.probe(linkId),
    'links.download': async ({ linkId, folder, fileName }) => {
      paths.checkTarget(folder);
      checkTargets(folder, [safeName(fileName)]);
      await ensureTargetFolder(folder);
      return { transferId: queue.addLinkDownload({ ...received.target(linkId), folder, fileName }) };
    },
    'links.browse': async ({ linkId }) => {
      const address = browserAddress(received.addressOf(linkId));
      await confirmBrowsing(address);
      try {
        await shell.openExternal(address.href);
      } catch (error) {
        throw new WaybillError({ kind: 'input', field: 'link', rule: 'no-browser' }, { cause: error });
      }
      return null;
    },
    'links.openFile': async ({ path }) => {
      paths.checkReadable([path]);
      return read(await readLinks(path));
    },
    'links.openListed': ({ fileId, place }) => received.keep(files.listed(fileId, place)),
    'links.downloadFile': async ({ fileId, folder, chosen }) => {
      paths.checkTarget(folder);
      await ensureTargetFolder(folder);
      const wanted = files.downloads(fileId, chosen);
      const names = wanted.map(({ subfolder, fileName }) => join(subfolder, fileName));
      checkTargets(folder, names);
      const requests = wanted.map(({ subfolder, ...download }) => ({
        ...{ ...download, folder: join(folder, subfolder), root: folder },
      }));
      return { transferIds: await queue.addLinkDownloads(requests) };
    },
    ...uploadHandlers({ received, files, queue }, paths),
  };
}

/** Answers the calls that send a file through something received. */
function uploadHandlers(
  { received, files, queue }: Pick<Core, 'received' | 'files' | 'queue'>,
  paths: GrantedPaths,
): Pick<Handlers, 'links.upload' | 'links.fillSlot' | 'links.sendTicket'> {
  return {
    'links.upload': ({ linkId, path, headers }) => {
      paths.checkReadable([path]);
      return { transferId: queue.addLinkUpload({ ...received.target(linkId), path, headers }) };
    },
    'links.fillSlot': ({ fileId, name, path }) => {
      paths.checkReadable([path]);
      const slot = files.uploadRequest(fileId).slots.find((other) => other.name === name);
      const reading = slot === undefined ? null : readSignedUrl(slot.url);
      if (slot === undefined || reading?.kind !== 'link') {
        throw new WaybillError({ kind: 'input', field: 'slot', rule: 'unknown' });
      }
      const { url, parts } = reading;
      return { transferId: queue.addLinkUpload({ url, parts, path, headers: slot.headers }) };
    },
    'links.sendTicket': ({ fileId, path }) => {
      paths.checkReadable([path]);
      return { transferId: queue.addTicketUpload({ ticket: ticketLinks(files.ticket(fileId)), path }) };
    },
  };
}

/** Reads a received text file. @throws WaybillError `file`, `input` above the size of the largest manifest */
async function readLinks(path: string): Promise<string> {
  const text = await readText(path, MAX_MANIFEST_BYTES);
  if (text !== null) return text;
  const limit = String(MAX_MANIFEST_BYTES);
  throw new WaybillError({ kind: 'input', field: 'file', rule: 'manifest-too-large', limit });
}
