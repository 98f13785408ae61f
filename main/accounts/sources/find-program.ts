import { existsSync } from 'node:fs';
import { win32 } from 'node:path';
import type { Environment } from '../environment.ts';

/** What it depends on where a program is. */
interface System {
  readonly platform: NodeJS.Platform;
  readonly exists: (path: string) => boolean;
}

const here: System = { platform: process.platform, exists: existsSync };

/**
 * The program that a command names; null if there is none. Windows looks a bare name up in the current folder first, where a
 * download may lie in wait under it: here only the folders of PATH count, as on other systems.
 * @see https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw
 */
export function findProgram(file: string, environment: Environment, { platform, exists } = here): string | null {
  if (platform !== 'win32' || /[\\/:]/.test(file)) return file;
  const names = /\.(?:exe|com)$/i.test(file) ? [file] : [`${file}.exe`, `${file}.com`];
  return (
    foldersOf(environment)
      .flatMap((folder) => names.map((name) => win32.join(folder, name)))
      .find(exists) ?? null
  );
}

/** The folders of PATH, whose name has any case; one that isn't absolute would depend on the current folder. */
function foldersOf(environment: Environment): readonly string[] {
  const [, path = ''] = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH') ?? [];
  return path
    .split(';')
    .map((folder) => folder.replaceAll('"', '').trim())
    .filter((folder) => /^(?:[a-z]:[\\/]|\\\\)/i.test(folder));
}
