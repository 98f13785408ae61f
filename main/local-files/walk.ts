import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { errorCode, fileError, withFileErrors } from './file-failure.ts';

/** An item found in a folder. `relativePath` starts with the root's name and uses `/`. */
export type WalkEntry = { readonly path: string; readonly relativePath: string } &
  /** `changedAt`: time of the last change of content or name (ctime), in Unix milliseconds. */
  (
    | { readonly kind: 'file'; readonly sizeBytes: number; readonly changedAt: number }
    | { readonly kind: 'empty-folder' }
    | { readonly kind: 'unreadable'; readonly failure: Failure }
  );

/**
 * Yields all files of a folder, depth first and sorted by name, with one folder in memory at a time; for a file, the
 * file itself. A link to a file counts as that file. Links to folders are reported but not followed, since they may
 * form loops or lead outside. So is everything unreadable; the walk continues.
 */
export async function* walk(root: string): AsyncGenerator<WalkEntry> {
  const name = basename(root);
  try {
    // The root was chosen explicitly, so follow it even if it is a link to a folder.
    const found = await withFileErrors(root, stat(root));
    if (found.isDirectory()) yield* walkFolder(root, name);
    else if (found.isFile()) yield fileOf(root, name, found);
    else yield notAFile(root, name);
  } catch (error) {
    yield unreadable(root, name, error);
  }
}

async function* walkFolder(folder: string, relativePath: string): AsyncGenerator<WalkEntry> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    yield unreadable(folder, relativePath, fileError(error, folder));
    return;
  }
  if (entries.length === 0) yield { kind: 'empty-folder', path: folder, relativePath };
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (let start = 0; start < entries.length; start += CONCURRENT_STATS) {
    const chunk = entries.slice(start, start + CONCURRENT_STATS);
    const visits = await Promise.all(chunk.map((entry) => visit(entry, folder, relativePath)));
    for (const found of visits) {
      if ('folder' in found) yield* walkFolder(found.folder, found.relativePath);
      else yield found;
    }
  }
}

/** Files to stat concurrently: one by one, most of the time would be spent waiting. */
const CONCURRENT_STATS = 32;

interface SubFolder {
  readonly folder: string;
  readonly relativePath: string;
}

async function visit(entry: Dirent<Buffer>, folder: string, parentPath: string): Promise<WalkEntry | SubFolder> {
  const name = entry.name.toString();
  const path = join(folder, name);
  const relativePath = `${parentPath}/${name}`;
  // Keys are UTF-8, and with the decoded name the file couldn't even be opened.
  if (!isUtf8(entry.name)) {
    return unreadable(path, relativePath, new WaybillError({ kind: 'file', reason: 'bad-name', path }));
  }
  return entry.isDirectory() ? { folder: path, relativePath } : visitFile(path, relativePath);
}

async function visitFile(path: string, relativePath: string): Promise<WalkEntry> {
  try {
    const found = await withFileErrors(path, stat(path));
    if (found.isFile()) return fileOf(path, relativePath, found);
    // readdir() calls a link to a folder a link.
    return found.isDirectory() ? unreadable(path, relativePath, linkedFolder(path)) : notAFile(path, relativePath);
  } catch (error) {
    return unreadable(path, relativePath, error);
  }
}

function fileOf(path: string, relativePath: string, { size, ctimeMs }: Stats): WalkEntry {
  return { kind: 'file', path, relativePath, sizeBytes: size, changedAt: ctimeMs };
}

function notAFile(path: string, relativePath: string): WalkEntry {
  return { kind: 'unreadable', path, relativePath, failure: { kind: 'file', reason: 'not-a-file', path } };
}

function unreadable(path: string, relativePath: string, error: unknown): WalkEntry {
  return { kind: 'unreadable', path, relativePath, failure: toFailure(error) };
}

/**
 * Checks that no folder below `root` on the way to `path` is a link, which someone else may have put there to lead a
 * download out of the folder that was chosen. The root was chosen explicitly.
 * @throws WaybillError `file` `linked-folder`
 */
export async function refuseLinkedFolders(root: string, path: string): Promise<void> {
  let folder = root;
  for (const name of relative(root, dirname(path)).split(sep)) {
    folder = join(folder, name);
    if (name !== '' && (await isLink(folder))) throw linkedFolder(folder);
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError(error, path);
  }
}

function linkedFolder(path: string): WaybillError {
  return new WaybillError({ kind: 'file', reason: 'linked-folder', path });
}

/** Returns whether the path is a folder or a link to one; false if that can't be determined. */
export async function isFolderOrLink(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Returns whether the path is a folder. @throws WaybillError `file` */
export async function isFolder(path: string): Promise<boolean> {
  return (await withFileErrors(path, lstat(path))).isDirectory();
}
