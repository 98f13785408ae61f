import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import type { ObjectRef } from '../../oss/names.ts';
import type { ObjectLocation } from '../stored-object.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';

/** Source of a copy. */
export interface SourceLocation extends ObjectLocation {
  /** Null: the current version. */
  readonly versionId: string | null;
}

/** Sizes in bytes that decide between one request and parts. */
export interface CopySizes {
  /** Largest object that any request copies, whatever it changes. */
  readonly whole: number;
  /** Largest one whose storage class and encryption stay, within its bucket and into another; `whole` if absent. */
  readonly kept?: { readonly within: number; readonly across: number };
  /** Size of a part, unless the object needs larger ones to stay within 10,000 parts. */
  readonly part: number;
}

/** Copy of one object to another. */
export interface CopyJob extends ObjectLocation {
  readonly source: SourceLocation;
  /**
   * `server`: OSS copies, which it does between buckets of one region that the same key may use. `machine`: the bytes
   * pass through this computer.
   */
  readonly through: 'server' | 'machine';
  /** `keep` fails with FileAlreadyExists if the key exists (in buckets without versioning). */
  readonly existing: 'replace' | 'keep';
  /** Whether the source is deleted afterwards: the copy also gets its ACL, and is looked at once more. */
  readonly move: boolean;
  readonly sizes: CopySizes;
  /** Rewrites an object in place: maps what it has besides its bytes to what it should have. ACL and tags are kept. */
  readonly rewrite?: ((source: ObjectHead) => ObjectHead) | undefined;
  /** Where an earlier attempt stopped. */
  readonly checkpoint: UploadCheckpoint | null;
}

/** The source as it was copied, with its size known. */
export type CopiedSource = ObjectHead & { readonly sizeBytes: number };

/** Returns the location in the form that OSS operations take. */
export function objectRefOf({ bucket, key, versionId }: Omit<SourceLocation, 'connection'>): ObjectRef {
  return { bucket, key, versionId: versionId ?? undefined };
}
