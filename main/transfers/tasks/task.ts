import type { KeyPattern } from '../../oss/key-glob.ts';
import type { ExpectedDownload, ExpectedUpload } from '../file-state.ts';
import { FolderContent } from './folder-content.ts';
import type { ExpectedObject, OverwriteChoice, OverwriteRule, TicketLinks } from './requests.ts';
import { SpeedMeter } from './speed.ts';
import type { Priority, Transfer, TransferState } from './transfer.ts';
import { type Checkpoints, keptBytes } from './checkpoints.ts';
import { SIMPLE_UPLOAD_BYTES } from '../byte-work.ts';

/** State of the source of a copy when the copy was verified. */
export interface CopiedState {
  readonly etag: string | null;
  readonly versionId: string | null;
}

/** What a transfer moves, and from where to where. Written to the journal, so it holds no signed URL. */
export type Work =
  | {
      readonly kind: 'upload';
      /** `unread`: a path that couldn't be walked; stands for everything that may be below it. */
      readonly what: 'file' | 'empty-folder' | 'unread';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly path: string;
      /** What a comparison saw on both sides; the upload fails if that is no longer so. */
      readonly expects?: ExpectedUpload;
    }
  | {
      readonly kind: 'download';
      readonly what: 'object' | 'folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string | null;
      readonly path: string;
      /** The chosen folder: links to folders below it aren't followed. */
      readonly root?: string;
      /** What a comparison saw on both sides; the download fails if that is no longer so. */
      readonly expects?: ExpectedDownload;
    }
  | {
      /** Everything in a folder, discovered while it runs. `key`: its prefix, empty for a whole bucket. */
      readonly kind: 'upload-folder' | 'download-folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly path: string;
      /** As above; absent if it is `path`. */
      readonly root?: string;
      /** A file that lists what to transfer, as planned-items.ts reads it; absent: everything that is there. */
      readonly plan?: string;
      /** Of a download: the keys that belong to it, all below `key`; absent for everything below it. */
      readonly only?: KeyPattern;
    }
  | {
      readonly kind: 'copy';
      /** The account that signs requests to the target. */
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly source: {
        readonly accountId: string;
        readonly bucket: string;
        readonly key: string;
        readonly versionId: string | null;
      };
      /** Whether to delete the source once the copy is verified. */
      readonly move: boolean;
      /** State of the source when its copy was verified: only deleting it is left of the move. */
      readonly copied: CopiedState | null;
    }
  | {
      /** Everything below a prefix, discovered while it runs. `key`: the target prefix. */
      readonly kind: 'copy-folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly source: { readonly accountId: string; readonly bucket: string; readonly key: string };
      readonly move: boolean;
      /** The keys that belong to it, all below the source's; absent for everything below it. */
      readonly only?: KeyPattern;
    }
  | {
      readonly kind: 'link-download';
      readonly host: string;
      readonly bucket: string | null;
      readonly key: string;
      readonly versionId: string | null;
      /** What OSS makes of the object, as processingOf() has it; absent if it sends the object as it is. */
      readonly processing?: string;
      readonly path: string;
      readonly root?: string;
    }
  | {
      readonly kind: 'link-upload';
      readonly host: string;
      readonly bucket: string | null;
      readonly key: string;
      readonly path: string;
    }
  | {
      readonly kind: 'ticket-upload';
      readonly host: string;
      readonly bucket: string;
      readonly key: string;
      readonly uploadId: string;
      readonly path: string;
    };

/** The persistent part of a task. */
export interface TaskRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly work: Work;
  readonly name: string;
  /** Rule for an existing target; null: not asked yet. */
  readonly choice: OverwriteRule | null;
  readonly priority: Priority;
  /** Position among tasks of the same priority; lower ranks start first. */
  readonly rank: number;
  /** The folder this task belongs to, and its key as found in that folder. */
  readonly folder: { readonly id: string; readonly key: string } | null;
}

/** Kept in memory only: what a transfer through somebody's link or ticket is signed with. */
export type LiveLink = LiveUrl | TicketLinks;

/** A signed URL and what its signature covers. */
interface LiveUrl {
  readonly url: string;
  readonly params: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly expected?: ExpectedObject | undefined;
}

/** Transfers that were added together, and the overwrite choice for all of them. */
export interface Batch {
  choice: OverwriteChoice | null;
}

/** What changes about a task. */
interface TaskFields {
  readonly record: TaskRecord;
  readonly state: TransferState;
  readonly sizeBytes: number | null;
  readonly doneBytes: number;
  readonly checkpoints: Checkpoints;
  readonly link: LiveLink | null;
  /** Failed attempts since it last got further than ever before. */
  readonly attempts: number;
  /** Whether credentials were renewed for it without progress since. */
  readonly wasRefreshed: boolean;
  /** Whether an attempt may have stored its object without receiving the answer. */
  readonly mayBeStored: boolean;
  /** Number of attempts that failed the CRC-64 check. */
  readonly damagedAttempts: number;
  /** State of the local file when its folder was read, to be compared later; empty if unknown. */
  readonly stamp: string;
}

