import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode } from './file-failure.ts';
import { type FileTrouble, keepAside } from './file-trouble.ts';
import { repeatWhile } from './patience.ts';
import { replaceFile } from './replace-file.ts';

/** A larger file, in bytes, isn't one of ours. */
const MAX_BYTES = 16 * 1024 ** 2;

/** What a JSON file holds. */
export interface JsonFormat<T> {
  /** The newest version that `schema` reads. A file with a higher `version` field is left as it is. */
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** The value if there is no file, or none that can be read. */
  readonly fallback: T;
}

/** Content of a JSON file. */
export interface JsonContent<T> {
  readonly value: T;
  /** Whether the value was in the file; otherwise it is the fallback. */
  readonly isStored: boolean;
  readonly troubles: readonly FileTrouble[];
}

/** A value stored as a JSON file, which is always replaced atomically. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #format: JsonFormat<T>;
  /** False if what is there must not be overwritten. */
  #mayWrite = true;

  constructor(path: string, format: JsonFormat<T>) {
    this.#path = path;
    this.#format = format;
  }

  /**
   * Reads the stored value, or the fallback. Never rejects: whatever else is in its place is moved to
   * `<file>.damaged-<time>`, since it may be the only copy of someone's work; a file of a newer version stays.
   */
  async read(now: () => number = Date.now): Promise<JsonContent<T>> {
    const path = this.#path;
    const { fallback } = this.#format;
    const text = await readText(path);
    if (text === null) return { value: fallback, isStored: false, troubles: [] };
    const parsed = parse(text);
    if (this.#isNewer(parsed)) {
      this.#mayWrite = false;
      return { value: fallback, isStored: false, troubles: [{ kind: 'newer', path }] };
    }
    const value = this.#format.schema.safeParse(parsed);
    if (value.success) return { value: value.data, isStored: true, troubles: [] };
    const setAside = this.#mayWrite ? keepAside(path, false, now()) : null;
    this.#mayWrite = setAside !== null;
    const trouble: FileTrouble = setAside === null ? { kind: 'unsaved', path } : { kind: 'damaged', path, setAside };
    return { value: fallback, isStored: false, troubles: [trouble] };
  }

  /** As read(), for a program that isn't the file's owner: whatever is there stays, and write() does nothing. */
  peek(): Promise<JsonContent<T>> {
    this.#mayWrite = false;
    return this.read();
  }

  /**
   * Replaces the file, readable by its owner only. Does nothing and returns false if read() left something in its place.
   * @throws WaybillError `file`
   */
  async write(value: T): Promise<boolean> {
    if (this.#mayWrite) await replaceFile(this.#path, `${JSON.stringify(value, null, 2)}\n`);
    return this.#mayWrite;
  }

  #isNewer(parsed: unknown): boolean {
    const version = z.object({ version: z.int() }).safeParse(parsed);
    return version.success && version.data.version > this.#format.version;
  }
}

/** What passes: another program holds the file, or there are too many open ones. */
const passing: readonly (string | null)[] = ['EBUSY', 'EMFILE', 'ENFILE', 'EAGAIN', 'EIO', 'ESTALE'];

/** How long that is waited out, in milliseconds: nothing starts before its settings are read. */
const PATIENCE_MS = 500;

/** Null if there is no file; an empty text, which is no JSON, for anything that can't be read. */
async function readText(path: string): Promise<string | null> {
  try {
    return await repeatWhile(
      (code) => passing.includes(code),
      PATIENCE_MS,
      () => readSmall(path),
    );
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : '';
  }
}

async function readSmall(path: string): Promise<string> {
  const found = await stat(path);
  // A pipe would wait for a writer.
  return found.isFile() && found.size <= MAX_BYTES ? readFile(path, 'utf8') : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
