import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, fileError } from './file-failure.ts';
import { numberedName } from './safe-name.ts';

/** Whether anything has this path, a broken link too. @throws WaybillError `file` where that can't be seen */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError(error, path);
  }
}

/** The path itself where it is free, else the first free `name (2).ext` beside it. */
export async function freePath(path: string): Promise<string> {
  let free = path;
  for (let number = 2; await exists(free); number += 1) {
    free = join(dirname(path), numberedName(basename(path), number));
  }
  return free;
}
