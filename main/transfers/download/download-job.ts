import type { ByteWatch } from '../byte-work.ts';
import type { ObjectSource } from './object-source.ts';

/** Bytes that are read by one request. Changes while it is read, so that a broken one goes on where it was. */
export interface Span {
  readonly start: number;
  /** Null: to the end, wherever that is. */
  readonly sizeBytes: number | null;
  /** Bytes that are in the file. */
  doneBytes: number;
  /** CRC-64 of those bytes. */
  crc64: string;
}

/** Where a download stands, and of which state of the object. */
export interface DownloadCheckpoint {
  /** The temporary file that holds the bytes so far. */
  readonly partPath: string;
  /** Null where the server tells none: then a broken download begins anew. */
  readonly etag: string | null;
  /** Of the whole object, as the server says; null where it says nothing. */
  readonly crc64: string | null;
  readonly versionId: string | null;
  readonly sizeBytes: number | null;
  /** What the file's modification time becomes, in Unix milliseconds; null where nobody tells. */
  readonly modifiedAt?: number | null;
  readonly spans: readonly Span[];
}

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
