import type { Failure } from '../../failure.ts';
import type { Work } from '../tasks/task.ts';

/** A folder to upload or download. */
export type FolderWork = Extract<Work, { kind: 'upload-folder' | 'download-folder' }>;

/** A transfer about to be added. `failure`: why it can't even start. */
export interface PlannedTransfer {
  readonly work: Work;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** State of a file to upload, to be compared with itself later: its size, and when it last changed. */
  readonly stamp?: string;
  readonly failure: Failure | null;
}
