import { numberedName, safeName } from './safe-name.ts';

/**
 * Gives each key of a download a unique path below the target folder. Two keys never share a path, even on file systems
 * that treat `A` and `a`, or a composed and a decomposed `é`, as equal: the second name is numbered.
 */
export class LocalNames {
  /** Names taken in each folder, normalised so that equal names compare equal. */
  readonly #taken = new Map<string, Set<string>>();
  readonly #folders = new Map<string, string>();
  readonly #reserved = new Map<string, string>();

  /** Reserves the path this key had in an earlier run. Call it before the first pathOf(). */
  reserve(key: string, path: string): void {
    const segments = key.split('/');
    let parent = '';
    let prefix = '';
    for (const [index, name] of path.split('/').entries()) {
      this.#takenIn(parent).add(normaliseName(name));
      parent = parent === '' ? name : `${parent}/${name}`;
      prefix += `${segments[index] ?? ''}/`;
      if (index < segments.length - 1) this.#folders.set(prefix, parent);
      else this.#reserved.set(key, path);
    }
  }

  /**
   * Returns the relative path for a key, separated by `/`; for a key that ends in `/`, that of the folder.
   * @param key the part of the key that becomes the path
   * @param hasBytes whether a file is needed even if the key ends in `/`
   */
  pathOf(key: string, hasBytes = !key.endsWith('/')): string {
    const reserved = this.#reserved.get(key);
    if (reserved !== undefined) return reserved;
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
    for (let number = 2; taken.has(normaliseName(name)); number += 1) name = numberedName(safe, number);
    taken.add(normaliseName(name));
    return parent === '' ? name : `${parent}/${name}`;
  }

  #takenIn(parent: string): Set<string> {
    const taken = this.#taken.get(parent) ?? new Set<string>();
    this.#taken.set(parent, taken);
    return taken;
  }
}

function normaliseName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
