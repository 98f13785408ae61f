import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestDownloads } from '../links/manifest-downloads.ts';
import { isManifest, readManifest } from '../links/share-manifest.ts';
import { linkSource } from '../transfers/object-source.ts';
import type { CommandContext } from './command.ts';
import { saveAs } from './get.ts';
import { forMany } from './many.ts';
import { shown } from './output.ts';

/** The text of a share manifest if `path` is the file of one, else null. */
export async function readManifestFile(path: string): Promise<string | null> {
  const found = /^https?:/i.test(path) ? null : await stat(path).catch(() => null);
  if (found?.isFile() !== true) return null;
  const text = await readFile(path, 'utf8');
  return isManifest(text) ? text : null;
}

/** Downloads all of a share manifest below a folder. @returns how many failed. @throws WaybillError for a damaged one */
export async function fetchManifest(
  text: string,
  folder: string,
  save: CommandContext & { readonly force: boolean; readonly json: boolean },
): Promise<number> {
  const downloads = manifestDownloads(readManifest(text).objects);
  return forMany(
    eachOf(downloads),
    save,
    ({ subfolder, fileName }) => shown(join(subfolder, fileName)),
    async ({ url, parts, subfolder, fileName, expected }) => {
      const source = linkSource(url, { ...parts, expected }, save.dispatcher);
      await saveAs(save, source, join(folder, subfolder, fileName));
    },
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- forMany() takes what is found one by one
async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
