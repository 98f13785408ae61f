/** An object whose copy on this computer was opened in another program. */
export interface OpenedFile {
  readonly id: string;
  readonly accountId: string;
  readonly bucket: string;
  readonly key: string;
  /** Null for the current version. */
  readonly versionId: string | null;
  /** The name of the copy. */
  readonly name: string;
  readonly state: OpenedState;
}

/** What is being done about it. Sizes are in bytes. */
export type OpenedState =
  /** `sizeBytes`: null until OSS has said it. */
  { readonly at: 'fetching'; readonly doneBytes: number; readonly sizeBytes: number | null } | { readonly at: 'open' };

/** What came of a wish to open an object. */
export type OpenAnswer =
  | { readonly kind: 'opened' }
  /** Opening it could run it. `isText`: a program that somebody chooses may still show it. */
  | { readonly kind: 'program'; readonly isText: boolean }
  /** Its size is worth a question first. */
  | { readonly kind: 'large'; readonly sizeBytes: number };
