import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonLines } from '../../local-files/json-lines.ts';
import type { LineReplay, UnknownLine } from '../../local-files/line-format.ts';
import type { Blobs } from './blobs.ts';
import type { CorsRules } from '../protocol/cors-rules.ts';
import type { LifecycleRules } from '../protocol/lifecycle-rules.ts';
import type { RefererRules } from '../protocol/referer-rules.ts';
import { BucketIndex } from './bucket-index.ts';
import { NULL_VERSION, type ObjectVersion } from './object-version.ts';
import { objectFormat, type ObjectRecord } from './records.ts';
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
  /** JSON of the bucket policy. */
  readonly policy?: string | undefined;
  readonly blockPublicAccess?: boolean | undefined;
  readonly archiveDirectRead?: boolean | undefined;
  readonly referer?: RefererRules | undefined;
  readonly cors?: CorsRules | undefined;
  readonly lifecycle?: LifecycleRules | undefined;
}

/** A bucket: its settings, the index and journal of its objects, and its unfinished uploads. */
export class Bucket {
  settings: BucketSettings;
  readonly index: BucketIndex;
  readonly uploads: Uploads;
  /** What was wrong with its files when it was opened. */
  readonly troubles: readonly FileTrouble[];
  /** Policies that haven't been replaced in effect yet, oldest first; each counts until then, in Unix milliseconds. */
  #earlierPolicies: readonly { readonly text: string | undefined; readonly until: number }[] = [];
  readonly #blobs: Blobs;
  readonly #journal: JsonLines<ObjectRecord>;
  #last: Promise<unknown> = Promise.resolve();
  #sequence = 0;

  private constructor(settings: BucketSettings, directory: string, blobs: Blobs) {
    const { file, replay, troubles } = JsonLines.open(
      join(directory, 'objects.jsonl'),
      objectFormat,
      () => new Objects(),
    );
    this.settings = settings;
    this.index = replay.index;
    this.uploads = new Uploads(directory, blobs);
    this.troubles = [...troubles, ...this.uploads.troubles];
    this.#blobs = blobs;
    this.#journal = file;
  }

  /** Opens or creates a bucket. */
  static async open(dataDir: string, settings: BucketSettings, blobs: Blobs): Promise<Bucket> {
    const directory = Bucket.#directoryOf(dataDir, settings.name);
    await mkdir(directory, { recursive: true });
    const bucket = new Bucket(settings, directory, blobs);
    await endCompleted(bucket.uploads, bucket.index);
    return bucket;
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
  async change<T extends { readonly record: ObjectRecord | null }>(decide: () => T): Promise<T> {
    const turn = this.#last.then(async () => {
      const decision = decide();
      if (decision.record) {
        this.#journal.append([decision.record]);
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

  /** The policy that requests are held against, which may be that of before the last changes. */
  policyAt(nowMs: number): string | undefined {
    const earlier = this.#earlierPolicies.find(({ until }) => nowMs < until);
    return earlier === undefined ? this.settings.policy : earlier.text;
  }

  /** Lets the present policy count until a moment, although it is about to be replaced. */
  keepPolicy(nowMs: number, until: number): void {
    const others = this.#earlierPolicies.filter((one) => one.until > nowMs);
    // A later change is never in effect before an earlier one.
    const capped = others.map((one) => ({ ...one, until: Math.min(one.until, until) }));
    this.#earlierPolicies = [...capped, { text: this.settings.policy, until }];
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

class Objects implements LineReplay<ObjectRecord> {
  readonly index = new BucketIndex();
  readonly #unknown: UnknownLine[] = [];

  apply(record: ObjectRecord): void {
    this.index.apply(record);
  }

  keep(line: UnknownLine): void {
    this.#unknown.push(line);
  }

  *lines(): Generator<ObjectRecord | UnknownLine> {
    for (const version of this.index.all()) yield { op: 'put', version };
    yield* this.#unknown;
  }
}

/** Removes uploads that a crash left behind after their object was recorded, but keeps the parts, which it now owns. */
async function endCompleted(uploads: Uploads, index: BucketIndex): Promise<void> {
  for (const upload of uploads.list()) {
    const inUse = new Set(index.versions(upload.key).flatMap(({ pieces }) => pieces.map(({ blob }) => blob)));
    const used = [...upload.parts.values()].filter(({ piece }) => inUse.has(piece.blob));
    if (used.length > 0) await uploads.end(upload, used);
  }
}
