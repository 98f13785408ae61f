import type { ByteWatch } from '../byte-work.ts';
import type { ObjectLocation } from '../stored-object.ts';
import type { FileState } from '../file-state.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';

/** Upload of one file to one object. */
export interface UploadJob extends ObjectLocation {
  readonly path: string;
  /** The state that the file must be in; absent for any. */
  readonly file?: FileState | undefined;
  /** `keep` fails with FileAlreadyExists if the key exists (in buckets without versioning). */
  readonly existing: 'replace' | 'keep';
  /** What the object has besides its bytes; by default a Content-Type by its name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where an earlier attempt stopped. */
  readonly checkpoint: UploadCheckpoint | null;
}

/** Like ByteWatch, plus what must be recorded to resume or abort a multipart upload. */
export interface UploadWatch extends ByteWatch {
  /** A multipart upload was initiated; null: it no longer exists. */
  onCheckpoint(checkpoint: UploadCheckpoint | null): void;
  /** A part was added to the checkpoint. */
  onPart(part: FinishedPart): void;
}

/** Where to store an object, and whether an existing one may be replaced. */
export interface UploadTarget extends ObjectLocation {
  readonly existing: 'replace' | 'keep';
}
