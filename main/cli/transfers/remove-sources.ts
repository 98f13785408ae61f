import { readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileErrors } from '../../local-files/file-failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { deleteObject } from '../../oss/operations/deletes.ts';
import { inParallel } from '../../transfers/parallel.ts';
import { filesOf } from '../../transfers/queue/expand.ts';
import type { PlannedTransfer } from '../../transfers/queue/planned-transfer.ts';
import { REQUEST_RETRY, retry } from '../../transfers/retry-policy.ts';
import { contentOfFile, contentOfObject, hasSameContent } from '../../transfers/run/same-content.ts';
import type { Work } from '../../transfers/tasks/task.ts';

/** Sources compared at a time, each of which reads a file. */
const PARALLEL = 4;
const BATCH = 256;

/** What was transferred between this computer and OSS. */
export type LocalWork = Extract<Work, { kind: 'upload' | 'download' | 'upload-folder' | 'download-folder' }>;

/**
 * Completes a move between this computer and OSS, after all of it was transferred: reads each file once more and deletes its
 * source if both are the same by size and CRC-64. Folders that are empty then go as well.
 * @returns the number of sources that stay, since their target is another file
 * @throws WaybillError `file`, or what OSS answered
 */
export async function removeSources(work: LocalWork, connection: Connection, signal: AbortSignal): Promise<number> {
  let kept = 0;
  const removeAll = (batch: readonly PlannedTransfer['work'][]): Promise<void> =>
    inParallel(
      batch,
      () => PARALLEL,
      signal,
      async (item, stop) => {
        if (!(await removeOne(item, connection, stop))) kept += 1;
      },
    );
  let batch: Work[] = [];
  for await (const item of worksOf(work, connection)) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    await removeAll(batch);
    batch = [];
  }
  await removeAll(batch);
  if (work.kind === 'upload-folder') await removeEmptyFolders(work.path);
  return kept;
}

async function* worksOf(work: LocalWork, connection: Connection): AsyncGenerator<Work> {
  if (work.kind === 'upload' || work.kind === 'download') yield work;
  else for await (const item of filesOf(() => Promise.resolve(connection), work)) yield item.work;
}

/** Returns whether the source is gone. */
async function removeOne(work: Work, connection: Connection, signal: AbortSignal): Promise<boolean> {
  if (work.kind !== 'upload' && work.kind !== 'download') return false;
  const { kind, what, path, bucket, key } = work;
  if (what === 'empty-folder') return true;
  const remove = (): Promise<unknown> =>
    kind === 'upload'
      ? withFileErrors(path, unlink(path))
      : retry(() => deleteObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  const stored = await contentOfObject({ connection, bucket, key }, signal);
  if (what === 'folder') {
    if (stored?.sizeBytes !== 0) return false;
  } else {
    const local = what === 'unread' ? null : await contentOfFile(path);
    if (stored === null || local === null || !(await hasSameContent(local, stored))) return false;
  }
  signal.throwIfAborted();
  await remove();
  return true;
}

/** Deletes a folder and those in it, as far as nothing else is in them. */
async function removeEmptyFolders(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeEmptyFolders(join(path, entry.name));
  }
  // Not empty, or not ours to delete: it stays.
  await rmdir(path).catch(() => undefined);
}
