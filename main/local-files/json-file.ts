import { readFile, rename } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';

/**
 * One value kept as a JSON file. Writes are atomic and one after the other; a file that can't be understood is set
 * aside under another name, never overwritten.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #fallback: T;

  constructor(path: string, schema: z.ZodType<T>, fallback: T) {
    this.#path = path;
    this.#schema = schema;
    this.#fallback = fallback;
  }

  /** The stored value, or the fallback where there is none or it is damaged. */
  async read(): Promise<T> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      return this.#fallback;
    }
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch {
      await rename(this.#path, `${this.#path}.damaged-${Date.now()}`);
      return this.#fallback;
    }
  }

  /** Replaces the file, readable by its owner alone. */
  async write(value: T): Promise<void> {
    await writeFileAtomic(this.#path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  }
}
