/** One file of an object's bytes. A multipart object has one per part. */
export interface Piece {
  readonly blob: string;
  readonly sizeBytes: number;
}

/** A restore started by RestoreObject: a readable copy of an archived object, for some days. */
export interface Restoring {
  /** When the copy becomes readable, Unix milliseconds. */
  readonly readyAt: number;
  /** When the copy expires, Unix milliseconds. */
  readonly expiresAt: number;
  readonly tier: string;
}

/** A version of an object or a delete marker, as stored in the journal. */
export interface ObjectVersion {
  readonly key: string;
  /** The string `null` while versioning is off or suspended. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  /** Unix milliseconds, in whole seconds like OSS. */
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
  /** Standard headers and `x-oss-meta-…`, names in lower case, values as received. */
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
  /** The target key of a symlink. */
  readonly symlinkTarget?: string;
  readonly restoring?: Restoring;
}

/** The version ID of objects written while versioning is off or suspended. */
export const NULL_VERSION = 'null';

/** Creates a delete marker. */
export function createDeleteMarker(key: string, versionId: string, nowMs: number): ObjectVersion {
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
