import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { manifestDownloads } from '../../links/receiving/manifest-downloads.ts';
import { isManifest, readManifest } from '../../links/receiving/share-manifest.ts';
import { fillWithLinks } from '../transfers/link-queue.ts';
import { escapeControls } from '../terminal/output.ts';
import type { TransferOrder } from '../transfers/transfer-run.ts';

/** The text of a share manifest; null if `path` isn't the file of one. */
export async function readManifestFile(path: string): Promise<string | null> {
  const found = /^https?:/i.test(path) ? null : await stat(path).catch(() => null);
  if (found?.isFile() !== true) return null;
  const text = await readFile(path, 'utf8');
  return isManifest(text) ? text : null;
}

/** The order to download a share manifest into a folder. @throws WaybillError if the manifest is damaged */
export function fetchManifest(text: string, folder: string): Pick<TransferOrder, 'identity' | 'fill' | 'nameOf'> {
  const downloads = manifestDownloads(readManifest(text).objects);
  const requests = downloads.map(({ url, parts, subfolder, fileName, expected }) => ({
    ...{ url, parts, expected, fileName },
    folder: join(folder, subfolder),
  }));
  const objects = downloads.map(({ parts, subfolder, fileName }) => [
    ...[parts.host, parts.bucket, parts.key, parts.versionId],
    ...[subfolder, fileName],
  ]);
  return {
    identity: [folder, resolve(folder), objects],
    fill: fillWithLinks(requests),
    nameOf: ({ localPath }) => escapeControls(relative(folder, localPath ?? '')),
  };
}
