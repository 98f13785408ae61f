import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder's name in a new home, and its key in user-dirs.dirs. */
const folders: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['desktop', ['Desktop', 'DESKTOP']],
  ['documents', ['Documents', 'DOCUMENTS']],
  ['downloads', ['Downloads', 'DOWNLOAD']],
  ['music', ['Music', 'MUSIC']],
  ['pictures', ['Pictures', 'PICTURES']],
  ['videos', ['Videos', 'VIDEOS']],
]);

/** The folder that the desktop's user-dirs.dirs names, else its English name in the home; null for no such folder. */
export function userFolder(name: string): string | null {
  const [folder, key] = folders.get(name) ?? [];
  if (folder === undefined || key === undefined) return null;
  const home = os.homedir();
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const line = new RegExp(`^XDG_${key}_DIR="(.*)"$`, 'm').exec(readIfThere(path.join(config, 'user-dirs.dirs')));
  return line?.[1]?.replace(/^\$HOME/, home) ?? path.join(home, folder);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
