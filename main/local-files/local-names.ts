import { numberedName, safeName } from './safe-name.ts';

/**
 * Gives each key of one download its own path below the target folder. Two keys never meet, not even on a system that
 * takes `A` and `a`, or a composed and a decomposed `é`, for the same; the second is numbered.
 */
export class LocalNames {
  /** What each folder holds, by a name in which all equal names are equal. */
  readonly #taken = new Map<string, Set<string>>();
  readonly #folders = new Map<string, string>();
  readonly #kept = new Map<string, string>();

  /** The key had this path before: it has it again, and no other gets it. Must come before any other key is named. */
  keep(key: string, path: string): void {
    const segments = key.split('/');
    let parent = '';
    let prefix = '';
    for (const [index, name] of path.split('/').entries()) {
      this.#takenIn(parent).add(sameName(name));
      parent = parent === '' ? name : `${parent}/${name}`;
      prefix += `${segments[index] ?? ''}/`;
      if (index < segments.length - 1) this.#folders.set(prefix, parent);
      else this.#kept.set(key, path);
    }
  }

  /**
   * The relative path (separator `/`) for a key. For a key that ends in `/` it is that of the folder.
   * @param key the part of the key that makes the path
   * @param hasBytes whether a file is needed, even if the key ends in `/`
   */
  pathOf(key: string, hasBytes = !key.endsWith('/')): string {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const segments = key.split('/');
    const name = segments.pop() ?? '';
    let parent = '';
    let prefix = '';
    for (const segment of segments) {
      prefix += `${segment}/`;
      parent = this.#folderOf(prefix, segment, parent);
    }
    return name === '' && !hasBytes ? parent : this.#free(parent, name);
  }

  #folderOf(prefix: string, segment: string, parent: string): string {
    const known = this.#folders.get(prefix);
    if (known !== undefined) return known;
    const folder = this.#free(parent, segment);
    this.#folders.set(prefix, folder);
    return folder;
  }

  #free(parent: string, wanted: string): string {
    const taken = this.#takenIn(parent);
    const safe = safeName(wanted);
    let name = safe;
    for (let number = 2; taken.has(sameName(name)); number += 1) name = numberedName(safe, number);
    taken.add(sameName(name));
    return parent === '' ? name : `${parent}/${name}`;
  }

  #takenIn(parent: string): Set<string> {
    const taken = this.#taken.get(parent) ?? new Set<string>();
    this.#taken.set(parent, taken);
    return taken;
  }
}

function sameName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
