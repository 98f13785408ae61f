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
