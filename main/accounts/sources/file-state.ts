import { stat } from 'node:fs/promises';

/** A file as it was when it was last looked at. */
export interface FileState {
  readonly path: string;
  /** Differs once the file has changed. */
  readonly state: string;
}

/** How a file is now. Taken before it is read, so that no change is missed. */
export async function fileState(path: string): Promise<FileState> {
  const state = await stat(path).then(
    ({ mtimeMs, size, ino }) => [mtimeMs, size, ino].join(),
    () => 'missing',
  );
  return { path, state };
}

/** Whether one of the files has changed since. */
export async function haveChanged(files: readonly FileState[]): Promise<boolean> {
  const now = await Promise.all(files.map(({ path }) => fileState(path)));
  return now.some(({ state }, index) => state !== files[index]?.state);
}
