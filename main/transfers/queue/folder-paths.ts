import { relative, sep } from 'node:path';
import type { SettledLine } from '../tasks/folder-content.ts';
import type { Task } from '../tasks/task.ts';
import { plainPathOf } from './expand.ts';
import type { FolderWork } from './planned-transfer.ts';

/** Returns the key of a child as it was found in its folder. */
export function keyOf({ record }: Task): string {
  return record.folder?.key ?? '';
}

/** Returns the local folder and prefix of a folder's task. */
export function workOf(folder: Task): FolderWork {
  return folder.record.work as FolderWork;
}

/** Yields the paths, relative to the folder, that its children use so far. */
export function* pathsOf(folder: Task): Generator<readonly [key: string, path: string]> {
  const { content } = folder;
  if (content === null || folder.record.work.kind !== 'download-folder') return;
  for (const key of content.settled.keys()) {
    yield [key, content.renamed.get(key) ?? plainPathOf(workOf(folder), key)];
  }
  for (const child of content.children) yield [keyOf(child), pathOf(folder, child)];
}

/** Returns the path of a child under its key, if it has another one than its key says. */
export function renamedOf(folder: Task, child: Task): NonNullable<SettledLine['renamed']> {
  const [key, path] = [keyOf(child), pathOf(folder, child)];
  if (child.record.work.kind !== 'download' || path === plainPathOf(workOf(folder), key)) return [];
  return [[key, path]];
}

function pathOf(folder: Task, { record: { work } }: Task): string {
  return 'path' in work ? relative(workOf(folder).path, work.path).split(sep).join('/') : '';
}
