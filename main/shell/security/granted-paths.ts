import { WaybillError } from '../../failure.ts';

/**
 * The local paths that a person gave in this run: a page names paths, but only these are used. They come from main's own
 * dialogs, and from dropped files, whose paths the preload reads from the `File` objects: a page's script can't create a
 * `File` with a path. Only exact paths count, since no call needs others: folders are walked in main. The record isn't
 * saved: unfinished transfers have their paths in the journal, and the download folder is in the settings.
 */
export class GrantedPaths {
  readonly #readable = new Set<string>();
  readonly #targets: Set<string>;

  /** `downloadFolders` take downloads without a dialog: the system's, and the settings' at the start. */
  constructor(downloadFolders: readonly string[]) {
    this.#targets = new Set(downloadFolders);
  }

  /** Records files and folders that the person dropped, or chose to be read. */
  addReadable(paths: readonly string[]): void {
    for (const path of paths) this.#readable.add(path);
  }

  /** Records a folder that the person chose to be written to. */
  addTarget(folder: string): void {
    this.#targets.add(folder);
  }

  /** @throws WaybillError `input` unless the person gave each of the files and folders to be read */
  checkReadable(paths: readonly string[]): void {
    if (!paths.every((path) => this.#readable.has(path))) throw notGranted();
  }

  /** @throws WaybillError `input` unless the person chose the folder to be written to */
  checkTarget(folder: string): void {
    if (!this.#targets.has(folder)) throw notGranted();
  }
}

function notGranted(): WaybillError {
  return new WaybillError({ kind: 'input', field: 'path', rule: 'path-not-granted' });
}
