import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from './blobs.ts';
import { BucketIndex, type JournalRecord } from './bucket-index.ts';
import { Journal } from './journal.ts';
import { NULL_VERSION, type ObjectVersion } from './object-version.ts';
import { Uploads } from './uploads.ts';

/** Settings of a bucket. */
export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly acl: string;
  readonly storageClass: string;
  /** Null until versioning has been enabled once. */
  readonly versioning: 'Enabled' | 'Suspended' | null;
}

/** A bucket: its settings, the index and journal of its objects, and its unfinished uploads. */
export class Bucket {
  settings: BucketSettings;
  readonly index: BucketIndex;
  readonly uploads: Uploads;
  readonly #blobs: Blobs;
  readonly #journal: Journal;
  #last: Promise<unknown> = Promise.resolve();
  #sequence = 0;

  private constructor(
    settings: BucketSettings,
    parts: { index: BucketIndex; uploads: Uploads; blobs: Blobs; journal: Journal },
  ) {
    this.settings = settings;
    this.index = parts.index;
    this.uploads = parts.uploads;
    this.#blobs = parts.blobs;
    this.#journal = parts.journal;
  }

  /** Opens a bucket, replays its journal and compacts it if most records are obsolete. */
  static async open(dataDir: string, settings: BucketSettings, blobs: Blobs): Promise<Bucket> {
    const directory = Bucket.#directoryOf(dataDir, settings.name);
    await mkdir(directory, { recursive: true });
    const index = new BucketIndex();
    let records = 0;
    const journal = await Journal.open(join(directory, 'objects.jsonl'), (record) => {
      index.apply(record as JournalRecord);
      records += 1;
    });
    if (records > 1000 && records > index.count * 2) {
      await journal.rewrite(asRecords(index));
    }
    const uploads = await Uploads.open(directory, blobs);
    await endCompleted(uploads, index);
    return new Bucket(settings, { index, uploads, blobs, journal });
  }

  /** Removes the folder of a closed bucket. */
  static async destroy(dataDir: string, name: string): Promise<void> {
    await rm(Bucket.#directoryOf(dataDir, name), { recursive: true, force: true });
  }

  static #directoryOf(dataDir: string, name: string): string {
    return join(dataDir, 'buckets', name);
  }

  /**
   * Runs changes one at a time. `decide` sees the current index and may throw; its record is on disk before it applies.
   * @returns the result of `decide`
   */
  async change<T extends { readonly record: JournalRecord | null }>(decide: () => T): Promise<T> {
    const turn = this.#last.then(async () => {
      const decision = decide();
      if (decision.record) {
        await this.#journal.append(decision.record);
        const kept =
          decision.record.op === 'put' ? new Set(decision.record.version.pieces.map(({ blob }) => blob)) : null;
        const removed = this.index.apply(decision.record).flatMap(({ pieces }) => pieces);
        await this.#blobs.remove(removed.filter(({ blob }) => !kept?.has(blob)));
      }
      return decision;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** A new version ID: random, or `null` unless versioning is enabled. */
  newVersionId(): string {
    if (this.settings.versioning !== 'Enabled') return NULL_VERSION;
    this.#sequence += 1;
    return `CAEQ${randomBytes(24).toString('hex')}${this.#sequence.toString(16).padStart(4, '0')}`;
  }

  /** The `x-oss-version-id` header of a reply about `version`; none if versioning was never enabled. */
  versionHeader(version: Pick<ObjectVersion, 'versionId'>): Record<string, string> {
    return this.settings.versioning === null ? {} : { 'x-oss-version-id': version.versionId };
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#journal.close();
    await this.uploads.close();
  }
}

function* asRecords(index: BucketIndex): Generator<JournalRecord> {
  for (const version of index.all()) yield { op: 'put', version };
}

/** Removes uploads that a crash left behind after their object was recorded, but keeps the parts, which it now owns. */
async function endCompleted(uploads: Uploads, index: BucketIndex): Promise<void> {
  for (const upload of uploads.list()) {
    const inUse = new Set(index.versions(upload.key).flatMap(({ pieces }) => pieces.map(({ blob }) => blob)));
    const used = [...upload.parts.values()].filter(({ piece }) => inUse.has(piece.blob));
    if (used.length > 0) await uploads.end(upload, used);
  }
}
