import { type FileHandle, link, mkdir, open, rename, stat, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WaybillError } from '../failure.ts';
import { errorCode, fileError, withFileErrors } from './file-failure.ts';
import { exists } from './free-path.ts';
import { syncFolder } from './sync-folder.ts';

/** A smaller file finds out by itself that the disk is full: each question costs as much as writing it. */
const SMALL_BYTES = 4 * 1024 ** 2;

/** What the system counts a file's place on the disk in. */
const BLOCK_BYTES = 512;

/**
 * A file on its way: bytes go to `.name.waybill-part` beside the target, which appears only when it is complete. Its
 * folder is the target's, because a rename is atomic only inside one file system.
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
   * Makes an empty one, and the folders above it.
   * @throws WaybillError `file` `full` where `sizeBytes` will not fit
   */
  static async create(target: string, sizeBytes: number | null): Promise<PartFile> {
    const folder = dirname(target);
    if (sizeBytes !== null && sizeBytes > SMALL_BYTES) {
      await makeFolder(folder);
      await checkSpace(folder, target, sizeBytes);
    }
    let number = 1;
    for (let isMade = false; ;) {
      const path = join(folder, `.${basename(target)}.waybill-part${number === 1 ? '' : number}`);
      try {
        // Two downloads to one target, or another program's: never write into a file that somebody else writes.
        return new PartFile(path, target, await open(path, 'wx'));
      } catch (error) {
        const code = errorCode(error);
        if (code === 'EEXIST') number += 1;
        else if (code !== 'ENOENT' || isMade) throw fileError(error, target);
        else {
          await makeFolder(folder);
          isMade = true;
        }
      }
    }
  }

  /**
   * Opens one that was left, null where it is gone.
   * @throws WaybillError `file` `full` where the rest of `sizeBytes` will not fit
   */
  static async reopen(path: string, target: string, sizeBytes: number | null): Promise<PartFile | null> {
    const handle = await open(path, 'r+').catch(() => null);
    if (handle === null) return null;
    const file = new PartFile(path, target, handle);
    try {
      // What has its place on the disk is written over, also where nobody knows any more what is in it.
      const { blocks } = await withFileErrors(target, handle.stat());
      const missingBytes = (sizeBytes ?? 0) - blocks * BLOCK_BYTES;
      if (missingBytes > SMALL_BYTES) await checkSpace(dirname(path), target, missingBytes);
      return file;
    } catch (error) {
      await file.keep();
      throw error;
    }
  }

  /** For writing into it from another thread, as long as it is open. */
  get fd(): number {
    return this.#handle.fd;
  }

  /** Writes all of `chunks`, one after the other, from `position` on (bytes). */
  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    let rest = chunks;
    let at = position;
    while (rest.length > 0) {
      const { bytesWritten } = await withFileErrors(this.target, this.#handle.writev(rest, at));
      at += bytesWritten;
      rest = dropBytes(rest, bytesWritten);
    }
  }

  /**
   * Puts the complete file in its place. Without `replace` a file that came up there meanwhile stays. `modifiedAt` (Unix
   * milliseconds) becomes its modification time.
   * @throws WaybillError `file` `exists`
   */
  async commit({
    replace,
    modifiedAt,
  }: {
    readonly replace: boolean;
    readonly modifiedAt: number | null;
  }): Promise<void> {
    // A file system that keeps no such time keeps the bytes all the same.
    if (modifiedAt !== null) await this.#handle.utimes(modifiedAt / 1000, modifiedAt / 1000).catch(() => undefined);
    await withFileErrors(this.target, this.#handle.sync());
    await withFileErrors(this.target, this.#handle.close());
    if (replace) await withFileErrors(this.target, rename(this.path, this.target));
    else await renameToFree(this.path, this.target);
    await syncFolder(dirname(this.target));
  }

  /** Closes it and leaves the bytes for later. */
  async keep(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.keep();
    await unlink(this.path).catch(() => undefined);
  }
}

async function makeFolder(folder: string): Promise<void> {
  await withFileErrors(folder, mkdir(folder, { recursive: true }));
}

/** A hard link fails where the name is taken, rename() would replace it. */
async function renameToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw fileError(error, to);
    // FAT, and some network drives, have no hard links.
    if (await exists(to)) throw new WaybillError({ kind: 'file', reason: 'exists', path: to });
    await withFileErrors(to, rename(from, to));
    return;
  }
  await withFileErrors(from, unlink(from));
}

/** Rather now than after the first hours: Node can reserve no space, a long file of no blocks would only look like it. */
async function checkSpace(folder: string, target: string, neededBytes: number): Promise<void> {
  const found = await statfs(folder).catch(() => null);
  // Some network drives tell 0 blocks for "unknown".
  if (found === null || found.blocks === 0) return;
  const space = { neededBytes, freeBytes: found.bavail * found.bsize };
  if (space.freeBytes < neededBytes) throw new WaybillError({ kind: 'file', reason: 'full', path: target, space });
}

function dropBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      rest.push(chunk.subarray(left));
      left = 0;
    }
  }
  return rest;
}

/** Removes a temporary file that will never be finished. */
export async function removePartFile(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

/** The size of a file in bytes, null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
