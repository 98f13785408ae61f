import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';

/**
 * JSON lines, only ever appended to. A torn last line (the process died while it wrote) is cut off when it is opened.
 */
export class Journal {
  readonly #path: string;
  #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Opens or makes the file and gives every record to `replay`, in order. */
  static async open(path: string, replay: (record: unknown) => void): Promise<Journal> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n')) if (line !== '') replay(JSON.parse(line));
    const file = await open(path, 'a');
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    return new Journal(path, file);
  }

  async append(record: unknown): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(record)}\n`);
  }

  /** Replaces the file by these records, through a second file, so that a crash leaves one of both. */
  async rewrite(records: Iterable<unknown>): Promise<void> {
    const lines: string[] = [];
    for (const record of records) lines.push(`${JSON.stringify(record)}\n`);
    await writeFile(`${this.#path}.new`, lines.join(''));
    await this.#file.close();
    await rename(`${this.#path}.new`, this.#path);
    this.#file = await open(this.#path, 'a');
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Whether an error says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
