import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { safeName } from './safe-name.ts';

/** Longest name on the file systems in use, in bytes of UTF-8 (ext4, APFS, XFS). */
const MAX_NAME_BYTES = 255;

/**
 * Whether a file or folder can have exactly this name on this system, with nothing replaced. Windows reserves names and
 * characters; other systems take everything but `/` and NUL.
 */
export function isExactName(name: string, platform: NodeJS.Platform = process.platform): boolean {
  if (name === '' || name === '.' || name === '..' || /[\0/]|\p{Surrogate}/u.test(name)) return false;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return false;
  return platform !== 'win32' || safeName(name) === name;
}

/** The form in which names are compared by systems to which `A` and `a`, or two forms of `é`, are the same. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * Whether names that differ in case alone mean the same file around this folder, which doesn't have to exist. Looks at
 * the nearest folder that does, and writes nothing.
 */
export async function foldsNames(folder: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  for (let path = await existingPart(folder); path !== dirname(path); path = dirname(path)) {
    const name = basename(path);
    const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    if (other === name) continue;
    const [found, same] = await Promise.all([lstat(path), lstat(join(dirname(path), other)).catch(() => null)]);
    return same !== null && same.ino === found.ino && same.dev === found.dev;
  }
  return platform === 'win32' || platform === 'darwin';
}

/** The folder, or the nearest one above it that exists. */
async function existingPart(folder: string): Promise<string> {
  const found = await realpath(folder).catch(() => null);
  return found !== null || folder === dirname(folder) ? (found ?? folder) : existingPart(dirname(folder));
}
