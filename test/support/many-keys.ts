import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** An object to be listed; its bytes are nowhere. */
export interface KeyToList {
  readonly key: string;
  readonly sizeBytes?: number;
  /** Unix milliseconds, whole seconds. */
  readonly lastModified?: number;
}

const created = Date.UTC(2026, 10, 1);

/**
 * Adds a bucket with these keys to the folder of a practice server that is not running: a million uploads would take an
 * hour.
 */
export async function makeBucketOfKeys(dataDir: string, name: string, keys: Iterable<KeyToList>): Promise<void> {
  const folder = join(dataDir, 'buckets', name);
  await mkdir(folder, { recursive: true });
  const settingsPath = join(dataDir, 'buckets.json');
  const others = JSON.parse(await readFile(settingsPath, 'utf8').catch(() => '[]')) as unknown[];
  const bucket = { name, region: 'cn-hangzhou', createdAt: created, acl: 'private', storageClass: 'Standard' };
  await writeFile(settingsPath, JSON.stringify([...others, { ...bucket, versioning: null }]));
  await pipeline(Readable.from(lots(keys)), createWriteStream(join(folder, 'objects.jsonl')));
}

/** Lines of the bucket's journal, a thousand at a time. */
function* lots(keys: Iterable<KeyToList>): Generator<string> {
  let lines: string[] = [];
  for (const key of keys) {
    lines.push(`${JSON.stringify({ op: 'put', version: versionOf(key) })}\n`);
    if (lines.length === 1000) {
      yield lines.join('');
      lines = [];
    }
  }
  yield lines.join('');
}

function versionOf({ key, sizeBytes = 0, lastModified = created }: KeyToList): object {
  return {
    key,
    versionId: 'null',
    deleteMarker: false,
    lastModified,
    sizeBytes,
    etag: 'D41D8CD98F00B204E9800998ECF8427E',
    crc64: '0',
    contentMd5: null,
    type: 'Normal',
    storageClass: 'Standard',
    headers: {},
    acl: 'default',
    tags: {},
    pieces: [],
  };
}
