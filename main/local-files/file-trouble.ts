import { copyFileSync, linkSync, lstatSync, renameSync } from 'node:fs';

/** What the person must be told about one of Waybill's own files. */
export type FileTrouble =
  /** Some or all of the content was unreadable. The file, as it was found, is kept at `setAside`. */
  | { readonly kind: 'damaged'; readonly path: string; readonly setAside: string }
  /** The last line was cut off and has been dropped: the process or the computer stopped while writing it. */
  | { readonly kind: 'incomplete'; readonly path: string }
  /** Some or all of the content is from a newer version of Waybill. It stays in the file, unused. */
  | { readonly kind: 'newer'; readonly path: string }
  /** The file can't be read or written: changes last until Waybill quits. */
  | { readonly kind: 'unsaved'; readonly path: string };

/**
 * Keeps a damaged file that is about to be replaced at `<path>.damaged-<time>`: under a second name where the file system
 * has hard links, as a copy elsewhere, and by renaming it on a full disk or if it can't be read (or is a folder).
 * Returns that path, null if none of these is possible.
 */
export function keepAside(path: string, isReadable: boolean, now: number = Date.now()): string | null {
  const aside = freeAside(path, now);
  for (const keep of isReadable ? [linkSync, copyFileSync, renameSync] : [renameSync]) {
    try {
      keep(path, aside);
      return aside;
    } catch {
      // Try the next way.
    }
  }
  return null;
}

function freeAside(path: string, now: number): string {
  const first = `${path}.damaged-${new Date(now).toISOString().replaceAll(':', '')}`;
  let aside = first;
  for (let number = 2; isTaken(aside); number += 1) aside = `${first}-${number}`;
  return aside;
}

function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
