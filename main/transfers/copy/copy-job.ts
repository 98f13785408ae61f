import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import type { ObjectRef } from '../../oss/names.ts';
import type { ObjectLocation } from '../stored-object.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';

/** Where a copy comes from. */
export interface SourceLocation extends ObjectLocation {
  /** Null: whatever is there. */
  readonly versionId: string | null;
}

/** Sizes in bytes by which a copy is done at once or in parts. */
export interface CopySizes {
  /** The largest object that is copied by one request. */
  readonly whole: number;
  /** A part, but for objects that need larger ones to stay below 10,000. */
  readonly part: number;
}

/** One object that becomes another. */
export interface CopyJob extends ObjectLocation {
  readonly source: SourceLocation;
  /**
   * `server`: OSS copies by itself, which it does between buckets of one region that the same key may use. `machine`:
   * the bytes come through this computer.
   */
  readonly through: 'server' | 'machine';
  /** `keep` refuses with FileAlreadyExists where the key is taken (in a bucket without versions). */
  readonly existing: 'replace' | 'keep';
  /** Whether the copy gets the source's ACL as well, and is looked at once more in its place. */
  readonly move: boolean;
  readonly sizes: CopySizes;
  /**
   * Makes an object new in its own place: what it is to have beside its bytes, made of what it has. It keeps its ACL and
   * its tags.
   */
  readonly rewrite?: ((source: ObjectHead) => ObjectHead) | undefined;
  /** Where an earlier attempt stopped. */
  readonly checkpoint: UploadCheckpoint | null;
}

/** The source as it was copied. */
export type CopiedSource = ObjectHead & { readonly sizeBytes: number };

/** The place as OSS's calls name it. */
export function objectRefOf({ bucket, key, versionId }: Omit<SourceLocation, 'connection'>): ObjectRef {
  return { bucket, key, versionId: versionId ?? undefined };
}
