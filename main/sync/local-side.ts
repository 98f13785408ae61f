import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { compareBytes } from '../local-files/byte-order.ts';
import { errorCode, fileError, withFileErrors } from '../local-files/file-failure.ts';
import { isPartName } from '../local-files/part-file.ts';
import type { LocalState } from './difference.ts';
import type { PathFilter } from './patterns.ts';
import type { SkipReason } from './step.ts';

/** What a walk finds. With a `/` at the end of its path, what can't be looked at hides everything below. */
export type LocalItem = { readonly path: string } & (
  | ({ readonly kind: 'file' } & LocalState)
  | { readonly kind: 'folder' }
  | { readonly kind: 'skipped'; readonly because: SkipReason }
  | { readonly kind: 'unreadable'; readonly because: Failure }
);

/** Files looked at concurrently: one by one, most of the time would be spent waiting. */
const CONCURRENT = 64;

/** A folder whose entries are being read. `path` is empty for the top, else ends in `/`. */
interface Level {
  readonly path: string;
  readonly entries: readonly Dirent[];
  /** Links that lead to folders, by name. */
  readonly linked: ReadonlySet<string>;
  /** Names that several entries have, since they aren't UTF-8: which of them is meant can't be told. */
  readonly doubled: ReadonlySet<string>;
  next: number;
}

/**
 * Walks a folder in the order in which OSS lists keys: `a-b` before `a/x` before `a0`. Follows no link but `root` itself.
 * In memory are the names in one folder and in those above it.
 * @throws WaybillError `file` if `root` can't be read
 */
export async function* localSide(root: string, filter: PathFilter): AsyncGenerator<readonly LocalItem[]> {
  const levels = [await openLevel(root, '')];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const batch = takeFiles(level, filter);
    if (batch.length > 0) yield await Promise.all(batch.map((entry) => look(root, level, entry)));
    const folder = takeFolder(level);
    if (folder === null) {
      if (level.next === level.entries.length) levels.pop();
    } else if (!filter.excludesFolder(folder)) {
      if (level.doubled.has(folder.slice(level.path.length, -1))) {
        yield [{ kind: 'skipped', path: folder, because: 'name' }];
        continue;
      }
      const opened = await openLevel(root, folder).catch((error: unknown) => unreadable(folder, error));
      if ('kind' in opened) yield [opened];
      else {
        yield [{ kind: 'folder', path: folder }];
        levels.push(opened);
      }
    }
  }
}

async function openLevel(root: string, path: string): Promise<Level> {
  const folder = join(root, path);
  const found = await withFileErrors(folder, readdir(folder, { withFileTypes: true }));
  const byName = new Map(found.map((entry) => [entry.name, entry]));
  const entries = [...byName.values()];
  const doubled = new Set<string>();
  if (entries.length < found.length) {
    for (const entry of found) if (byName.get(entry.name) !== entry) doubled.add(entry.name);
  }
  const linked = new Set<string>();
  for (const entry of entries) {
    // A link to nothing is no folder.
    const isFolder = entry.isSymbolicLink() && (await stat(join(folder, entry.name)).catch(() => null))?.isDirectory();
    if (isFolder === true) linked.add(entry.name);
  }
  const nameOf = (entry: Dirent): string =>
    entry.isDirectory() || linked.has(entry.name) ? `${entry.name}/` : entry.name;
  entries.sort((a, b) => compareBytes(nameOf(a), nameOf(b)));
  return { path, entries, linked, doubled, next: 0 };
}

/** Takes what comes before the next folder, a batch at most. */
function takeFiles(level: Level, { covers, excludesFolder }: PathFilter): readonly Dirent[] {
  const batch: Dirent[] = [];
  for (; batch.length < CONCURRENT; level.next += 1) {
    const entry = level.entries[level.next];
    if (entry === undefined || entry.isDirectory()) break;
    const path = level.path + entry.name;
    const isCounted = level.linked.has(entry.name) ? !excludesFolder(`${path}/`) : covers(path);
    if (isCounted && !isPartName(entry.name)) batch.push(entry);
  }
  return batch;
}

/** Takes the next folder if it comes next. */
function takeFolder(level: Level): string | null {
  const entry = level.entries[level.next];
  if (entry?.isDirectory() !== true) return null;
  level.next += 1;
  return `${level.path}${entry.name}/`;
}

async function look(root: string, level: Level, entry: Dirent): Promise<LocalItem> {
  const path = level.path + entry.name;
  if (level.linked.has(entry.name)) return { kind: 'skipped', path: `${path}/`, because: 'linked' };
  if (level.doubled.has(entry.name)) return { kind: 'skipped', path, because: 'name' };
  try {
    const found = await lstat(join(root, path));
    if (found.isSymbolicLink()) return { kind: 'skipped', path, because: 'linked' };
    if (!found.isFile()) return { kind: 'skipped', path, because: found.isDirectory() ? 'changed' : 'special' };
    return { kind: 'file', path, sizeBytes: found.size, modifiedAt: found.mtimeMs };
  } catch (error) {
    // A name that isn't UTF-8 was decoded to another one, which doesn't exist.
    if (errorCode(error) === 'ENOENT') {
      return { kind: 'skipped', path, because: path.includes('\ufffd') ? 'name' : 'changed' };
    }
    return unreadable(path, fileError(error, join(root, path)));
  }
}

function unreadable(path: string, error: unknown): LocalItem {
  const failure = toFailure(error);
  const isMissing = failure.kind === 'file' && failure.reason === 'missing';
  if (isMissing) return { kind: 'skipped', path, because: path.includes('\ufffd') ? 'name' : 'changed' };
  if (failure.kind === 'bug') throw new WaybillError(failure, { cause: error });
  return { kind: 'unreadable', path, because: failure };
}
