import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';

/**
 * An append-only file of JSON lines. Opening it truncates a partial last line, left by a process that died writing.
 */
export class Journal {
  readonly #path: string;
  #file: FileHandle;
  /** Length of the complete lines. */
  #sizeBytes: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, sizeBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** Opens or creates the file and passes each record to `replay`, in order. */
  static async open(path: string, replay: (record: unknown) => void): Promise<Journal> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n')) if (line !== '') replay(JSON.parse(line));
    const file = await open(path, 'a');
    const journal = new Journal(path, file, Buffer.byteLength(whole));
    if (whole.length < text.length) await file.truncate(journal.#sizeBytes);
    return journal;
  }

  /** Appends a record; not to be called concurrently. A failed write is truncated, or the next would join its line. */
  async append(record: unknown): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    const turn = this.#last.then(async () => {
      try {
        await this.#file.appendFile(line);
        this.#sizeBytes += line.length;
      } catch (error) {
        await this.#file.truncate(this.#sizeBytes);
        throw error;
      }
    });
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  /** Replaces the file with these records atomically: a crash leaves either the old file or the new one. */
  async rewrite(records: Iterable<unknown>): Promise<void> {
    const lines: string[] = [];
    for (const record of records) lines.push(`${JSON.stringify(record)}\n`);
    const bytes = Buffer.from(lines.join(''));
    await writeFile(`${this.#path}.new`, bytes);
    await this.#file.close();
    await rename(`${this.#path}.new`, this.#path);
    this.#file = await open(this.#path, 'a');
    this.#sizeBytes = bytes.length;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }
}

/** Whether the error means that a file doesn't exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
