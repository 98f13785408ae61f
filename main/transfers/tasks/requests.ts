import type { Dispatcher } from 'undici';
import type { Connection } from '../../oss/connection.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import type { Transfer, TransferBatch } from './transfer.ts';

/** What all transfers together may take. */
export interface TransferLimits extends BandwidthLimits {
  /** How many large transfers run at once. */
  readonly slots: number;
  /** Requests that a large transfer has under way at once; so many small ones, or twice as many, count as one. */
  readonly connections: number;
}

/** What a TransferQueue needs from outside. */
export interface QueueOptions {
  /** What to do where something of that name exists, for what is added from now on. */
  readonly overwrite?: () => OverwriteRule | 'ask';
  /** Asked at the start of each attempt, so that changed credentials are seen. */
  readonly connection: (accountId: string, bucket: string) => Promise<Connection>;
  /** Renews an account's temporary credentials after OSS called them expired. */
  readonly refresh?: (accountId: string) => Promise<void>;
  /** For signed URLs, which need no account. */
  readonly dispatcher: Dispatcher;
  /** Where the queue survives a restart; null keeps it in memory. */
  readonly journalFile: string | null;
  /** At first; see TransferQueue.setLimits(). */
  readonly limits?: TransferLimits;
  /** At most 10 times a second. */
  readonly onBatch: (batch: TransferBatch) => void;
  /** An object was stored, or a moved one is gone from where it was. */
  readonly onUploaded: (accountId: string, bucket: string, key: string) => void;
  /** A transfer, also one inside a folder, came to its end. */
  readonly onEnded?: (transfer: Transfer) => void;
  /** Whether what was done of a folder before a restart counts only as long as this computer's side of it is the same. */
  readonly looksAgain?: boolean;
  /** An error that is our mistake, for the log: the transfer itself shows only its ID. */
  readonly onBug?: (logId: string, error: unknown) => void;
}

/** Files and folders (absolute paths) that go below a prefix. */
export interface NewUploads {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly paths: readonly string[];
}

/** Objects, and all that is below prefixes, that go into a folder. `versionId` is for a single key. */
export interface NewDownloads {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly versionId: string | null;
  readonly folder: string;
}

/** Objects, and all that is below prefixes, that get copies below another prefix. */
export interface NewCopies {
  readonly from: {
    readonly accountId: string;
    readonly bucket: string;
    readonly keys: readonly string[];
    readonly prefixes: readonly string[];
    /** For a single key. */
    readonly versionId: string | null;
  };
  readonly to: { readonly accountId: string; readonly bucket: string; readonly prefix: string };
  /** Deletes each source once its copy is verified. */
  readonly move: boolean;
  /** For a single key or prefix: its name there, without a slash at the end. Null: the one it has. */
  readonly name: string | null;
}

/** One object through a signed URL. */
export type NewLinkDownload = {
  readonly url: string;
  readonly parts: SignedUrlParts;
  /** What the object was when it was shared, where the sender said. */
  readonly expected?: ExpectedObject | undefined;
} & (
  | { readonly folder: string; /** A stranger's: it is made safe. */ readonly fileName: string }
  /** As the person who gets the file wrote it. */
  | { readonly path: string }
);

/** One file through a signed URL, with exactly the headers that its maker named. */
export interface NewLinkUpload {
  readonly url: string;
  readonly parts: SignedUrlParts;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What to do where something of that name exists already. */
export type OverwriteChoice =
  | 'replace'
  | 'skip'
  | 'keep-both'
  /** Skip what is the same by size and CRC-64, replace the rest. */
  | 'skip-same'
  /** Replace what was changed before what comes, skip the rest. */
  | 'replace-older';

/** A choice that was made beforehand. `refuse`: what exists stays, and the transfer fails. */
export type OverwriteRule = OverwriteChoice | 'refuse';

/** What an object was when it was shared; null where nobody said. */
export interface ExpectedObject {
  readonly sizeBytes: number | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
}

/** Bytes per second in each direction; null: as fast as it goes. */
export interface BandwidthLimits {
  readonly up: number | null;
  readonly down: number | null;
}
