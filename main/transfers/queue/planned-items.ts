import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WaybillError } from '../../failure.ts';
import { isExactName } from '../../local-files/exact-name.ts';
import { fileError } from '../../local-files/file-failure.ts';
import { readLines } from '../../local-files/read-lines.ts';
import type { FolderWork, PlannedTransfer } from './planned-transfer.ts';

/** A line about a file to upload or an object to download. Lines with another `action` are passed over. */
const transferLine = z.object({
  /** Relative to folder and prefix, separated by `/`. */
  path: z.string().min(1),
  step: z.object({ action: z.enum(['upload', 'download']) }),
  local: z.object({ sizeBytes: z.int().min(0), modifiedAt: z.number() }).nullable(),
  remote: z.object({ sizeBytes: z.int().min(0), lastModified: z.number(), etag: z.string() }).nullable(),
});

/**
 * Yields what a plan, a file of JSON lines, says to transfer between a folder and a prefix: nothing else of them.
 * @throws WaybillError `file` if the plan can't be read
 */
export function* plannedItems(work: FolderWork, plan: string): Generator<PlannedTransfer> {
  const file = openPlan(plan);
  try {
    for (const { text } of readLines(file, fstatSync(file).size)) {
      const line = transferLine.safeParse(text === null ? null : JSON.parse(text));
      const item = line.success ? itemOf(work, line.data) : null;
      if (item !== null) yield item;
    }
  } catch (error) {
    throw fileError(error, plan);
  } finally {
    closeSync(file);
  }
}

function openPlan(plan: string): number {
  try {
    return openSync(plan, 'r');
  } catch (error) {
    throw fileError(error, plan);
  }
}

function itemOf(
  work: FolderWork,
  { path: name, step, local, remote }: z.infer<typeof transferLine>,
): PlannedTransfer | null {
  const { accountId, bucket } = work;
  const path = join(work.path, name);
  const place = { accountId, bucket, key: work.key + name, path };
  if (work.kind === 'upload-folder' && step.action === 'upload' && local !== null) {
    const expects = { file: local, replaces: remote?.etag ?? null };
    const stamp = `${local.sizeBytes} ${local.modifiedAt}`;
    return {
      work: { kind: 'upload', what: 'file', ...place, expects },
      name,
      sizeBytes: local.sizeBytes,
      stamp,
      failure: null,
    };
  }
  if (work.kind !== 'download-folder' || step.action !== 'download' || remote === null) return null;
  // Nothing is written outside the folder, whatever the plan says.
  if (!name.split('/').every((segment) => isExactName(segment))) {
    throw new WaybillError({ kind: 'file', reason: 'bad-name', path });
  }
  const expects = { etag: remote.etag, lastModified: remote.lastModified, replaces: local };
  const object = { ...place, versionId: null, root: work.path, expects };
  return { work: { kind: 'download', what: 'object', ...object }, name, sizeBytes: remote.sizeBytes, failure: null };
}
