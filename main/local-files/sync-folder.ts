import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Syncs that will start after the running one, by folder. */
const pending = new Map<string, Promise<void>>();
/** Running syncs, by folder. */
const running = new Map<string, Promise<void>>();

/**
 * Makes new names in a folder survive a power cut. Does nothing on Windows, which can't open folders and doesn't need
 * it. Files created at about the same time share a sync, which covers all names present when it started.
 */
export function syncFolder(folder: string): Promise<void> {
  const planned = pending.get(folder);
  if (planned !== undefined) return planned;
  const before = running.get(folder);
  if (before === undefined) return begin(folder);
  const next = before.then(() => {
    pending.delete(folder);
    return begin(folder);
  });
  pending.set(folder, next);
  return next;
}

function begin(folder: string): Promise<void> {
  const sync = syncNow(folder).finally(() => {
    if (running.get(folder) === sync) running.delete(folder);
  });
  running.set(folder, sync);
  return sync;
}

async function syncNow(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Like syncFolder(), but returns when it is done. */
export function syncFolderNow(folder: string): void {
  let file: number | null = null;
  try {
    file = openSync(folder, 'r');
    fsyncSync(file);
  } catch {
    // Windows can't open folders, and some file systems can't sync them.
  } finally {
    if (file !== null) closeSync(file);
  }
}
