import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bucket } from './bucket.ts';
import { createDeleteMarker } from './object-version.ts';
import type { Store } from './store.ts';

/** Options of seedSamples(). */
export interface SeedOptions {
  readonly region: string;
  readonly nowMs: number;
  /** Searched for near the code if undefined. */
  readonly samplesDir: string | undefined;
}

/** A version to create: `file` in the samples folder becomes `key`. */
interface Sample {
  readonly key: string;
  readonly file: string;
  readonly type: string;
  readonly daysAgo: number;
}

const SAMPLES: readonly Sample[] = [
  { key: 'Welcome to Waybill.txt', file: 'welcome.txt', type: 'text/plain; charset=utf-8', daysAgo: 12 },
  { key: '欢迎使用 Waybill.txt', file: 'welcome-zh.txt', type: 'text/plain; charset=utf-8', daysAgo: 12 },
  { key: 'pictures/harbour.png', file: 'harbour.png', type: 'image/png', daysAgo: 9 },
  { key: 'reports/2026/shipments.csv', file: 'shipments.csv', type: 'text/csv; charset=utf-8', daysAgo: 5 },
  { key: 'reports/2026/notes/handover.md', file: 'handover.md', type: 'text/markdown; charset=utf-8', daysAgo: 3 },
  { key: '合同/运单 2026-11.csv', file: 'waybills-zh.csv', type: 'text/csv; charset=utf-8', daysAgo: 2 },
];

const VERSIONS: readonly Sample[] = [
  { key: 'price-list.csv', file: 'price-list-1.csv', type: 'text/csv; charset=utf-8', daysAgo: 40 },
  { key: 'price-list.csv', file: 'price-list-2.csv', type: 'text/csv; charset=utf-8', daysAgo: 20 },
  { key: 'price-list.csv', file: 'price-list-3.csv', type: 'text/csv; charset=utf-8', daysAgo: 1 },
  { key: 'old-terms.txt', file: 'old-terms.txt', type: 'text/plain; charset=utf-8', daysAgo: 60 },
];

const DAY_MS = 24 * 60 * 60 * 1000;

/** Fills an empty store: a bucket of samples, one with versions and a deleted object, and an empty one. */
export async function seedSamples(store: Store, options: SeedOptions): Promise<void> {
  const samplesDir = await findSamples(options.samplesDir);
  const samples = await makeBucket(store, 'waybill-samples', options);
  const versions = await makeBucket(store, 'waybill-versions', options, 'Enabled');
  await makeBucket(store, 'waybill-inbox', options);
  if (samplesDir === null) return;
  for (const sample of SAMPLES) await makeObject(store, samples, { sample, samplesDir, nowMs: options.nowMs });
  for (const sample of VERSIONS) await makeObject(store, versions, { sample, samplesDir, nowMs: options.nowMs });
  await versions.change(() => {
    const version = createDeleteMarker('old-terms.txt', versions.newVersionId(), options.nowMs - 10 * DAY_MS);
    return { record: { op: 'put', version } };
  });
}

async function makeBucket(
  store: Store,
  name: string,
  { region, nowMs }: SeedOptions,
  versioning: 'Enabled' | null = null,
): Promise<Bucket> {
  const createdAt = nowMs - 60 * DAY_MS;
  await store.create({ name, region, createdAt, acl: 'private', storageClass: 'Standard', versioning });
  return store.get(name);
}

async function makeObject(
  store: Store,
  bucket: Bucket,
  { sample, samplesDir, nowMs }: { sample: Sample; samplesDir: string; nowMs: number },
): Promise<void> {
  const received = await store.blobs.receive(createReadStream(join(samplesDir, sample.file)));
  const piece = await store.blobs.keep(received);
  await bucket.change(() => ({
    record: {
      op: 'put',
      version: {
        key: sample.key,
        versionId: bucket.newVersionId(),
        deleteMarker: false,
        lastModified: Math.floor((nowMs - sample.daysAgo * DAY_MS) / 1000) * 1000,
        sizeBytes: received.sizeBytes,
        etag: received.md5.toString('hex').toUpperCase(),
        crc64: received.crc64,
        contentMd5: received.md5.toString('base64'),
        type: 'Normal',
        storageClass: 'Standard',
        headers: { 'content-type': sample.type },
        acl: 'default',
        tags: {},
        pieces: [piece],
      },
    },
  }));
}

/** The given folder, or the `assets/samples` of a parent folder of the code, built or not. */
async function findSamples(given: string | undefined): Promise<string | null> {
  const candidates = given === undefined ? [] : [given];
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    candidates.push(join(folder, 'assets', 'samples'));
  }
  for (const candidate of candidates) {
    const isThere = await access(join(candidate, 'welcome.txt')).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return null;
}
