import { createHash } from 'node:crypto';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileErrors } from './file-failure.ts';
import { withPatience } from './patience.ts';
import { syncFolder } from './sync-folder.ts';

/** The last replacement of each file, which the next one waits for. */
const last = new Map<string, Promise<void>>();

/**
 * Replaces a file atomically; only its owner can read it. Once it resolves, the new content survives a power cut; before
 * that, the old content does. @throws WaybillError `file`
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const before = last.get(path) ?? Promise.resolve();
  const turn = before.then(() => withFileErrors(path, replaceNow(path, text)));
  const settled = turn.catch(() => undefined);
  last.set(path, settled);
  await turn.finally(() => {
    if (last.get(path) === settled) last.delete(path);
  });
}

async function replaceNow(path: string, text: string): Promise<void> {
  // The file may be a link to where someone keeps it.
  const target = await realpath(path).catch(() => path);
  const newPath = newPathOf(target);
  try {
    await rm(newPath, { force: true });
    const file = await open(newPath, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await withPatience(() => rename(newPath, target));
  } catch (error) {
    await rm(newPath, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Always the same, so that what a killed process left is replaced; and nobody's name, as the folder may be anyone's. */
function newPathOf(target: string): string {
  const hash = createHash('sha256').update(target).digest('hex').slice(0, 16);
  return join(dirname(target), `.waybill-${hash}.new`);
}
