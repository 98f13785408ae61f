import { readFile, rename } from 'node:fs/promises';
import type { z } from 'zod';
import { errorCode, fileError, withFileErrors } from './file-failure.ts';
import { replaceFile } from './replace-file.ts';

/** Content of a JSON file. */
export interface JsonContent<T> {
  readonly value: T;
  /** Path to which a damaged file was moved, or null. */
  readonly setAside: string | null;
}

/** A value stored as a JSON file, which is always replaced atomically. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #fallback: T;

  constructor(path: string, schema: z.ZodType<T>, fallback: T) {
    this.#path = path;
    this.#schema = schema;
    this.#fallback = fallback;
  }

  /**
   * Reads the stored value, or the fallback if there is no file. A damaged file is moved to `<file>.damaged-<time>` and
   * never overwritten, since it may be the only copy of someone's work.
   * @throws WaybillError `file` if the file exists but can't be read
   */
  async read(now: () => number = Date.now): Promise<JsonContent<T>> {
    const text = await this.#text();
    if (text === null) return { value: this.#fallback, setAside: null };
    const value = this.#parse(text);
    if (value !== null) return { value, setAside: null };
    const setAside = `${this.#path}.damaged-${new Date(now()).toISOString().replaceAll(':', '')}`;
    await withFileErrors(this.#path, rename(this.#path, setAside));
    return { value: this.#fallback, setAside };
  }

  /** Replaces the file, readable by its owner only. @throws WaybillError `file` */
  async write(value: T): Promise<void> {
    await replaceFile(this.#path, `${JSON.stringify(value, null, 2)}\n`);
  }

  async #text(): Promise<string | null> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw fileError(error, this.#path);
    }
  }

  #parse(text: string): T | null {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }
}
