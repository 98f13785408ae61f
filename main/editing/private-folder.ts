import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileErrors } from '../local-files/file-failure.ts';

/**
 * Creates a folder of its own for a file, which only this user can look into, and returns the file's path.
 * @throws WaybillError `file`
 */
export async function makeFolderFor(root: string, id: string, name: string): Promise<string> {
  const folder = join(root, id);
  await withFileErrors(folder, mkdir(folder, { recursive: true, mode: 0o700 }));
  return join(folder, name);
}

/** Removes the folder of a file with all that editors left in it. What a program holds open on Windows stays. */
export async function removeFolderOf(path: string): Promise<void> {
  // Windows doesn't delete what is read-only.
  await chmod(path, 0o600).catch(() => undefined);
  await rm(dirname(path), { recursive: true, force: true }).catch(() => undefined);
}

/** Removes the folders of earlier runs, except for these. */
export async function sweepFolders(root: string, keptIds: ReadonlySet<string>): Promise<void> {
  for (const id of await readdir(root).catch(() => [])) {
    if (keptIds.has(id)) continue;
    for (const name of await readdir(join(root, id)).catch(() => [])) {
      await chmod(join(root, id, name), 0o600).catch(() => undefined);
    }
    await rm(join(root, id), { recursive: true, force: true }).catch(() => undefined);
  }
}
