import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileErrors } from '../local-files/file-failure.ts';
import { hasEnded } from '../transfers/tasks/state.ts';
import type { Transfer } from '../transfers/tasks/transfer.ts';

/** Pictures from the clipboard, which have no file: they wait in Waybill's own folder until they are uploaded. */
export class PastedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a picture into a file that only its owner can read, and returns its path. @throws WaybillError `file` */
  async save(bytes: Uint8Array): Promise<string> {
    const path = join(this.#folder, crypto.randomUUID());
    await withFileErrors(path, mkdir(this.#folder, { recursive: true, mode: 0o700 }));
    await withFileErrors(path, writeFile(path, bytes, { mode: 0o600, flag: 'wx' }));
    return path;
  }

  /** Removes the file of an upload that is over. One that failed can be retried, as long as it is in the queue. */
  forget(transfer: Transfer): void {
    if (hasEnded(transfer.state) && transfer.state.at !== 'failed') this.drop(transfer);
  }

  /** Removes the file of an upload that has left the queue. */
  drop({ localPath }: Pick<Transfer, 'localPath'>): void {
    if (localPath === null || dirname(localPath) !== this.#folder) return;
    void rm(localPath, { force: true }).catch(() => undefined);
  }

  /** Removes the files that no upload waits for: those of a run that was killed. */
  async sweep(transfers: readonly Transfer[]): Promise<void> {
    const wanted = new Set(transfers.map(({ localPath }) => localPath));
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      if (!wanted.has(path)) await rm(path, { force: true }).catch(() => undefined);
    }
  }
}
