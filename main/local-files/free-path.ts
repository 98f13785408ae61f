import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, fileError } from './file-failure.ts';
import { numberedName } from './safe-name.ts';

/**
 * Returns whether anything exists at this path, including a broken link.
 * @throws WaybillError `file` if that can't be determined
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError(error, path);
  }
}

/** Returns the path itself if it is free, otherwise the first free `name (2).ext` next to it. */
export async function freePath(path: string): Promise<string> {
  let free = path;
  for (let number = 2; await exists(free); number += 1) {
    free = join(dirname(path), numberedName(basename(path), number));
  }
  return free;
}
