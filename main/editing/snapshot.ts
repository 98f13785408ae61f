import { constants, type Stats } from 'node:fs';
import { chmod, copyFile, lstat, rm, utimes } from 'node:fs/promises';
import { crc64OfSlice } from '../http/file-slice.ts';
import { errorCode, withFileErrors } from '../local-files/file-failure.ts';
import { LocalSource } from '../transfers/upload/local-source.ts';

/** The content of a file at one moment. */
export interface Snapshot {
  readonly sizeBytes: number;
  /** Unsigned decimal. */
  readonly crc64: string;
}

/** `missing`: no regular file of this name; `unstable`: it is being written. */
export type SnapshotAnswer = Snapshot | 'missing' | 'unstable';

/** How a file looks from outside; `null` if no regular file is there. A link would lead anywhere. */
async function look(path: string): Promise<Stats | null> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Size, time and identity of a file: while they stay, so does its content. Empty if there is none. */
export async function stampOf(path: string): Promise<string> {
  const found = await look(path).catch(() => null);
  return found === null ? '' : `${found.size} ${found.mtimeMs} ${found.ino}`;
}

/** What Windows answers while another program writes the file. */
const held: readonly (string | null)[] = ['EBUSY', 'EACCES', 'EPERM'];

/**
 * Copies a file that another program may be writing to `target`, with its modification time, and returns what was copied.
 * An upload of the file itself would fail whenever it changes, and never end if that is more often than it takes.
 * @throws WaybillError `file`
 */
export async function takeSnapshot(path: string, target: string): Promise<SnapshotAnswer> {
  await rm(target, { force: true }).catch(() => undefined);
  try {
    const before = await look(path);
    if (before === null) return 'missing';
    await copyFile(path, target, constants.COPYFILE_FICLONE);
    const after = await look(path);
    const isSame = before.size === after?.size && before.mtimeMs === after.mtimeMs && before.ino === after.ino;
    if (!isSame) return 'unstable';
    await chmod(target, 0o600);
    await utimes(target, before.mtimeMs / 1000, before.mtimeMs / 1000);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || (process.platform === 'win32' && held.includes(code))) return 'unstable';
    return withFileErrors(path, Promise.reject(error as Error));
  }
  return read(target);
}

/** The content of a file where it is. @throws WaybillError `file` if it can't be read, or is being written */
export async function contentOf(path: string): Promise<Snapshot | 'missing'> {
  const found = await withFileErrors(path, look(path));
  return found === null ? 'missing' : read(path);
}

async function read(path: string): Promise<Snapshot> {
  const source = await LocalSource.at(path);
  return { sizeBytes: source.sizeBytes, crc64: await crc64OfSlice(source.whole()) };
}
