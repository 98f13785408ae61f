import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { WaybillError } from '../../failure.ts';
import { assertUnchanged, READ_FLAGS } from '../../http/file-slice.ts';
import type { FileSlice } from '../../http/message.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { assertState, type FileState } from '../file-state.ts';

/** A local file read in slices. It must stay in the state in which at() found it. */
export class LocalSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  #opening: Promise<FileHandle> | null = null;

  private constructor(path: string, { size, mtimeMs }: Stats) {
    this.path = path;
    this.sizeBytes = size;
    this.modifiedAt = mtimeMs;
  }

  /**
   * Looks at the file without opening it. @throws WaybillError `file` if it isn't a regular file, can't be read, or isn't
   * in the state `expected`
   */
  static async at(path: string, expected?: FileState): Promise<LocalSource> {
    const found = await withFileErrors(path, stat(path));
    if (!found.isFile()) throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
    const source = new LocalSource(path, found);
    if (expected !== undefined) assertState(path, source, expected);
    return source;
  }

  /** Opens the file once. @throws WaybillError `file` if it can't be read or has changed */
  open(): Promise<FileHandle> {
    return (this.#opening ??= this.#open());
  }

  /** Returns the whole file. Whoever sends it opens it: one call instead of three for each of many small files. */
  whole(): FileSlice {
    return this.#sliceOf(null, 0, this.sizeBytes);
  }

  /** Returns the slice of `sizeBytes` bytes from `start`. @throws WaybillError `file` if it can't be opened */
  async slice({ start, sizeBytes }: { readonly start: number; readonly sizeBytes: number }): Promise<FileSlice> {
    return this.#sliceOf((await this.open()).fd, start, sizeBytes);
  }

  /**
   * Throws unless path and open file are still in the state in which the file was found.
   * @throws WaybillError `file` `changed`
   */
  async assertUnchanged(): Promise<void> {
    await assertUnchanged(this.whole(), (await this.open()).fd);
  }

  async close(): Promise<void> {
    const handle = await this.#opening?.catch(() => null);
    await handle?.close();
  }

  #sliceOf(fd: number | null, start: number, sizeBytes: number): FileSlice {
    const { path, modifiedAt } = this;
    return { kind: 'file-slice', fd, path, start, sizeBytes, file: { sizeBytes: this.sizeBytes, modifiedAt } };
  }

  async #open(): Promise<FileHandle> {
    const handle = await withFileErrors(this.path, open(this.path, READ_FLAGS));
    try {
      await assertUnchanged(this.whole(), handle.fd);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}
