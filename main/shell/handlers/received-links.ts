import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybillError } from '../../failure.ts';
import { manifestDownloads } from '../../links/manifest-downloads.ts';
import { onFile } from '../../local-files/file-failure.ts';
import { readSignedUrl, type SignedUrlParts } from '../../oss/signed-url.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { ensureTargetFolder } from './target-folder.ts';

type ReceivedCalls =
  | 'links.inspect'
  | 'links.probe'
  | 'links.diagnose'
  | 'links.download'
  | 'links.upload'
  | 'links.openFile'
  | 'links.downloadFile'
  | 'links.fillSlot';

/** Links, and files of links, that were received. */
export function receivedHandlers({
  received,
  files,
  queue,
}: Pick<Core, 'received' | 'files' | 'queue'>): Pick<Handlers, ReceivedCalls> {
  const sealed = (linkId: string): { url: string; parts: SignedUrlParts } => {
    const { url } = received.get(linkId);
    const reading = readSignedUrl(url);
    if (reading.kind !== 'link') throw new WaybillError({ kind: 'link', reason: 'malformed' });
    return { url, parts: reading.parts };
  };
  return {
    'links.inspect': ({ text }) => received.inspect(text),
    'links.diagnose': ({ linkId }) => received.diagnose(linkId),
    'links.probe': ({ linkId }) => received.probe(linkId),
    'links.download': async ({ linkId, folder, fileName }) => {
      await ensureTargetFolder(folder);
      return { transferId: queue.addLinkDownload({ ...sealed(linkId), folder, fileName }) };
    },
    'links.upload': ({ linkId, path, headers }) => {
      return { transferId: queue.addLinkUpload({ ...sealed(linkId), path, headers }) };
    },
    'links.openFile': async ({ path }) => files.open(await onFile(path, readFile(path, 'utf8'))),
    'links.downloadFile': async ({ fileId, folder }) => {
      await ensureTargetFolder(folder);
      const downloads = manifestDownloads(files.manifest(fileId).objects);
      const requests = downloads.map(({ subfolder, ...download }) => ({
        ...download,
        folder: join(folder, subfolder),
      }));
      return { added: await queue.addLinkDownloads(requests) };
    },
    'links.fillSlot': ({ fileId, name, path }) => {
      const slot = files.uploadRequest(fileId).slots.find((other) => other.name === name);
      const reading = slot === undefined ? null : readSignedUrl(slot.url);
      if (slot === undefined || reading?.kind !== 'link') {
        throw new WaybillError({ kind: 'input', field: 'slot', rule: 'unknown' });
      }
      const { url, parts } = reading;
      return { transferId: queue.addLinkUpload({ url, parts, path, headers: slot.headers }) };
    },
  };
}
