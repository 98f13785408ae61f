import { FolderContent } from './folder-content.ts';
import type { ExpectedObject, OverwriteChoice, OverwriteRule } from './requests.ts';
import { SpeedMeter } from './speed.ts';
import type { Priority, Transfer, TransferState } from './transfer.ts';
import type { DownloadCheckpoint, UploadCheckpoint } from './checkpoints.ts';
import { SIMPLE_UPLOAD_BYTES } from '../byte-work.ts';

/** What a transfer moves from where to where. Goes into the journal, so it holds no signed URL. */
export type Work =
  | {
      readonly kind: 'upload';
      /** `unread`: a path that could not be walked; it stands for all that may be below it. */
      readonly what: 'file' | 'empty-folder' | 'unread';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly path: string;
    }
  | {
      readonly kind: 'download';
      readonly what: 'object' | 'folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string | null;
      readonly path: string;
    }
  | {
      /** All that is in a folder, found while it is under way. `key`: its prefix, empty for a bucket. */
      readonly kind: 'upload-folder' | 'download-folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly path: string;
    }
  | {
      readonly kind: 'copy';
      /** Whose key signs what is done at the target. */
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly source: {
        readonly accountId: string;
        readonly bucket: string;
        readonly key: string;
        readonly versionId: string | null;
      };
      /** The source is deleted once the copy is verified. */
      readonly move: boolean;
      /** The source as it was when its copy was verified: of a move, only deleting it is left. */
      readonly copied: { readonly etag: string | null; readonly versionId: string | null } | null;
    }
  | {
      /** All that is below a prefix, found while it is under way. `key`: the prefix that it goes to. */
      readonly kind: 'copy-folder';
      readonly accountId: string;
      readonly bucket: string;
      readonly key: string;
      readonly source: { readonly accountId: string; readonly bucket: string; readonly key: string };
      readonly move: boolean;
    }
  | {
      readonly kind: 'link-download';
      readonly host: string;
      readonly bucket: string | null;
      readonly key: string;
      readonly versionId: string | null;
      readonly path: string;
    }
  | {
      readonly kind: 'link-upload';
      readonly host: string;
      readonly bucket: string | null;
      readonly key: string;
      readonly path: string;
    };

/** The part of a task that the journal keeps. */
export interface TaskRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly work: Work;
  readonly name: string;
  /** The answer where something of that name exists; null: nobody was asked yet. */
  readonly choice: OverwriteRule | null;
  readonly priority: Priority;
  /** Its place among those of the same priority: lower ones get their turn first. */
  readonly rank: number;
  /** The folder that it is a part of, and its key as it was found there. */
  readonly folder: { readonly id: string; readonly key: string } | null;
}

/** What only lives as long as the process: a signed URL and what it binds. */
export interface LiveLink {
  readonly url: string;
  readonly params: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly expected?: ExpectedObject | undefined;
}

/** Transfers that were added together, and the answer that was given for all of them. */
export interface Batch {
  choice: OverwriteChoice | null;
}

/** Where an earlier attempt stopped, by the kind of work. */
export interface Checkpoints {
  upload: UploadCheckpoint | null;
  download: DownloadCheckpoint | null;
}

/** A transfer as the queue works on it. */
export class Task {
  record: TaskRecord;
  state: TransferState = { at: 'queued' };
  sizeBytes: number | null = null;
  doneBytes = 0;
  readonly checkpoints: Checkpoints = { upload: null, download: null };
  readonly batch: Batch;
  /** What it takes to reach what it is about: transfers of one route meet the same outage. */
  readonly route: string;
  link: LiveLink | null = null;
  /** Failed attempts since it last came further than before. */
  attempts = 0;
  /** Whether credentials were renewed for it and did not help yet. */
  wasRefreshed = false;
  run: { readonly abort: AbortController; readonly settled: Promise<void> } | null = null;
  /** Whether an attempt may have stored its object without hearing of it. */
  mayBeStored = false;
  /** Copies that arrived damaged. */
  damaged = 0;
  /** The furthest it ever came, in bytes. */
  #furthest = 0;
  readonly #speed = new SpeedMeter();

  /** The folder that it is a part of. */
  readonly parent: Task | null;
  /** What is in it, where it is a folder itself. */
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

  /** Whether it is surely done with one request. */
  get isSmall(): boolean {
    return this.sizeBytes !== null && this.sizeBytes <= SIMPLE_UPLOAD_BYTES;
  }

  count(bytes: number): void {
    this.doneBytes += bytes;
    if (bytes > 0) for (const task of [this, this.parent]) task?.meter(bytes);
    if (this.doneBytes <= this.#furthest) return;
    this.#furthest = this.doneBytes;
    this.attempts = 0;
    this.wasRefreshed = false;
  }

  /** Bytes that came through, here or in a part of it. */
  meter(bytes: number): void {
    this.#speed.add(bytes, Date.now());
  }

  /** An attempt counts its bytes anew. */
  startAttempt(): void {
    this.doneBytes = 0;
    this.#speed.clear();
  }

  toTransfer(): Transfer {
    const { id, createdAt, work, name, priority, rank, folder } = this.record;
    const { accountId, content } = this;
    return {
      id,
      direction: directionOf(work),
      through: accountId === null ? 'link' : 'account',
      accountId,
      bucket: work.bucket,
      key: work.key,
      localPath: 'path' in work ? work.path : null,
      name,
      sizeBytes: content === null ? this.sizeBytes : content.sizeBytes,
      doneBytes: content === null ? this.doneBytes : content.doneBytes,
      bytesPerSecond: this.state.at === 'running' ? this.#speed.bytesPerSecond(Date.now()) : 0,
      createdAt,
      priority,
      rank,
      folderId: folder?.id ?? null,
      folder: content === null ? null : content.counts(),
      state: this.state,
    };
  }
}

/** A copy that comes from elsewhere has a way of its own: where its source is away, its target is not. */
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
