import type { call } from '../../lib/bridge.ts';
import { copyName, copyStem } from './copy-name.ts';
import { lastSegment } from '../../lib/key-text.ts';
import { folderOf } from '../../lib/place.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';

/** Copies objects and folders within their folder, under names that are free. */
export class Duplicating {
  readonly #call: typeof call;

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /**
   * Returns the IDs of the transfers, of the keys and then of the prefixes. `word`: what the language writes behind the
   * name of a copy.
   */
  async start({ accountId, bucket, keys, prefixes }: ObjectsRef, word: string): Promise<readonly string[]> {
    const ids: string[] = [];
    // Names that this run gives: their copies may not be listed yet.
    const given = new Set<string>();
    for (const path of [...keys, ...prefixes]) {
      const isFolder = ids.length >= keys.length;
      const folder = folderOf(path);
      const name = lastSegment(path);
      const stem = `${folder}${copyStem(name, isFolder, word)}`;
      const page = await this.#call('objects.list', { accountId, bucket, prefix: stem, pageToken: null });
      const taken = new Set([...page.objects.map(({ key }) => key), ...page.prefixes.map((one) => one.slice(0, -1))]);
      const isTaken = (candidate: string): boolean => {
        const target = `${folder}${candidate}`;
        return taken.has(target) || given.has(target);
      };
      const free = copyName(name, { isFolder, word, isTaken });
      given.add(`${folder}${free}`);
      const added = await this.#call('objects.copy', {
        from: { accountId, bucket, keys: isFolder ? [] : [path], prefixes: isFolder ? [path] : [], versionId: null },
        to: { accountId, bucket, prefix: folder },
        move: false,
        name: free,
        // Somebody else may take the name meanwhile.
        existing: 'keep-both',
      });
      for (const id of added.ids) ids.push(id);
    }
    return ids;
  }
}
