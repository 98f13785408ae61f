import type { Dispatcher } from 'undici';
import type { BandwidthLimits } from '../../http/bandwidth.ts';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import type { Connection } from '../../oss/connection.ts';
import type { ObjectUrlParts } from '../../oss/signing/signed-url-parts.ts';
import type { Transfer, TransferBatch } from './transfer.ts';

/** Limits for all transfers together. */
export interface TransferLimits extends BandwidthLimits {
  /** Number of large transfers that run at once. */
  readonly slots: number;
  /** Concurrent requests of a large transfer. As many small transfers, or up to twice as many, share one slot. */
  readonly connections: number;
}

/** Dependencies and settings of a TransferQueue. */
export interface QueueOptions {
  /** Rule for existing targets, applied to transfers added from now on. Default: ask. */
  readonly overwrite?: () => OverwriteRule | 'ask';
  /** Called at the start of each attempt, so that changed credentials take effect. */
  readonly connection: (accountId: string, bucket: string) => Promise<Connection>;
  /** Renews an account's temporary credentials after OSS reported them expired. */
  readonly refresh?: (accountId: string) => Promise<void>;
  /** Used for signed URLs, which need no account. */
  readonly dispatcher: Dispatcher;
  /** Journal file that lets the queue survive a restart; null keeps the queue in memory. */
  readonly journalFile: string | null;
  /** Initial limits; see TransferQueue.setLimits(). */
  readonly limits?: TransferLimits;
  /** Called at most ten times per second. */
  readonly onBatch: (batch: TransferBatch) => void;
  /** Called after an object was stored, and for a move also after its source was deleted. */
  readonly onUploaded: (accountId: string, bucket: string, key: string) => void;
  /** Called when an upload resumes with a file that has changed, so that its parts are compared with those sent. */
  readonly onFileChanged?: (transfer: Transfer) => void;
  /** Called when a transfer has ended, including those inside folders. */
  readonly onEnded?: (transfer: Transfer) => void;
  /** Called when a top-level transfer has left the queue. */
  readonly onRemoved?: (transfer: Transfer) => void;
  /** Whether finished children of a folder count after a restart only if their local files are unchanged. */
  readonly recheckFiles?: boolean;
  /** Whether a top-level transfer of the journal may be continued; all are without it. */
  readonly mayRestore?: (transfer: Transfer) => boolean;
  /** Receives what is wrong with the journal: at once, and when it can't be written any more. */
  readonly onTrouble?: (trouble: FileTrouble) => void;
  /** Receives errors that are bugs, for the log; the transfer itself shows only the ID. */
  readonly onBug?: (logId: string, error: unknown) => void;
}

/** Files and folders (absolute paths) to upload below a prefix. */
export interface NewUploads {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly paths: readonly string[];
}

/** Objects, and everything below prefixes, to download into a folder. `versionId` requires a single key. */
export interface NewDownloads {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly versionId: string | null;
  readonly folder: string;
}

/** Objects, and everything below prefixes, to copy below another prefix. */
export interface NewCopies {
  readonly from: {
    readonly accountId: string;
    readonly bucket: string;
    readonly keys: readonly string[];
    readonly prefixes: readonly string[];
    /** Requires a single key. */
    readonly versionId: string | null;
  };
  readonly to: { readonly accountId: string; readonly bucket: string; readonly prefix: string };
  /** Whether to delete each source once its copy is verified. */
  readonly move: boolean;
  /** New name of a single key or prefix, without a trailing slash; null keeps its name. */
  readonly name: string | null;
}

/** An object to download through a signed URL. */
export type NewLinkDownload = {
  readonly url: string;
  readonly parts: ObjectUrlParts;
  /** State of the object when it was shared, if the sender included it. */
  readonly expected?: ExpectedObject | undefined;
} & (
  | {
      readonly folder: string;
      /** The chosen folder that `folder` is in. */
      readonly root?: string;
      /** Chosen by a stranger, so it is sanitised. */
      readonly fileName: string;
    }
  /** Chosen by the person who downloads, so it is used as it is. */
  | { readonly path: string }
);

/** A file to upload through a signed URL, with exactly the headers that the link's creator specified. */
export interface NewLinkUpload {
  readonly url: string;
  readonly parts: ObjectUrlParts;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The links of an upload that its owner started, and what they hold a file to. Secrets, but for the first lines. */
export interface TicketLinks {
  readonly host: string;
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** The largest file that fits, in bytes. */
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  /** The URL for PUT of a part; numbers start at 1. */
  readonly put: (partNumber: number) => string;
  /** URLs for GET of ListParts, 1,000 parts apart. */
  readonly list: readonly string[];
  /** The URL for POST of CompleteMultipartUpload, and exactly the headers that must be sent. */
  readonly complete: string;
  readonly completeHeaders: Readonly<Record<string, string>>;
}

/** A file to upload through an upload ticket. */
export interface NewTicketUpload {
  readonly ticket: TicketLinks;
  readonly path: string;
}

/** What to do if the target exists. */
export type OverwriteChoice =
  | 'replace'
  | 'skip'
  | 'keep-both'
  /** Skip if size and CRC-64 are equal, otherwise replace. */
  | 'skip-same'
  /** Replace if the existing one is older, otherwise skip. */
  | 'replace-older';

/** A choice made in advance. `refuse`: keep what exists and fail. */
export type OverwriteRule = OverwriteChoice | 'refuse';

/** State of an object when it was shared; null for what the sender didn't include. */
export interface ExpectedObject {
  readonly sizeBytes: number | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
}
