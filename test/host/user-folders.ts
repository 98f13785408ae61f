import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const defaults = {
  desktop: 'Desktop',
  documents: 'Documents',
  downloads: 'Downloads',
  music: 'Music',
  pictures: 'Pictures',
  videos: 'Videos',
};
const keys = { ...defaults, downloads: 'Download' };

/** The folder that the desktop names in user-dirs.dirs, as xdg-user-dir finds it, or its English name in the home. */
export function userFolder(name: keyof typeof defaults): string {
  const home = os.homedir();
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const line = new RegExp(`^XDG_${keys[name].toUpperCase()}_DIR="(.*)"$`, 'm').exec(readIfThere(config));
  return line?.[1]?.replace(/^\$HOME/, home) ?? path.join(home, defaults[name]);
}

function readIfThere(config: string): string {
  try {
    return readFileSync(path.join(config, 'user-dirs.dirs'), 'utf8');
  } catch {
    return '';
  }
}
