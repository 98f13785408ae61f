import type { Failure } from '../../failure.ts';

/**
 * How a transfer was verified: by CRC-64; by length alone, if the server sends no CRC-64; or not at all, because the
 * reply got lost and the link may not read what it wrote.
 */
export type Verified = 'crc64' | 'length' | 'unconfirmed';

/** State of a transfer. Times are Unix milliseconds. */
export type TransferState =
  | { readonly at: 'queued' }
  | { readonly at: 'running'; readonly attempt: number }
  /**
   * After a network failure `retryAt` is ignored: the transfer continues when another one gets through, or when it may
   * probe.
   */
  | { readonly at: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly because: Failure }
  | {
      readonly at: 'blocked';
      readonly need: 'credentials' | 'fresh-link' | 'disk-space' | 'overwrite-choice';
      /** The failure behind it; absent if the transfer simply asks. */
      readonly because?: Failure;
    }
  | { readonly at: 'paused' }
  | { readonly at: 'verifying' }
  /** `callback`: the upload is stored, but the server that its link names wasn't notified. */
  | { readonly at: 'done'; readonly verified: Verified; readonly versionId: string | null; readonly callback?: Failure }
  | { readonly at: 'skipped' }
  | { readonly at: 'failed'; readonly because: Failure }
  | { readonly at: 'cancelled' };

/** Which transfers start first. */
export type Priority = 'high' | 'normal' | 'low';

/** Where to move a transfer among those of its priority. */
export type Move = 'top' | 'up' | 'down' | 'bottom';

/** Progress of a folder. */
export interface FolderCounts {
  /** Number of items found so far; final once `isCounted`. */
  readonly total: number;
  readonly isCounted: boolean;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Number of children that wait for an overwrite choice. */
  readonly asking: number;
}

/** One object, or a folder as a whole, as the queue reports it. Holds no secrets: signed URLs stay in main. */
export interface Transfer {
  readonly id: string;
  /** `copy` and `move`: from one location in OSS to another. */
  readonly direction: 'upload' | 'download' | 'copy' | 'move';
  /** Through an account's key, a pasted signed URL, or an upload ticket. */
  readonly through: 'account' | 'link' | 'ticket';
  readonly accountId: string | null;
  /** Null for a link on a custom domain; a ticket names its bucket. */
  readonly bucket: string | null;
  readonly key: string;
  /** Null for copies within OSS, which don't touch the local disk. */
  readonly localPath: string | null;
  /** Display name. */
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly doneBytes: number;
  /** Over the last seconds; 0 when not running. */
  readonly bytesPerSecond: number;
  readonly createdAt: number;
  readonly priority: Priority;
  /** Lower ranks start first among transfers of the same priority. */
  readonly rank: number;
  /** The folder this transfer belongs to; null at the top level. */
  readonly folderId: string | null;
  /** Null unless this is a folder. */
  readonly folder: FolderCounts | null;
  readonly state: TransferState;
}

/** Changes since the previous batch. */
export interface TransferBatch {
  readonly changed: readonly Transfer[];
  readonly removed: readonly string[];
}
