import type { PartFileState } from '../../local-files/part-file.ts';

/** A part that OSS has stored and whose CRC-64 was compared. */
export interface FinishedPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly crc64: string;
  readonly sizeBytes: number;
}

/** Progress of a multipart upload, and the state of the file it belongs to. */
export interface UploadCheckpoint {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly partSizeBytes: number;
  readonly sizeBytes: number;
  /** Modification time of the file, in Unix milliseconds. */
  readonly modifiedAt: number;
  /** Grows as parts are finished. */
  readonly parts: FinishedPart[];
}

/**
 * A range of a download that one request reads. Updated as bytes arrive, so that a broken request resumes where it
 * stopped. (ByteRange, by contrast, is the range an HTTP request names.)
 */
export interface Span {
  readonly start: number;
  /** Null: to the end of an object of unknown size. */
  readonly sizeBytes: number | null;
  /** Bytes written to the file. */
  doneBytes: number;
  /** CRC-64 of the bytes written. */
  crc64: string;
}

/** Progress of a download, and the state of the object it belongs to. */
export interface DownloadCheckpoint {
  /** The temporary file that holds the bytes so far. */
  readonly partPath: string;
  /** Null if the server sends none: then a broken download starts over. */
  readonly etag: string | null;
  /** CRC-64 of the whole object as the server sent it; null if it sent none. */
  readonly crc64: string | null;
  readonly versionId: string | null;
  readonly sizeBytes: number | null;
  /** Modification time for the finished file, in Unix milliseconds; null if unknown. */
  readonly modifiedAt?: number | null;
  readonly spans: readonly Span[];
  /**
   * State of the temporary file when an attempt stopped in good order, with all its bytes on the disk. Null or absent
   * while an attempt runs: if that ends otherwise, the file may lack bytes that the spans claim.
   */
  readonly keptAs?: PartFileState | null;
}

/** Where an earlier attempt stopped, by kind of work. */
export interface Checkpoints {
  readonly upload: UploadCheckpoint | null;
  readonly download: DownloadCheckpoint | null;
}

/** Returns how many bytes the next attempt need not transfer again, as far as is known without asking the server. */
export function keptBytes({ upload, download }: Checkpoints): number {
  const sent = (upload?.parts ?? []).reduce((sum, part) => sum + part.sizeBytes, 0);
  return (download?.spans ?? []).reduce((sum, span) => sum + span.doneBytes, sent);
}
