import fs from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { relative, sep } from 'node:path';
import { type Operation, diskOf } from './lost-disk.ts';
import type { Seeded } from './seeded.ts';

/**
 * Records what this process does to the files below a folder, and makes the disks that a power cut at some moment may
 * leave: what was synced is there; of what was not, any page may be missing, or the end of the file, and names are as
 * they were when their folder was last synced, or at any moment since.
 */
export class DiskRecorder {
  readonly #root: string;
  readonly #operations: Operation[] = [];
  readonly #open = new Map<number, { readonly file: number; readonly folder: string | null }>();
  readonly #names = new Map<string, number>();
  readonly #lengths: number[] = [];
  /** What was patched, to be put back. */
  readonly #originals: { readonly of: object; readonly values: object }[] = [];

  /** Records until stop(). The folder must be empty. */
  constructor(root: string) {
    this.#root = root;
    this.#patch();
  }

  /** Number of operations so far. */
  get length(): number {
    return this.#operations.length;
  }

  /** Notes that the program told someone that something is safe. */
  say(what: string): void {
    this.#operations.push({ do: 'say', what });
  }

  /** What was said before the moment `end`. */
  said(end: number): readonly string[] {
    return this.#operations.slice(0, end).flatMap((one) => (one.do === 'say' ? [one.what] : []));
  }

  /** The moments at which a file took the place of another, or of that at `path`. */
  renames(path?: string): readonly number[] {
    return this.#operations.flatMap((one, at) =>
      one.do === 'rename' && (path === undefined || one.to === path) ? [at] : [],
    );
  }

  /** Whether everything that was written to a file has been synced since. */
  isSynced(path: string): boolean {
    const file = this.#names.get(relative(this.#root, path));
    const last = this.#operations.findLast((one) => 'file' in one && one.file === file && one.do !== 'name');
    return last?.do === 'sync';
  }

  stop(): void {
    for (const { of, values } of this.#originals) Object.assign(of, values);
    syncBuiltinESMExports();
  }

  /** A disk that a power cut at the moment `end` may leave: contents by path within the folder. */
  diskAt(end: number, random: Seeded): ReadonlyMap<string, Buffer> {
    return diskOf(this.#operations.slice(0, end), random);
  }

  #patch(): void {
    this.#replace(fs, this.#syncCalls());
    this.#replace(fs, this.#callbackCalls());
    this.#replace(promises, this.#promiseCalls());
    syncBuiltinESMExports();
  }

  #replace<T extends object>(of: T, calls: Partial<T>): void {
    const values = Object.fromEntries(Object.keys(calls).map((name) => [name, of[name as keyof T]]));
    this.#originals.push({ of, values });
    Object.assign(of, calls);
  }

  #syncCalls() {
    const { openSync, writeSync, closeSync, ftruncateSync, truncateSync, renameSync, rmSync, fsyncSync } = fs;
    return {
      openSync: (path: string, flags: string, mode?: number) => {
        const opened = openSync(path, flags, mode);
        this.#opened(opened, path, flags);
        return opened;
      },
      writeSync: (file: number, bytes: Buffer, from?: number, length?: number) => {
        const offset = from ?? 0;
        const written = writeSync(file, bytes as NodeJS.ArrayBufferView, offset, length);
        this.#wrote(file, Buffer.from(bytes.subarray(offset, offset + written)));
        return written;
      },
      closeSync: (file: number) => {
        this.#open.delete(file);
        closeSync(file);
      },
      ftruncateSync: (file: number, length: number) => {
        ftruncateSync(file, length);
        this.#truncated(this.#open.get(file)?.file, length);
      },
      truncateSync: (path: string, length: number) => {
        truncateSync(path, length);
        this.#truncated(this.#names.get(relative(this.#root, path)), length);
      },
      renameSync: (from: string, to: string) => {
        renameSync(from, to);
        this.#renamed(from, to);
      },
      rmSync: (path: string, options: fs.RmOptions) => {
        rmSync(path, options);
        this.#removed(path);
      },
      fsyncSync: (file: number) => {
        fsyncSync(file);
        this.#synced(file);
      },
    } as Partial<typeof fs>;
  }

  #callbackCalls() {
    const { fsync, fdatasync } = fs;
    const noting =
      (sync: typeof fsync) =>
      (file: number, callback: fs.NoParamCallback): void =>
        sync(file, (error) => {
          if (error === null) this.#synced(file);
          callback(error);
        });
    return { fsync: noting(fsync), fdatasync: noting(fdatasync) } as Partial<typeof fs>;
  }

  #promiseCalls() {
    const { open, rename, rm } = promises;
    return {
      open: async (path: string, flags: string, mode?: number) => {
        const handle = await open(path, flags, mode);
        this.#opened(handle.fd, path, flags);
        return this.#noting(handle);
      },
      rename: async (from: string, to: string) => {
        await rename(from, to);
        this.#renamed(from, to);
      },
      rm: async (path: string, options: fs.RmOptions) => {
        await rm(path, options);
        this.#removed(path);
      },
    } as Partial<typeof promises>;
  }

  #noting(handle: FileHandle): FileHandle {
    const { fd } = handle;
    const writeFile = handle.writeFile.bind(handle);
    const sync = handle.sync.bind(handle);
    const close = handle.close.bind(handle);
    return Object.assign(handle, {
      writeFile: async (text: string) => {
        await writeFile(text);
        this.#wrote(fd, Buffer.from(text));
      },
      sync: async () => {
        await sync();
        this.#synced(fd);
      },
      close: async () => {
        this.#open.delete(fd);
        await close();
      },
    });
  }

  #opened(opened: number, path: string, flags: string): void {
    if (flags === 'r') {
      if (fs.statSync(path).isDirectory()) this.#open.set(opened, { file: -1, folder: this.#within(path) });
      return;
    }
    const name = this.#within(path);
    if (name === null) return;
    let file = this.#names.get(name);
    if (file === undefined) {
      file = this.#lengths.push(0) - 1;
      this.#names.set(name, file);
      this.#operations.push({ do: 'name', path: name, file });
    }
    this.#open.set(opened, { file, folder: null });
  }

  /** Path within the folder, null outside it. */
  #within(path: string): string | null {
    const name = relative(this.#root, path);
    return name === '..' || name.startsWith(`..${sep}`) ? null : name;
  }

  /** All files are open for appending. */
  #wrote(opened: number, bytes: Buffer): void {
    const file = this.#open.get(opened)?.file;
    if (file === undefined) return;
    const at = this.#lengths[file] ?? 0;
    this.#lengths[file] = at + bytes.length;
    this.#operations.push({ do: 'write', file, at, bytes });
  }

  #truncated(file: number | undefined, length: number): void {
    if (file === undefined) return;
    this.#lengths[file] = length;
    this.#operations.push({ do: 'truncate', file, length });
  }

  #synced(opened: number): void {
    const one = this.#open.get(opened);
    if (one === undefined) return;
    this.#operations.push(
      one.folder === null ? { do: 'sync', file: one.file } : { do: 'sync-folder', path: one.folder },
    );
  }

  #renamed(from: string, to: string): void {
    const [one, two] = [this.#within(from), this.#within(to)];
    const file = one === null ? undefined : this.#names.get(one);
    if (one === null || two === null || file === undefined) return;
    this.#names.delete(one);
    this.#names.set(two, file);
    this.#operations.push({ do: 'rename', from: one, to: two });
  }

  #removed(path: string): void {
    const name = this.#within(path);
    if (name === null || !this.#names.delete(name)) return;
    this.#operations.push({ do: 'remove', path: name });
  }
}
