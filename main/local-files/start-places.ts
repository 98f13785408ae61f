import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { WaybillError } from '../failure.ts';
import { own } from '../own.ts';

/** The systems whose places are known. */
interface Machine {
  readonly home: string;
  readonly platform: string;
}

/**
 * Refuses names of strangers that lead from a download folder to where programs are started or configured from: hidden
 * files and folders of the home (`.bashrc`, `.ssh`, `.config/autostart`), macOS's `Library` (LaunchAgents), Windows'
 * `AppData` (Startup) and PowerShell's folders (profile.ps1). They can do so only if a person downloads into the home itself or a folder above it. A person may
 * choose such a place in the dialog: then that very folder takes files, and its subfolders don't.
 * @returns whether the file at `path` may be created by a download into `folder`
 */
export function isSafeTarget(folder: string, path: string, machine: Machine): boolean {
  if (!isStartPlace(path, machine)) return true;
  return isStartPlace(folder, machine) && dirname(resolve(path)) === resolve(folder);
}

/**
 * Strangers choose the names of what links lead to. The home may be known by several paths, so links are resolved.
 * @throws WaybillError `input` for one that isn't safe below `folder`
 */
export function checkTargets(folder: string, names: readonly string[]): void {
  const machine = { home: realPathOf(homedir()), platform: process.platform };
  const real = realPathOf(resolve(folder));
  const limit = names.find((name) => !isSafeTarget(real, join(real, name), machine));
  if (limit !== undefined) throw new WaybillError({ kind: 'input', field: 'file', rule: 'start-place', limit });
}

/** The path without symbolic links, of which the end may not exist yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPathOf(parent), basename(path));
  }
}

/**
 * Below the home, in lower case, since both systems ignore case in names. Cloud drives of macOS are in its `Library`, and
 * OneDrive may hold the documents of Windows.
 * @see https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_profiles
 */
const startPlaces: Readonly<Record<string, RegExp>> = {
  darwin: /^library(?!\/(?:cloudstorage|mobile documents)(?:\/|$))(?:\/|$)/,
  win32: /^(?:appdata|(?:onedrive[^/]*\/)?documents\/(?:windows)?powershell)(?:\/|$)/,
};

function isStartPlace(path: string, { home, platform }: Machine): boolean {
  const below = relative(home, path);
  if (below === '' || isAbsolute(below)) return false;
  const segments = below.split(sep);
  if (segments[0] === '..') return false;
  if (below.startsWith('.')) return true;
  return own(startPlaces, platform)?.test(segments.join('/').toLowerCase()) ?? false;
}
