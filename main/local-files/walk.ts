import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { fileError, withFileErrors } from './file-failure.ts';

/** Something found in a folder. `relativePath` has `/` between its segments and begins with the root's own name. */
export type WalkEntry = { readonly path: string; readonly relativePath: string } &
  /** `changedAt`: when its bytes or its name last changed, in Unix milliseconds. */
  (
    | { readonly kind: 'file'; readonly sizeBytes: number; readonly changedAt: number }
    | { readonly kind: 'empty-folder' }
    | { readonly kind: 'unreadable'; readonly failure: Failure }
  );

/**
 * All files of a folder, depth first and in order of their names, one folder in memory at a time; for a file, itself.
 * A link to a file counts as that file. A link to a folder found on the way is not followed, since it may lead back or
 * out of what was chosen; it is reported, as is everything else that can't be read, and the walk goes on.
 */
export async function* walk(root: string): AsyncGenerator<WalkEntry> {
  const name = basename(root);
  try {
    // The root itself was chosen by hand: a link there may be a folder's.
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
  for (let at = 0; at < entries.length; at += AT_A_TIME) {
    const some = entries.slice(at, at + AT_A_TIME);
    const visits = await Promise.all(some.map((entry) => visit(entry, folder, relativePath)));
    for (const found of visits) {
      if ('folder' in found) yield* walkFolder(found.folder, found.relativePath);
      else yield found;
    }
  }
}

/** Files that are looked at at the same time: one by one, most of the time would go into waiting for each answer. */
const AT_A_TIME = 32;

interface SubFolder {
  readonly folder: string;
  readonly relativePath: string;
}

async function visit(entry: Dirent<Buffer>, folder: string, parentPath: string): Promise<WalkEntry | SubFolder> {
  const name = entry.name.toString();
  const path = join(folder, name);
  const relativePath = `${parentPath}/${name}`;
  // A key is UTF-8, and with the decoded name the file can't even be opened.
  if (!isUtf8(entry.name)) {
    return unreadable(path, relativePath, new WaybillError({ kind: 'file', reason: 'bad-name', path }));
  }
  return entry.isDirectory() ? { folder: path, relativePath } : visitFile(path, relativePath);
}

async function visitFile(path: string, relativePath: string): Promise<WalkEntry> {
  try {
    const found = await withFileErrors(path, stat(path));
    return found.isFile() ? fileOf(path, relativePath, found) : notAFile(path, relativePath);
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

/** Whether the path is a folder or a link to one; false where that can't be seen. */
export async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether the path is a folder. @throws WaybillError `file` */
export async function isFolder(path: string): Promise<boolean> {
  return (await withFileErrors(path, lstat(path))).isDirectory();
}
