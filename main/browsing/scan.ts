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

/** Searches the next keys at any depth for a text behind the prefix, ignoring case. */
export async function searchKeys(connection: Connection, start: ScanStart, text: string): Promise<FoundPage> {
  const wanted = text.toLocaleLowerCase();
  const objects: ObjectEntry[] = [];
  let scanned = 0;
  const nextPageToken = await scan(connection, start, (page) => {
    scanned += page.length;
    for (const object of page) {
      if (object.key.slice(start.prefix.length).toLocaleLowerCase().includes(wanted)) objects.push(object);
    }
    return objects.length < MAX_FOUND;
  });
  return { objects, scanned, nextPageToken };
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
