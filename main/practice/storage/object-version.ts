/** One file of an object's bytes. A multipart object has one a part. */
export interface Piece {
  readonly blob: string;
  readonly sizeBytes: number;
}

/** What RestoreObject began: a readable copy of an archived object, for some days. */
export interface Restoring {
  /** Unix milliseconds at which the copy can be read. */
  readonly readyAt: number;
  /** Unix milliseconds at which it is gone again. */
  readonly expiresAt: number;
  readonly tier: string;
}

/** One version of an object, or a delete marker, as the journal keeps it. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` (the word) where the bucket's versioning is off or suspended. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  /** Unix milliseconds, whole seconds as OSS has it. */
  readonly lastModified: number;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal. */
  readonly crc64: string;
  /** Base64; null for multipart objects. */
  readonly contentMd5: string | null;
  readonly type: 'Normal' | 'Multipart' | 'Symlink';
  readonly storageClass: string;
  /** Standard headers and `x-oss-meta-…`, names in lower case, values as they came over the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
  /** The key that a symlink leads to. */
  readonly symlinkTarget?: string;
  readonly restoring?: Restoring;
}

/** The version ID of objects written while versioning is off. */
export const NULL_VERSION = 'null';

/** A delete marker. */
export function makeDeleteMarker(key: string, versionId: string, nowMs: number): ObjectVersion {
  return {
    key,
    versionId,
    deleteMarker: true,
    lastModified: Math.floor(nowMs / 1000) * 1000,
    sizeBytes: 0,
    etag: '',
    crc64: '0',
    contentMd5: null,
    type: 'Normal',
    storageClass: 'Standard',
    headers: {},
    acl: 'default',
    tags: {},
    pieces: [],
  };
}
