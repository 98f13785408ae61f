import type { DownloadWatch } from '../download/download-job.ts';
import type { OverwriteHints } from './overwrite-hints.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import type { CopiedState } from '../tasks/task.ts';
import type { UploadWatch } from '../upload/upload-job.ts';

/** What a running task needs from the queue. */
export interface TaskContext {
  readonly options: Pick<QueueOptions, 'connection' | 'dispatcher'>;
  readonly overwriteHints: OverwriteHints;
  readonly watch: UploadWatch & Omit<DownloadWatch, 'onCheckpoint'>;
  readonly onDownloadCheckpoint: DownloadWatch['onCheckpoint'];
  /** The transfer goes to a different key or path than requested. */
  readonly onRenamed: (to: { readonly key?: string; readonly path?: string }, name: string) => void;
  /** The file of an upload that resumes has changed. */
  readonly onFileChanged: () => void;
  /** The copy of a move is verified: only the source, in this state, is left to delete. */
  readonly onCopied: (copied: CopiedState) => void;
}
