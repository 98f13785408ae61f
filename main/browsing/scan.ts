import type { Connection } from '../oss/connection.ts';
import { listObjects, type ObjectEntry } from '../oss/operations/listing.ts';

/** Where a scan begins: below which prefix, and after which page; null is the first. */
export interface ScanStart {
  readonly bucket: string;
  readonly prefix: string;
  readonly pageToken: string | null;
}

/** Keys that a search found, and where it goes on; null once all keys below the prefix were looked at. */
export interface FoundPage {
  readonly objects: readonly ObjectEntry[];
  /** How many keys were looked at for it. */
  readonly scanned: number;
  readonly nextPageToken: string | null;
}

/** How much lies below a prefix, as far as this stretch of it goes. */
export interface MeasuredPage {
  readonly objects: number;
  readonly sizeBytes: number;
  readonly nextPageToken: string | null;
}

/** One stretch is about this long, in milliseconds, so that whoever asked sees how far it is and can stop asking. */
const STRETCH_MS = 250;
const MOST_FOUND = 1000;

/** The next keys at any depth that have the text in what follows the prefix, in any case. */
export async function searchKeys(connection: Connection, start: ScanStart, text: string): Promise<FoundPage> {
  const wanted = text.toLocaleLowerCase();
  const objects: ObjectEntry[] = [];
  let scanned = 0;
  const nextPageToken = await scan(connection, start, (page) => {
    scanned += page.length;
    for (const object of page) {
      if (object.key.slice(start.prefix.length).toLocaleLowerCase().includes(wanted)) objects.push(object);
    }
    return objects.length < MOST_FOUND;
  });
  return { objects, scanned, nextPageToken };
}

/** Counts what lies below a prefix at any depth, and adds up its bytes. */
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

/** Goes through pages until the stretch is over or `look` has enough. @returns the token of the page after them */
async function scan(
  connection: Connection,
  { bucket, prefix, pageToken }: ScanStart,
  look: (objects: readonly ObjectEntry[]) => boolean,
): Promise<string | null> {
  const end = performance.now() + STRETCH_MS;
  let token = pageToken;
  let goOn: boolean;
  do {
    const page = await listObjects(connection, bucket, { prefix, pageToken: token ?? undefined });
    goOn = look(page.objects);
    token = page.nextPageToken;
  } while (goOn && token !== null && performance.now() < end);
  return token;
}
