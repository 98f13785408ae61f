import type { ByteWatch } from '../byte-work.ts';
import type { ObjectSource } from './object-source.ts';
import type { DownloadCheckpoint } from '../tasks/checkpoints.ts';

/** One object that becomes one file. */
export interface DownloadJob {
  readonly source: ObjectSource;
  readonly target: string;
  /** False: a file that is there already stays, and the download fails with `file` `exists`. */
  readonly replace: boolean;
  /** Where an earlier attempt stopped. */
  readonly checkpoint: DownloadCheckpoint | null;
}

/** As ByteWatch, and what must be remembered of a download so that it can go on or be cleaned up. */
export interface DownloadWatch extends ByteWatch {
  /** A temporary file was made; null: there is none any more. */
  onCheckpoint(checkpoint: DownloadCheckpoint | null): void;
  /** The span of this index is complete. */
  onSpan(index: number): void;
}
