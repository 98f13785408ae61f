import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, fileError } from '../local-files/file-failure.ts';
import { foldName, isExactName } from '../local-files/exact-name.ts';
import { checkKey } from '../oss/names.ts';
import type { SkipReason } from './step.ts';

/** Tells which paths can't be created in the local folder. Takes the paths in the order of OSS. */
export class TargetNames {
  readonly #folder: string;
  /** How names were first written, by their folded form; null where case counts. */
  readonly #spellings: Map<string, string> | null;
  /** Files that a later path could take for its folder: each is a beginning of the path before. */
  #files: string[] = [];
  #missingFolder: string | null = null;

  /** `foldsNames`: whether the system takes names that differ in case alone for the same. */
  constructor(folder: string, foldsNames: boolean) {
    this.#folder = folder;
    this.#spellings = foldsNames ? new Map() : null;
  }

  /** Why the file of a path can't have its name; null if nothing among the paths so far prevents it. */
  refusalOf(path: string): SkipReason | null {
    const segments = path.split('/');
    if (!segments.every((segment) => isExactName(segment))) return 'name';
    this.#files = this.#files.filter((file) => path.startsWith(file));
    if (this.#files.some((file) => path.startsWith(`${file}/`))) return 'taken';
    this.#files.push(path);
    return this.#isSpelledOtherwise(segments) ? 'taken' : null;
  }

  /**
   * Whether something that the walk didn't find under this name is there: a folder, or a file whose name the system takes
   * for the same. @throws WaybillError `file`
   */
  async isTaken(path: string): Promise<boolean> {
    const place = join(this.#folder, path);
    const parent = dirname(place);
    // Most files of a first download lie in folders that don't exist yet.
    if (this.#missingFolder !== null && `${parent}/`.startsWith(`${this.#missingFolder}/`)) return false;
    if (await isThere(place)) return true;
    if (parent.length >= this.#folder.length && !(await isThere(parent))) this.#missingFolder = parent;
    return false;
  }

  #isSpelledOtherwise(segments: readonly string[]): boolean {
    if (this.#spellings === null) return false;
    let exact = '';
    for (const segment of segments) {
      exact += `${exact === '' ? '' : '/'}${segment}`;
      const folded = foldName(exact);
      const known = this.#spellings.get(folded);
      if (known === undefined) this.#spellings.set(folded, exact);
      else if (known !== exact) return true;
    }
    return false;
  }
}

/** Whether OSS refuses a key. */
export function isKeyRefused(key: string): boolean {
  try {
    checkKey(key);
    return false;
  } catch {
    return true;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return code === 'ENOTDIR';
    throw fileError(error, path);
  }
}
