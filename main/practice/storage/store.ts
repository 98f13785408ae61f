import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonFile, type JsonFormat } from '../../local-files/json-file.ts';
import { corsRules } from '../protocol/cors-rules.ts';
import { lifecycleRules } from '../protocol/lifecycle-rules.ts';
import { compareBytes } from '../protocol/percent.ts';
import { refererRules } from '../protocol/referer-rules.ts';
import { noSuchBucket } from '../protocol/refusal.ts';
import { Blobs } from './blobs.ts';
import { Bucket, type BucketSettings } from './bucket.ts';
import { NULL_VERSION } from './object-version.ts';

/** A name is a folder, too. */
const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);

const settingsSchema = z.object({
  ...{ name: nameSchema, region: z.string(), createdAt: z.number(), acl: z.string(), storageClass: z.string() },
  versioning: z.enum(['Enabled', 'Suspended']).nullable(),
  ...{ policy: z.string().optional(), blockPublicAccess: z.boolean().optional() },
  ...{ archiveDirectRead: z.boolean().optional(), referer: refererRules.optional(), cors: corsRules.optional() },
  lifecycle: lifecycleRules.optional(),
});

interface BucketsFile {
  readonly version: 1;
  readonly buckets: readonly BucketSettings[];
}

const format: JsonFormat<BucketsFile> = {
  version: 1,
  schema: z.preprocess(
    // The first version wrote the list alone.
    (value) => (Array.isArray(value) ? { version: 1, buckets: value as unknown[] } : value),
    z.object({ version: z.literal(1), buckets: z.array(settingsSchema) }),
  ),
  fallback: { version: 1, buckets: [] },
};

/** The buckets of the practice account, in one folder. */
export class Store {
  readonly blobs: Blobs;
  /** Whether the folder was created by this run. */
  isNew = false;
  readonly #dataDir: string;
  readonly #file: JsonFile<BucketsFile>;
  readonly #buckets = new Map<string, Bucket>();
  #troubles: readonly FileTrouble[] = [];
  #saving: Promise<unknown> = Promise.resolve();

  private constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#file = new JsonFile(join(dataDir, 'buckets.json'), format);
    this.blobs = new Blobs(dataDir);
  }

  static async open(dataDir: string): Promise<Store> {
    const store = new Store(dataDir);
    await store.blobs.prepare();
    const { value, isStored, troubles } = await store.#file.read();
    store.#troubles = troubles;
    for (const settings of value.buckets) await store.#open(settings);
    if (!isStored) await store.#recover();
    return store;
  }

  /** What was wrong with its files when they were opened. */
  get troubles(): readonly FileTrouble[] {
    return [...this.#troubles, ...this.buckets().flatMap((bucket) => bucket.troubles)];
  }

  /** All buckets, sorted by name. */
  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => compareBytes(a.settings.name, b.settings.name));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** The bucket of this name. @throws Refusal `NoSuchBucket` */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket) return bucket;
    throw noSuchBucket(name);
  }

  async create(settings: BucketSettings): Promise<void> {
    await this.#open(settings);
    await this.#save();
  }

  async update(bucket: Bucket, change: Partial<BucketSettings>): Promise<void> {
    bucket.settings = { ...bucket.settings, ...change };
    await this.#save();
  }

  async delete(bucket: Bucket): Promise<void> {
    const { name } = bucket.settings;
    this.#buckets.delete(name);
    await this.#save();
    await bucket.close();
    await Bucket.destroy(this.#dataDir, name);
  }

  async close(): Promise<void> {
    await this.#saving;
    for (const bucket of this.#buckets.values()) await bucket.close();
  }

  async #open(settings: BucketSettings): Promise<Bucket> {
    const bucket = await Bucket.open(this.#dataDir, settings, this.blobs);
    this.#buckets.set(settings.name, bucket);
    return bucket;
  }

  /** Finds the buckets of a folder whose list of buckets is lost. Their settings are then those of new ones. */
  async #recover(): Promise<void> {
    const names = await readdir(join(this.#dataDir, 'buckets')).catch(() => []);
    for (const name of names.filter((one) => nameSchema.safeParse(one).success)) {
      const settings = { name, region: 'cn-hangzhou', createdAt: Date.now(), acl: 'private', storageClass: 'Standard' };
      const bucket = await this.#open({ ...settings, versioning: null });
      const isVersioned = [...bucket.index.all()].some(({ versionId }) => versionId !== NULL_VERSION);
      if (isVersioned) bucket.settings = { ...bucket.settings, versioning: 'Enabled' };
    }
    this.isNew = this.#buckets.size === 0;
    if (!this.isNew) await this.#save();
  }

  async #save(): Promise<void> {
    const turn = this.#saving.then(() => {
      const buckets = this.buckets().map((bucket) => bucket.settings);
      return this.#file.write({ version: 1, buckets });
    });
    this.#saving = turn.catch(() => undefined);
    await turn;
  }
}
