import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, stat, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WaybillError } from '../failure.ts';
import { errorCode, fileError, withFileErrors } from './file-failure.ts';
import { exists } from './free-path.ts';
import { markAsDownloaded } from './mark-of-the-web.ts';
import { withPatience } from './patience.ts';
import { syncFolder } from './sync-folder.ts';

/** Below this size, in bytes, don't ask for free space: the question costs as much as writing the file. */
const SMALL_BYTES = 4 * 1024 ** 2;

/** Limit of a file name, in bytes; of which a number behind the name of a part file takes a few. */
const MAX_NAME_BYTES = 255;
const NUMBER_BYTES = 4;

/**
 * Unit of `stat().blocks`, in bytes: 512 on every system.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/sys_stat.h.html
 */
const BLOCK_BYTES = 512;

/** Size and modification time (Unix milliseconds) of a part file. */
export interface PartFileState {
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/**
 * A file being downloaded. Bytes go to `.name.waybill-part` next to the target, which appears only when it is complete;
 * in the same folder, because rename is atomic only within a file system.
 */
export class PartFile {
  readonly path: string;
  readonly target: string;
  readonly #handle: FileHandle;

  private constructor(path: string, target: string, handle: FileHandle) {
    this.path = path;
    this.target = target;
    this.#handle = handle;
  }

  /**
   * Creates an empty part file, and its parent folders if necessary.
   * @throws WaybillError `file` `full` if `sizeBytes` will not fit
   */
  static async create(target: string, sizeBytes: number | null): Promise<PartFile> {
    const folder = dirname(target);
    if (sizeBytes !== null && sizeBytes > SMALL_BYTES) {
      await createFolder(folder);
      await checkSpace(folder, target, sizeBytes);
    }
    const name = partNameOf(basename(target));
    let number = 1;
    for (let isFolderCreated = false; ;) {
      const path = join(folder, `${name}${number === 1 ? '' : number}`);
      try {
        // `wx`: never write into a file that another download or program is writing.
        return new PartFile(path, target, await open(path, 'wx'));
      } catch (error) {
        const code = errorCode(error);
        if (code === 'EEXIST') number += 1;
        else if (code !== 'ENOENT' || isFolderCreated) throw fileError(error, target);
        else {
          await createFolder(folder);
          isFolderCreated = true;
        }
      }
    }
  }

  /**
   * Reopens a part file. Returns null if it is gone, or if what stands there isn't a file of ours: where others may write
   * in the folder too, a link would lead the bytes to a file of their choice.
   * @throws WaybillError `file` `full` if the rest of `sizeBytes` will not fit
   */
  static async reopen(path: string, target: string, sizeBytes: number | null): Promise<PartFile | null> {
    // Windows has no O_NOFOLLOW: undefined adds nothing.
    const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW).catch((error: unknown) => {
      // It is gone, or a link, or a folder.
      if (['ENOENT', 'ELOOP', 'EISDIR'].includes(errorCode(error) ?? '')) return null;
      throw fileError(error, target);
    });
    if (handle === null) return null;
    const file = new PartFile(path, target, handle);
    try {
      const found = await withFileErrors(target, handle.stat());
      if (!isOurs(found, await withFileErrors(target, stat(dirname(path))))) {
        await file.keep();
        return null;
      }
      // Blocks already allocated will be overwritten, whatever they contain.
      const { blocks } = found;
      const missingBytes = (sizeBytes ?? 0) - blocks * BLOCK_BYTES;
      if (missingBytes > SMALL_BYTES) await checkSpace(dirname(path), target, missingBytes);
      return file;
    } catch (error) {
      await file.keep();
      throw error;
    }
  }

  /** File descriptor for worker threads, valid while the file is open. */
  get fd(): number {
    return this.#handle.fd;
  }

