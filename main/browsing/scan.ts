import type { Connection } from '../oss/connection.ts';
import { listObjects, type ObjectEntry } from '../oss/operations/listing.ts';

/** Where a scan starts: the prefix, and the page; null for the first one. */
export interface ScanStart {
  readonly bucket: string;
  readonly prefix: string;
  readonly pageToken: string | null;
}

/** The matches of one stretch of a search. `nextPageToken` is null once the whole prefix is scanned. */
export interface FoundPage {
  readonly objects: readonly ObjectEntry[];
  /** How many keys were scanned. */
  readonly scanned: number;
  readonly nextPageToken: string | null;
}

/** The objects and bytes of one stretch below a prefix. */
export interface MeasuredPage {
  readonly objects: number;
  readonly sizeBytes: number;
  readonly nextPageToken: string | null;
}

/** The length of a stretch: short enough to show progress and to stop soon. */
const STRETCH_MS = 250;
const MAX_FOUND = 1000;

/** What a search looks for. Sizes are bytes, times Unix milliseconds; null: any. */
export interface Wanted {
  /** Text behind the prefix, regardless of case. With an empty one, the empty objects that stand for folders are left out. */
  readonly text: string;
  readonly minBytes: number | null;
  readonly maxBytes: number | null;
  readonly after: number | null;
  readonly before: number | null;
}

/** Searches the next keys at any depth. */
export async function searchKeys(connection: Connection, start: ScanStart, wanted: Wanted): Promise<FoundPage> {
  const isWanted = matcher(wanted, start.prefix.length);
  const objects: ObjectEntry[] = [];
  let scanned = 0;
  const nextPageToken = await scan(connection, start, (page) => {
    scanned += page.length;
    for (const object of page) {
      if (isWanted(object)) objects.push(object);
    }
    return objects.length < MAX_FOUND;
  });
  return { objects, scanned, nextPageToken };
}

/** Whether an object is what a search looks for; `prefixLength`: how much of each key is not searched. */
export function matcher(wanted: Wanted, prefixLength: number): (object: ObjectEntry) => boolean {
  const text = wanted.text.toLocaleLowerCase();
  const [minBytes, maxBytes] = [wanted.minBytes ?? 0, wanted.maxBytes ?? Infinity];
  const [after, before] = [wanted.after ?? -Infinity, wanted.before ?? Infinity];
  return ({ key, sizeBytes, lastModified }) => {
    if (sizeBytes < minBytes || sizeBytes > maxBytes || lastModified < after || lastModified > before) return false;
    if (text === '') return sizeBytes > 0 || !key.endsWith('/');
    return key.slice(prefixLength).toLocaleLowerCase().includes(text);
  };
}

/** Counts the next objects below a prefix at any depth and adds up their sizes. */
export async function measurePrefix(connection: Connection, start: ScanStart): Promise<MeasuredPage> {
  let objects = 0;
  let sizeBytes = 0;
  const nextPageToken = await scan(connection, start, (page) => {
    objects += page.length;
    for (const object of page) sizeBytes += object.sizeBytes;
    return true;
  });
  return { objects, sizeBytes, nextPageToken };
}

/** Reads pages until the stretch is over or `look` returns false. @returns the token of the next page */
async function scan(
  connection: Connection,
  { bucket, prefix, pageToken }: ScanStart,
  look: (objects: readonly ObjectEntry[]) => boolean,
): Promise<string | null> {
  const end = performance.now() + STRETCH_MS;
  let token = pageToken;
  let wantsMore: boolean;
  do {
    const page = await listObjects(connection, bucket, { prefix, pageToken: token ?? undefined });
    wantsMore = look(page.objects);
    token = page.nextPageToken;
  } while (wantsMore && token !== null && performance.now() < end);
  return token;
}
