import { closeSync, existsSync, fdatasync, fstatSync, fsync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { realpathSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode, fileError } from './file-failure.ts';
import { type FileTrouble, keepAside } from './file-trouble.ts';
import { chunksOf, copyBytes, finish, type NewFile, newPathOf } from './line-file.ts';
import { readFile, readSlowly, writeNew, writeText } from './line-file.ts';
import type { LineFormat, LineReplay, Reading } from './line-format.ts';
import { syncFolderNow } from './sync-folder.ts';
import { Turns } from './turns.ts';

/** A file below this size, in bytes, isn't compacted while it is open. */
const SMALL_BYTES = 4 * 1024 ** 2;

/** When it is opened, a file is compacted once it has this many lines more than twice the lines it needs. */
const SPARE_LINES = 200;

/** An open file, the state that its lines describe, and what the person must be told. */
export interface OpenedLines<T, R> {
  readonly file: JsonLines<T>;
  readonly replay: R;
  readonly troubles: readonly FileTrouble[];
}

/**
 * An append-only file of JSON lines, the first of which names format and version. Whatever is in its place, it opens:
 * intact lines count, a torn last line is dropped, damaged lines are skipped and the file as it was is kept aside, and
 * lines of newer versions stay in it. It is rewritten atomically when it is opened, and while it is open, if most of it
 * is obsolete.
 */
export class JsonLines<T> {
  readonly #path: string;
  readonly #format: LineFormat<T>;
  readonly #createReplay: () => LineReplay<T>;
  /** Null while it can't be opened, and after close(). */
  #file: number | null = null;
  #sizeBytes = 0;
  /** Length after it was last rewritten. Beyond twice this, most of it is taken to be obsolete. */
  #neededBytes = 0;
  /** Whether the file ends within a line. */
  #isTorn = false;
  /** False for a file of a newer version, whose lines may mean more than this version writes down again. */
  #mayRewrite = true;
  #isCompacting = false;
  #isClosed = false;
  /** Syncs and the end of a compaction take turns: it closes the file that they sync. */
  readonly #turns = new Turns();
  #nextSync: Promise<void> | null = null;

  private constructor(path: string, format: LineFormat<T>, createReplay: () => LineReplay<T>) {
    this.#path = realPath(path);
    this.#format = format;
    this.#createReplay = createReplay;
  }

  /** Opens or creates the file and rebuilds the state from its lines. Nothing that is in its place makes it throw. */
  static open<T, R extends LineReplay<T>>(
    path: string,
    format: LineFormat<T>,
    createReplay: () => R,
  ): OpenedLines<T, R> {
    const file = new JsonLines(path, format, createReplay);
    const replay = createReplay();
    return { file, replay, troubles: file.#start(replay) };
  }

  /**
   * Appends lines: all of them or, if that fails, none. The system has them then, so that they survive the process;
   * sync() makes them survive a power cut. @throws WaybillError `file`
   */
  append(lines: readonly T[]): void {
    if (this.#isClosed || lines.length === 0) return;
    const file = this.#reopen();
    let written = 0;
    try {
      if (this.#isTorn) written += writeText(file, '\n');
      for (const chunk of chunksOf(lines)) written += writeText(file, chunk);
    } catch (error) {
      this.#takeBack(file);
      throw fileError(error, this.#path);
    }
    this.#isTorn = false;
    this.#sizeBytes += written;
    if (this.#sizeBytes > Math.max(SMALL_BYTES, 2 * this.#neededBytes)) void this.#compact();
  }

  /** Waits until everything appended so far survives a power cut. @throws WaybillError `file` */
  sync(): Promise<void> {
    this.#nextSync ??= this.#turns.run(async () => {
      this.#nextSync = null;
      try {
        if (this.#file !== null) await promisify(fdatasync)(this.#file);
      } catch (error) {
        throw fileError(error, this.#path);
      }
    });
    return this.#nextSync;
  }

  /** Replaces the file by one without lines, so that what they said isn't on the disk any more. @throws WaybillError `file` */
  clear(): Promise<void> {
    return this.#turns.run(() => {
      if (this.#isClosed) return;
      try {
        this.#put(finish(writeNew(this.#path, this.#format, this.#createReplay())));
        syncFolderNow(dirname(this.#path));
      } catch (error) {
        throw fileError(error, this.#path);
      }
    });
  }

  /** Waits for running syncs and closes the file. Lines appended later are dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turns.run(() => {
      if (this.#file !== null) closeSync(this.#file);
      this.#file = null;
    });
  }

  #start(replay: LineReplay<T>): readonly FileTrouble[] {
    const path = this.#path;
    const reading = readFile(path, this.#format, replay);
    this.#mayRewrite = (reading.version ?? 1) <= this.#format.version;
    const troubles: FileTrouble[] = reading.unknown > 0 ? [{ kind: 'newer', path }] : [];
    let mayReplace = this.#mayRewrite;
    if (mayReplace && isDamaged(reading)) {
      const setAside = keepAside(path, reading.isUsable);
      // What can't be kept aside stays where it is.
      mayReplace = setAside !== null;
      troubles.push({ kind: 'damaged', path, setAside: setAside ?? path });
    } else if (reading.tail === 'torn') {
      troubles.push({ kind: 'incomplete', path });
    }
    const isReplaced = mayReplace && isWorthRewriting(reading, replay) && this.#rewrite(replay);
    return isReplaced || this.#goOn(reading) ? troubles : [...troubles, { kind: 'unsaved', path }];
  }

  /** Returns false if it can't be rewritten, as on a full disk. */
  #rewrite(replay: LineReplay<T>): boolean {
    try {
      const next = finish(writeNew(this.#path, this.#format, replay));
      fsyncSync(next.file);
      this.#put(next);
      syncFolderNow(dirname(this.#path));
      return true;
    } catch (error) {
      if (errorCode(error) === null) throw error;
      rmSync(newPathOf(this.#path), { force: true });
      return false;
    }
  }

  /** Continues the file as it is, after its last whole line. Returns false if it can't be written. */
  #goOn(reading: Reading): boolean {
    try {
      if (reading.tail === 'torn') truncateSync(this.#path, reading.end);
      this.#isTorn = reading.tail === 'whole';
      this.#reopen();
      return true;
    } catch {
      return false;
    }
  }

  #reopen(): number {
    if (this.#file !== null) return this.#file;
    try {
      if (!existsSync(this.#path)) this.#put(finish(writeNew(this.#path, this.#format, this.#createReplay())));
      this.#file ??= openSync(this.#path, 'a', 0o600);
      this.#sizeBytes = fstatSync(this.#file).size;
      this.#neededBytes = this.#sizeBytes;
      return this.#file;
    } catch (error) {
      throw fileError(error, this.#path);
    }
  }

  /** Puts a new file in the place of the current one. @throws the system's error */
  #put({ file, sizeBytes }: NewFile): void {
    // Windows doesn't replace an open file.
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    try {
      renameSync(newPathOf(this.#path), this.#path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    this.#neededBytes = sizeBytes;
    this.#isTorn = false;
  }

  /** Removes what a failed append has written: the next line would join it. */
  #takeBack(file: number): void {
    try {
      ftruncateSync(file, this.#sizeBytes);
    } catch {
      this.#isTorn = true;
      this.#sizeBytes = fstatSync(file).size;
    }
  }

  /**
   * Replaces the file by one without its obsolete lines: rebuilds a second state from the lines so far, with pauses,
   * writes that down, and adds the lines that were appended meanwhile. If that fails, the file stays as it is.
   */
  async #compact(): Promise<void> {
    if (this.#isCompacting || !this.#mayRewrite) return;
    this.#isCompacting = true;
    const path = this.#path;
    const length = this.#sizeBytes;
    // After a failure, not before it has doubled again.
    this.#neededBytes = length;
    try {
      const replay = this.#createReplay();
      const { damaged, tail } = await this.#slowly(readSlowly(path, length, this.#format, replay));
      // Leave damage to the next start, which keeps it aside.
      if (damaged > 0 || tail !== 'none') return;
      const next = await this.#slowly(writeNew(path, this.#format, replay));
      await promisify(fsync)(next.file).catch((error: unknown) => closeAndThrow(next, error));
      await this.#turns.run(() => this.#swap(next, length));
    } catch (error) {
      if (errorCode(error) === null && !this.#isClosed) throw error;
    } finally {
      rmSync(newPathOf(path), { force: true });
      this.#isCompacting = false;
    }
  }

  async #slowly<R>(work: Generator<void, R>): Promise<R> {
    for (;;) {
      const { value, done } = work.next();
      if (done === true) return value;
      await pause();
      if (!this.#isClosed) continue;
      work.return(value as never);
      throw new Error('The file was closed.');
    }
  }

  #swap(next: NewFile, from: number): void {
    const { file, sizeBytes } = next;
    if (this.#isClosed) {
      closeSync(file);
      return;
    }
    try {
      copyBytes(this.#path, from, this.#sizeBytes, file);
      fsyncSync(file);
    } catch (error) {
      closeAndThrow(next, error);
    }
    this.#put({ file, sizeBytes: sizeBytes + this.#sizeBytes - from });
    syncFolderNow(dirname(this.#path));
  }
}

function closeAndThrow({ file }: NewFile, error: unknown): never {
  closeSync(file);
  throw error;
}

function isWorthRewriting(reading: Reading, replay: LineReplay<unknown>): boolean {
  if (reading.version === null || reading.damaged > 0 || reading.tail !== 'none') return true;
  let needed = 0;
  for (const _ of replay.lines()) needed += 1;
  return reading.count > 2 * needed + SPARE_LINES;
}

/** Whether lines are missing, apart from a last one that was cut off: some, or all and even the first line. */
function isDamaged({ isMissing, isUsable, version, count, damaged }: Reading): boolean {
  return !isUsable || damaged > 0 || (!isMissing && version === null && count === 0);
}

/** A file may be a link to where someone keeps it. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