  /**
   * Moves the complete file to its target. Without `replace`, a file that appeared there meanwhile stays. `modifiedAt`
   * (Unix milliseconds) becomes the modification time. Waits up to a minute for another program to let go of the target.
   * If it fails, the part file still has all bytes.
   * @throws WaybillError `file` `exists`, or `in-use` if the target can't be replaced now
   */
  async commit({
    replace,
    modifiedAt,
    signal,
  }: {
    readonly replace: boolean;
    readonly modifiedAt: number | null;
    readonly signal: AbortSignal;
  }): Promise<void> {
    // Before the file has its name, so that it never stands there unmarked; and before its time, which the mark changes.
    await markAsDownloaded(this.path);
    // A file system without modification times still stores the bytes.
    if (modifiedAt !== null) await this.#handle.utimes(modifiedAt / 1000, modifiedAt / 1000).catch(() => undefined);
    await withFileErrors(this.target, this.#handle.sync());
    await withFileErrors(this.target, this.#handle.close());
    try {
      if (replace) await withPatience(() => rename(this.path, this.target), signal);
      else await renameToFree(this.path, this.target, signal);
    } catch (error) {
      throw commitError(error, this.target);
    }
    await syncFolder(dirname(this.target));
  }

  /** Returns size and modification time. @throws WaybillError `file` */
  async state(): Promise<PartFileState> {
    return stateOf(await withFileErrors(this.target, this.#handle.stat()));
  }

  /**
   * Closes the file and leaves its bytes for a later attempt. Returns its state if they all reached the disk, else null.
   */
  async keep(): Promise<PartFileState | null> {
    // Closed already if it could not be put in place; then it was synced before.
    const isSynced = await this.#handle.datasync().then(
      () => true,
      (error: unknown) => errorCode(error) === 'EBADF',
    );
    await this.#handle.close().catch(() => undefined);
    return isSynced ? stat(this.path).then(stateOf, () => null) : null;
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await unlink(this.path).catch(() => undefined);
  }
}

function stateOf({ size, mtimeMs }: Stats): PartFileState {
  return { sizeBytes: size, modifiedAt: mtimeMs };
}

async function createFolder(folder: string): Promise<void> {
  await withFileErrors(folder, mkdir(folder, { recursive: true }));
}

/** `.name.waybill-part`, with the name cut at a character and told apart by a hash if that is too long for a name. */
function partNameOf(name: string): string {
  const suffix = '.waybill-part';
  const room = MAX_NAME_BYTES - NUMBER_BYTES - Buffer.byteLength(`.${suffix}`);
  if (Buffer.byteLength(name) <= room) return `.${name}${suffix}`;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `.${startOf(name, room - hash.length - 1)}~${hash}${suffix}`;
}

/** Whether a name is that of a download in progress, or of one that was interrupted: no file of the folder's owner. */
export function isPartName(name: string): boolean {
  return /^\..*\.waybill-part\d*$/su.test(name);
}

/** The longest start of a text that takes at most `maxBytes`. */
function startOf(text: string, maxBytes: number): string {
  let start = '';
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > maxBytes) break;
    start += segment;
  }
  return start;
}

/** Whether others may write into a folder. */
const OTHERS_MAY_WRITE = 0o022;

/**
 * A hard link under another name, too, would receive the bytes. Where others may write, the file must be of this user, or
 * of the folder's owner: network drives may give all files to one.
 */
function isOurs(found: Stats, folder: Stats): boolean {
  if (!found.isFile() || found.nlink > 1) return false;
  const isShared = process.getuid !== undefined && (folder.mode & OTHERS_MAY_WRITE) !== 0;
  return !isShared || found.uid === process.getuid?.() || found.uid === folder.uid;
}

/** A hard link fails if the name is taken, whereas rename() would replace the file. */
async function renameToFree(from: string, to: string, signal: AbortSignal): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    // FAT, and some network drives, have no hard links.
    if (await exists(to)) throw new WaybillError({ kind: 'file', reason: 'exists', path: to });
    await withPatience(() => rename(from, to), signal);
    return;
  }
  // The file is in its place; what is left is a second name of it.
  await withPatience(() => unlink(from), signal).catch(() => undefined);
}

/** What refuses a rename in a folder that took a new file before. */
const refusals: readonly (string | null)[] = ['EACCES', 'EPERM', 'EBUSY', 'EROFS', 'ETXTBSY'];

function commitError(error: unknown, target: string): unknown {
  if (!refusals.includes(errorCode(error))) return fileError(error, target);
  return new WaybillError({ kind: 'file', reason: 'in-use', path: target }, { cause: error });
}

/** Checks free space up front: Node can't preallocate, and a sparse file would only seem to. */
async function checkSpace(folder: string, target: string, neededBytes: number): Promise<void> {
  const found = await statfs(folder).catch(() => null);
  // Some network drives report 0 blocks for "unknown".
  if (found === null || found.blocks === 0) return;
  const space = { neededBytes, freeBytes: found.bavail * found.bsize };
  if (space.freeBytes < neededBytes) throw new WaybillError({ kind: 'file', reason: 'full', path: target, space });
}

/** Removes a part file that won't be finished. */
export async function removePartFile(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}
