import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type ManifestDownload, manifestDownloads } from '../../../links/receiving/manifest-downloads.ts';
import { checkTargets } from '../../../local-files/start-places.ts';
import { isManifest, readManifest } from '../../../links/receiving/share-manifest.ts';
import { fillWithLinks } from '../../transfers/link-queue.ts';
import { processingOf } from '../../../transfers/queue/link-task.ts';
import { escapeControls } from '../../../words/controls.ts';
import type { Output } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { TransferOrder } from '../../transfers/transfer-order.ts';

/** The text of the share manifest that `given` is the file of; otherwise `given` itself, a link or a manifest's text. */
export async function readManifestFile(given: string): Promise<string> {
  const found = /^https?:/i.test(given) || isManifest(given) ? null : await stat(given).catch(() => null);
  if (found?.isFile() !== true) return given;
  const text = await readFile(given, 'utf8');
  return isManifest(text) ? text : given;
}

/**
 * The order to download a share manifest into a folder. Says on stderr which server the links lead to.
 * @throws WaybillError if the manifest is damaged, if its links lead elsewhere than it says, or into hidden files of a home
 */
export function fetchManifest(
  text: string,
  folder: string,
  out: Output,
): Pick<TransferOrder, 'identity' | 'fill' | 'nameOf'> {
  const { objects: listed, server } = readManifest(text);
  if (server !== null) {
    const { host, bucket, exposed } = server;
    out.say(
      bucket === null ? sentence('receive.server.custom', { host }) : sentence('receive.server', { host, bucket }),
    );
    if (exposed) out.say(sentence('cli.exposed', { host }));
  }
  return downloadsInto(folder, manifestDownloads(listed));
}

/** The order to download several files into a folder. @throws WaybillError if one is a hidden file of a home */
export function downloadsInto(
  folder: string,
  downloads: readonly ManifestDownload[],
): Pick<TransferOrder, 'identity' | 'fill' | 'nameOf'> {
  checkTargets(
    folder,
    downloads.map(({ subfolder, fileName }) => join(subfolder, fileName)),
  );
  const requests = downloads.map(({ url, parts, subfolder, fileName, expected }) => ({
    ...{ url, parts, expected, fileName },
    ...{ folder: join(folder, subfolder), root: folder },
  }));
  const objects = downloads.map(({ parts, subfolder, fileName }) => [
    ...[parts.host, parts.bucket, parts.key, parts.versionId],
    ...[subfolder, fileName, ...processingOf(parts)],
  ]);
  return {
    identity: [folder, resolve(folder), objects],
    fill: fillWithLinks(requests),
    nameOf: ({ localPath }) => escapeControls(relative(folder, localPath ?? '')),
  };
}
