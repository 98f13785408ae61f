/** One bucket, as an account sees it. */
export interface BucketRef {
  readonly accountId: string;
  readonly bucket: string;
}

/** A prefix of a bucket, shown as a folder. */
export interface FolderRef extends BucketRef {
  /** Empty for the whole bucket; otherwise it ends with a slash. */
  readonly prefix: string;
}

/** An object, or one version of it. */
export interface ObjectRef extends BucketRef {
  readonly key: string;
  /** Null for the current version. */
  readonly versionId: string | null;
}

/** One version of an object, or a delete marker. */
export interface VersionRef extends BucketRef {
  readonly key: string;
  readonly versionId: string;
  /** Unix milliseconds. */
  readonly lastModified: number;
  readonly deleteMarker: boolean;
}

/** Objects and folders of one bucket. A prefix of '' is the whole bucket. */
export interface ObjectsRef extends BucketRef {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}
