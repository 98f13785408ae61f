import type { Failure } from '../failure.ts';

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
  | { readonly at: 'fetching'; readonly doneBytes: number; readonly sizeBytes: number | null }
  /** It is shown; nothing is brought back. */
  | { readonly at: 'open' }
  /** It is edited, and OSS has what it holds. `savedAt`: Unix milliseconds of the last save; null if there was none. */
  | { readonly at: 'saved'; readonly savedAt: number | null }
  | { readonly at: 'saving' }
  /** A save failed for now, and is tried again. */
  | { readonly at: 'waiting'; readonly because: Failure }
  /** A save failed until somebody does something about it. */
  | { readonly at: 'failed'; readonly because: Failure }
  /** The object was changed or deleted since it was opened. */
  | { readonly at: 'conflict'; readonly theirs: 'changed' | 'deleted' }
  /** An earlier run left it with changes that aren't saved. */
  | { readonly at: 'kept' };

/** What came of a wish to open an object. */
export type OpenAnswer =
  | { readonly kind: 'opened' }
  /** Opening it could run it. `isText`: a program that somebody chooses may still show it. */
  | { readonly kind: 'program'; readonly isText: boolean }
  /** Its size is worth a question first. */
  | { readonly kind: 'large'; readonly sizeBytes: number };
