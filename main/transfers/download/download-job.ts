import type { ByteWatch } from '../byte-work.ts';
import type { ObjectSource } from './object-source.ts';
import type { FileState } from '../file-state.ts';
import type { DownloadCheckpoint } from '../tasks/checkpoints.ts';

/** Download of one object to one file. */
export interface DownloadJob {
  readonly source: ObjectSource;
  readonly target: string;
  /** False: an existing file stays, and the download fails with `file` `exists`. */
  readonly replace: boolean;
  /** The state that a file to be replaced must be in; absent for any. */
  readonly replaces?: FileState | undefined;
  /** The modification time of the file, in Unix milliseconds; absent: the one that the object has. */
  readonly modifiedAt?: number | undefined;
  /** Where an earlier attempt stopped. */
  readonly checkpoint: DownloadCheckpoint | null;
}

/** Like ByteWatch, plus what must be recorded to resume or clean up a download. */
export interface DownloadWatch extends ByteWatch {
  /** A temporary file was created; null: it no longer exists. */
  onCheckpoint(checkpoint: DownloadCheckpoint | null): void;
  /** The span with this index is complete. */
  onSpan(index: number): void;
}
