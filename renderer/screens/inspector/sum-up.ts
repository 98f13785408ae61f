import type { Row } from '../../lib/rows.ts';
import type { FolderSize } from '../../model/browsing/folder-sizes.svelte.ts';

/** What a selection adds up to. */
export interface Sum {
  readonly files: number;
  readonly folders: number;
  /** Of the files, and of what was counted of the folders. */
  readonly sizeBytes: number;
  /** Files inside the folders, as far as they were counted. */
  readonly inside: number;
  /** Not all folders have been counted to their end. */
  readonly isPartial: boolean;
  /** The newest change of a file, in Unix milliseconds; null if there are only folders. */
  readonly newest: number | null;
}

/** Adds up the selected rows, and the folders among them by their counts; null is a folder that wasn't counted. */
export function sumUp(rows: readonly Row[], counted: readonly (FolderSize | null)[]): Sum {
  let [files, folders, sizeBytes, inside, newest] = [0, 0, 0, 0, -1];
  for (const row of rows) {
    if (row.kind === 'folder') folders += 1;
    else {
      files += 1;
      sizeBytes += row.sizeBytes;
      newest = Math.max(newest, row.lastModified);
    }
  }
  for (const size of counted) {
    sizeBytes += size?.sizeBytes ?? 0;
    inside += size?.objects ?? 0;
  }
  const isPartial = counted.some((size) => size?.state !== 'done');
  return { files, folders, sizeBytes, inside, isPartial, newest: newest === -1 ? null : newest };
}
