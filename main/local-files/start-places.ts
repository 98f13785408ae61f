import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { WaybillError } from '../failure.ts';

/** The systems whose places are known. */
interface Machine {
  readonly home: string;
  readonly platform: string;
}

/**
 * Refuses names of strangers that lead from a download folder to where programs are started or configured from: hidden
 * files and folders of the home (`.bashrc`, `.ssh`, `.config/autostart`), macOS's `Library` (LaunchAgents), and Windows'
 * `AppData` (Startup). They can do so only if a person downloads into the home itself or a folder above it. A person may
 * choose such a place in the dialog: then that very folder takes files, and its subfolders don't.
 * @returns whether the file at `path` may be created by a download into `folder`
 */
export function isSafeTarget(folder: string, path: string, machine: Machine): boolean {
  if (!isStartPlace(path, machine)) return true;
  return isStartPlace(folder, machine) && dirname(resolve(path)) === resolve(folder);
}

/** Strangers choose the names of what links lead to. @throws WaybillError `input` for one that isn't safe below `folder` */
export function checkTargets(folder: string, names: readonly string[]): void {
  const machine = { home: homedir(), platform: process.platform };
  const limit = names.find((name) => !isSafeTarget(folder, join(folder, name), machine));
  if (limit !== undefined) throw new WaybillError({ kind: 'input', field: 'file', rule: 'start-place', limit });
}

function isStartPlace(path: string, { home, platform }: Machine): boolean {
  const below = relative(home, path);
  if (below === '' || isAbsolute(below)) return false;
  const [first = ''] = below.split(sep);
  if (first === '..') return false;
  if (first.startsWith('.')) return true;
  // Both systems ignore case in names.
  const name = first.toLowerCase();
  return (platform === 'darwin' && name === 'library') || (platform === 'win32' && name === 'appdata');
}
