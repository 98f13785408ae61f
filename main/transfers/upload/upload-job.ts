import type { ByteWatch } from '../byte-work.ts';
import type { ObjectLocation } from '../stored-object.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';

/** One file that becomes one object. */
export interface UploadJob extends ObjectLocation {
  readonly path: string;
  /** `keep` refuses with FileAlreadyExists where the key is taken (in a bucket without versions). */
  readonly existing: 'replace' | 'keep';
  /** Where an earlier attempt stopped. */
  readonly checkpoint: UploadCheckpoint | null;
}

/** As ByteWatch, and what must be remembered of a multipart upload so that it can go on or be aborted. */
export interface UploadWatch extends ByteWatch {
  /** A multipart upload was begun; null: it does not exist any more. */
  onCheckpoint(checkpoint: UploadCheckpoint | null): void;
  /** The part was added to the checkpoint. */
  onPart(part: FinishedPart): void;
}

/** A key that may be written to, and how. */
export interface UploadTarget extends ObjectLocation {
  readonly existing: 'replace' | 'keep';
}
