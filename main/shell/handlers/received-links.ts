import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybillError } from '../../failure.ts';
import type { LinkCard } from '../../links/receiving/link-card.ts';
import { manifestDownloads } from '../../links/receiving/manifest-downloads.ts';
import type { FileCard } from '../../links/receiving/received-files.ts';
import { MAX_MANIFEST_BYTES } from '../../links/receiving/share-manifest.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { readSignedUrl } from '../../links/text/pasted-link.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
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

/** Answers the calls about received links and files of links. */
export function receivedHandlers({
  received,
  files,
  queue,
}: Pick<Core, 'received' | 'files' | 'queue'>): Pick<Handlers, ReceivedCalls> {
  const readLink = (linkId: string): { url: string; parts: SignedUrlParts } => {
    const { url } = received.get(linkId);
    const reading = readSignedUrl(url);
    if (reading.kind !== 'link') throw new WaybillError({ kind: 'link', reason: 'malformed' });
    return { url, parts: reading.parts };
  };
  const read = (text: string): LinkCard | FileCard => files.open(text) ?? received.inspect(text);
  return {
    'links.inspect': ({ text }) => read(text),
    'links.diagnose': ({ linkId }) => received.diagnose(linkId),
    'links.probe': ({ linkId }) => received.probe(linkId),
    'links.download': async ({ linkId, folder, fileName }) => {
      await ensureTargetFolder(folder);
      return { transferId: queue.addLinkDownload({ ...readLink(linkId), folder, fileName }) };
    },
    'links.upload': ({ linkId, path, headers }) => {
      return { transferId: queue.addLinkUpload({ ...readLink(linkId), path, headers }) };
    },
    'links.openFile': async ({ path }) => read(await readText(path)),
    'links.downloadFile': async ({ fileId, folder, chosen }) => {
      await ensureTargetFolder(folder);
      const all = manifestDownloads(files.manifest(fileId).objects);
      const chosenIndexes = new Set(chosen);
      const wanted = chosen === null ? all : all.filter((_, index) => chosenIndexes.has(index));
      const requests = wanted.map(({ subfolder, ...download }) => ({ ...download, folder: join(folder, subfolder) }));
      return { transferIds: await queue.addLinkDownloads(requests) };
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

/** Reads a received text file. @throws WaybillError `file`, `input` above the size of the largest manifest */
async function readText(path: string): Promise<string> {
  const { size } = await withFileErrors(path, stat(path));
  if (size > MAX_MANIFEST_BYTES) {
    throw new WaybillError({
      kind: 'input',
      field: 'file',
      rule: 'manifest-too-large',
      limit: String(MAX_MANIFEST_BYTES),
    });
  }
  return withFileErrors(path, readFile(path, 'utf8'));
}