/** A transfer as the queue works on it. Only a turn of the queue, and the journal at the start, change it. */
export class Task implements TaskFields {
  readonly record: TaskRecord;
  readonly state: TransferState = { at: 'queued' };
  readonly sizeBytes: number | null = null;
  readonly doneBytes: number = 0;
  readonly checkpoints: Checkpoints = { upload: null, download: null };
  readonly link: LiveLink | null = null;
  readonly attempts: number = 0;
  readonly wasRefreshed: boolean = false;
  readonly mayBeStored: boolean = false;
  readonly damagedAttempts: number = 0;
  readonly stamp: string = '';
  readonly batch: Batch;
  /** Identifies the servers involved: transfers on the same route fail in the same outage. */
  readonly route: string;
  /** Largest number of bytes ever reached. */
  #furthest = 0;
  /** Whether the progress is what earlier attempts left: the current one hasn't reported yet how much of it counts. */
  #isEstimate = false;
  readonly #speed = new SpeedMeter();

  /** The folder this task belongs to. */
  readonly parent: Task | null;
  /** Its content, if it is a folder. */
  readonly content: FolderContent<Task> | null;

  constructor(record: TaskRecord, parent: Task | null, batch: Batch = parent?.batch ?? { choice: null }) {
    this.record = record;
    this.parent = parent;
    this.batch = batch;
    const { work } = record;
    const { kind } = work;
    this.route = routeOf(work);
    this.content = kind.endsWith('-folder') ? new FolderContent<Task>() : null;
  }

  get id(): string {
    return this.record.id;
  }

  /** Null for a transfer through a link. */
  get accountId(): string | null {
    const { work } = this.record;
    return 'accountId' in work ? work.accountId : null;
  }

  /** Whether it is known to need only one request. */
  get isSmall(): boolean {
    return this.sizeBytes !== null && this.sizeBytes <= SIMPLE_UPLOAD_BYTES;
  }

  /** Changes the task. Called by a turn of the queue, and by the journal at the start. */
  change(fields: Partial<TaskFields>): void {
    Object.assign(this, fields);
    if (this.#isEstimate && fields.checkpoints !== undefined) this.change({ doneBytes: keptBytes(this.checkpoints) });
  }

  /** Adds bytes to the progress, its own and its folder's. `now` is in milliseconds of a monotonic clock. */
  addBytes(bytes: number, now: number): void {
    this.#dropEstimate();
    this.change({ doneBytes: this.doneBytes + bytes });
    if (bytes > 0) for (const task of [this, this.parent]) task?.measureSpeed(bytes, now);
    if (this.doneBytes <= this.#furthest) return;
    this.#furthest = this.doneBytes;
    this.change({ attempts: 0, wasRefreshed: false });
  }

  /** Adds bytes of an earlier attempt to the progress. They are no speed, and no step further. */
  keepBytes(bytes: number): void {
    this.#dropEstimate();
    this.change({ doneBytes: this.doneBytes + bytes });
    this.#furthest = Math.max(this.#furthest, this.doneBytes);
  }

  /** Adds transferred bytes, its own or a child's, to the speed. */
  measureSpeed(bytes: number, now: number): void {
    this.#speed.add(bytes, now);
  }

  /** Sets the progress back to what earlier attempts left, before an attempt. */
  startAttempt(): void {
    this.#isEstimate = true;
    this.change({ doneBytes: keptBytes(this.checkpoints) });
    this.#speed.clear();
  }

  #dropEstimate(): void {
    if (!this.#isEstimate) return;
    this.#isEstimate = false;
    this.change({ doneBytes: 0 });
  }

  toTransfer(): Transfer {
    const { id, createdAt, work, name, priority, rank, folder } = this.record;
    const { accountId, content } = this;
    return {
      id,
      direction: directionOf(work),
      through: accountId !== null ? 'account' : work.kind === 'ticket-upload' ? 'ticket' : 'link',
      accountId,
      bucket: work.bucket,
      key: work.key,
      localPath: 'path' in work ? work.path : null,
      name,
      sizeBytes: content === null ? this.sizeBytes : content.sizeBytes,
      doneBytes: content === null ? this.doneBytes : content.doneBytes,
      bytesPerSecond: this.state.at === 'running' ? this.#speed.bytesPerSecond(performance.now()) : 0,
      createdAt,
      priority,
      rank,
      folderId: folder?.id ?? null,
      folder: content === null ? null : content.counts(),
      state: this.state,
    };
  }
}

/** A copy between buckets has a route of its own: an outage at its source doesn't affect its target. */
function routeOf(work: Work): string {
  if ('host' in work) return work.host;
  const target = `${work.accountId}/${work.bucket}`;
  const source = 'source' in work ? `${work.source.accountId}/${work.source.bucket}` : target;
  return source === target ? target : `${source} ${target}`;
}

function directionOf(work: Work): Transfer['direction'] {
  if ('move' in work) return work.move ? 'move' : 'copy';
  return work.kind.includes('upload') ? 'upload' : 'download';
}
