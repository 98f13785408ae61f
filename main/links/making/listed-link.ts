/** A link of one of many objects. What is null is not known. */
export interface ListedLink {
  readonly key: string;
  readonly versionId: string | null;
  readonly sizeBytes: number | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
  readonly url: string;
}

/** What all of a list's links have in common. `validUntil` is in Unix milliseconds. */
export interface LinkListHead {
  readonly bucket: string;
  /** Taken off the keys to make the receiver's paths; empty, or ends in `/`. */
  readonly base: string;
  readonly validUntil: number;
  readonly madeAt: number;
}
