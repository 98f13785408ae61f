import { open } from 'node:fs/promises';

/** Syncs that will begin once the one that runs is over, by folder. */
const coming = new Map<string, Promise<void>>();
/** Syncs that run, by folder. */
const running = new Map<string, Promise<void>>();

/**
 * Makes a new name in a folder survive a power cut; Windows can't open folders and needs no such thing. Files that come
 * into a folder at about the same time share one sync: it counts for all whose names were there when it began.
 */
export function syncFolder(folder: string): Promise<void> {
  const next = coming.get(folder);
  if (next !== undefined) return next;
  const before = running.get(folder);
  if (before === undefined) return begin(folder);
  const made = before.then(() => {
    coming.delete(folder);
    return begin(folder);
  });
  coming.set(folder, made);
  return made;
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
