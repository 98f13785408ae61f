import type { Failure } from '../../failure.ts';

/** Where one transfer stands. Times are Unix milliseconds. */
export type TransferState =
  | { readonly at: 'queued' }
  | { readonly at: 'running'; readonly attempt: number }
  /** After a network failure `retryAt` means nothing: it goes on once any transfer gets through, or may try. */
  | { readonly at: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly because: Failure }
  | {
      readonly at: 'blocked';
      readonly need: 'credentials' | 'fresh-link' | 'disk-space' | 'overwrite-choice';
      /** What it broke with, where it was not simply asked. */
      readonly because?: Failure;
    }
  | { readonly at: 'paused' }
  | { readonly at: 'verifying' }
  /** `verified` says how: by CRC-64, or by length alone where the server sends no CRC-64. */
  | { readonly at: 'done'; readonly verified: 'crc64' | 'length'; readonly versionId: string | null }
  | { readonly at: 'skipped' }
  | { readonly at: 'failed'; readonly because: Failure }
  | { readonly at: 'cancelled' };

/** Which transfers get their turn first. */
export type Priority = 'high' | 'normal' | 'low';

/** Where to move a transfer among those of its priority. */
export type Move = 'top' | 'up' | 'down' | 'bottom';

/** How much of a folder is done. */
export interface FolderCounts {
  /** As many as were found so far, all of them once it is counted. */
  readonly total: number;
  readonly isCounted: boolean;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** How many wait for an overwrite choice. */
  readonly asking: number;
}

/** One object, or a folder as a whole, on its way. Holds no secret: a signed URL stays in main. */
export interface Transfer {
  readonly id: string;
  /** `copy` and `move`: from one place of OSS to another. */
  readonly direction: 'upload' | 'download' | 'copy' | 'move';
  /** An account's own key, or a signed URL that was pasted. */
  readonly through: 'account' | 'link';
  readonly accountId: string | null;
  /** Null for a link on a custom domain. */
  readonly bucket: string | null;
  readonly key: string;
  /** Null for what never touches this computer's disk. */
  readonly localPath: string | null;
  /** What a person calls it. */
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly doneBytes: number;
  /** Over the last seconds; 0 when not running. */
  readonly bytesPerSecond: number;
  readonly createdAt: number;
  readonly priority: Priority;
  /** Lower ones get their turn first, among those of the same priority. */
  readonly rank: number;
  /** The folder that it is a part of; null for what stands in the queue by itself. */
  readonly folderId: string | null;
  /** Null but for a folder. */
  readonly folder: FolderCounts | null;
  readonly state: TransferState;
}

/** What changed since the last batch. */
export interface TransferBatch {
  readonly changed: readonly Transfer[];
  readonly removed: readonly string[];
}
