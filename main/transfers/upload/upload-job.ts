import type { ByteWatch } from '../byte-work.ts';
import type { ObjectPlace } from '../stored-object.ts';

/** A part that OSS has and whose CRC-64 was compared. */
export interface FinishedPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly crc64: string;
  readonly sizeBytes: number;
}

/** Where a multipart upload stands, and of which state of the file. */
export interface UploadCheckpoint {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly partSizeBytes: number;
  readonly sizeBytes: number;
  /** Modification time of the file, in Unix milliseconds. */
  readonly modifiedAt: number;
  /** Grows while the upload runs. */
  readonly parts: FinishedPart[];
}

/** One file that becomes one object. */
export interface UploadJob extends ObjectPlace {
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
