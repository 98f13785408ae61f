import { lstat } from 'node:fs/promises';
import { WaybillError } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';

/** State of a local file; the time in Unix milliseconds. */
export interface FileState {
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** The state of a file to upload, and the ETag of the object to replace; null if there was none. */
export interface ExpectedUpload {
  readonly file: FileState;
  readonly replaces: string | null;
}

/** The state of an object to download, and that of the file to replace; null if there was none. */
export interface ExpectedDownload {
  readonly etag: string;
  /** When it was stored, in Unix milliseconds: the file gets this time. */
  readonly lastModified: number;
  readonly replaces: FileState | null;
}

/** Throws unless a file is in this state. @throws WaybillError `file` `changed` */
export function assertState(path: string, found: FileState, expected: FileState): void {
  const isSame = found.sizeBytes === expected.sizeBytes && found.modifiedAt === expected.modifiedAt;
  if (!isSame) throw new WaybillError({ kind: 'file', reason: 'changed', path });
}

/** As assertState(), for the file at a path; a link in its place counts as a change. @throws WaybillError `file` */
export async function assertFileState(path: string, expected: FileState): Promise<void> {
  const found = await withFileErrors(path, lstat(path));
  if (!found.isFile()) throw new WaybillError({ kind: 'file', reason: 'changed', path });
  assertState(path, { sizeBytes: found.size, modifiedAt: found.mtimeMs }, expected);
}
