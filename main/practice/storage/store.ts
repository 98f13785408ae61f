import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Blobs } from './blobs.ts';
import { Bucket, type BucketSettings } from './bucket.ts';
import { errorCode } from '../../local-files/file-failure.ts';
import { compareBytes } from '../protocol/percent.ts';
import { noSuchBucket } from '../protocol/refusal.ts';

/** The buckets of the practice account, in one folder. */
export class Store {
  readonly blobs: Blobs;
  /** Whether the folder was created by this run. */
  isNew = false;
  readonly #dataDir: string;
  readonly #buckets = new Map<string, Bucket>();
  #saving: Promise<unknown> = Promise.resolve();

  private constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.blobs = new Blobs(dataDir);
  }

  static async open(dataDir: string): Promise<Store> {
    const store = new Store(dataDir);
    await store.blobs.prepare();
    const text = await readFile(store.#settingsPath(), 'utf8').catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
      store.isNew = true;
      return '[]';
    });
    for (const settings of JSON.parse(text) as BucketSettings[]) {
      store.#buckets.set(settings.name, await Bucket.open(dataDir, settings, store.blobs));
    }
    return store;
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
    this.#buckets.set(settings.name, await Bucket.open(this.#dataDir, settings, this.blobs));
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

  #settingsPath(): string {
    return join(this.#dataDir, 'buckets.json');
  }

  async #save(): Promise<void> {
    const turn = this.#saving.then(async () => {
      const settings = this.buckets().map((bucket) => bucket.settings);
      await writeFile(`${this.#settingsPath()}.new`, JSON.stringify(settings, null, 2));
      await rename(`${this.#settingsPath()}.new`, this.#settingsPath());
    });
    this.#saving = turn.catch(() => undefined);
    await turn;
  }
}
