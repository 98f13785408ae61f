import type { Connection } from '../../oss/connection.ts';
import { percentDecode } from '../../oss/canonical.ts';
import { isDenied, isMissing, toFailure } from '../../failure.ts';
import { own } from '../../own.ts';
import { safeName } from '../../local-files/safe-name.ts';
import type { ObjectEntry } from '../../oss/operations/listing.ts';
import { objectPages } from '../../oss/operations/ranges/object-pages.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { FormKeys } from '../forms/form-limits.ts';

/** Where a form or page lets files go. */
export interface UploadPlace {
  readonly bucket: string;
  readonly keys: FormKeys;
  /** When it was made, in Unix milliseconds; null if unknown. What is older wasn't sent through it. */
  readonly since: number | null;
}

/** A file that was sent through a form or a page. */
export interface ArrivedFile {
  readonly key: string;
  /** As its sender called it, with folders, safe to show and to use as a path; by its key if the sender named none. */
  readonly name: string;
  readonly sizeBytes: number | null;
  /** Unsigned decimal; null if OSS doesn't report it. */
  readonly crc64: string | null;
  /** Unix milliseconds. */
  readonly lastModified: number;
}

/** What arrived, the newest first. */
export interface Arrived {
  readonly files: readonly ArrivedFile[];
  /** There are more than were listed. */
  readonly isCut: boolean;
  /** Slots that are empty, or hold what was there before; null without slots. */
  readonly emptySlots: number | null;
}

/** Most files that are listed, and most keys that are looked at for them. */
const MAX_FILES = 1000;
const MAX_KEYS = 100_000;
/** HEAD requests at a time. */
const PARALLEL_HEADS = 8;
/** The clock of the page's owner may be ahead of OSS's, whose times have whole seconds. */
const SLACK_MS = 1000;
const MAX_NAME_PARTS = 32;

/**
 * Lists what arrived: below a prefix by a listing, in slots by asking for each. The sender's names are in the metadata,
 * which only HEAD shows, so that listing N files takes N requests more.
 * @throws WaybillError as listObjects() and headObject()
 */
export async function listArrived(
  connection: Connection,
  place: UploadPlace,
  { signal, maxFiles = MAX_FILES }: { readonly signal?: AbortSignal | undefined; readonly maxFiles?: number } = {},
): Promise<Arrived> {
  const { bucket, keys } = place;
  const found =
    keys.kind === 'prefix'
      ? await newestBelow(connection, { ...place, prefix: keys.prefix }, maxFiles, signal)
      : { objects: keys.keys.slice(0, maxFiles).map((key) => ({ key })), isCut: keys.keys.length > maxFiles };
  const files: ArrivedFile[] = [];
  for (let at = 0; at < found.objects.length; at += PARALLEL_HEADS) {
    const some = found.objects.slice(at, at + PARALLEL_HEADS);
    const heads = await Promise.all(some.map((object) => fileAt(connection, bucket, object, signal)));
    for (const file of heads) if (file !== null && isNew(place, file.lastModified)) files.push(file);
  }
  files.sort((one, other) => other.lastModified - one.lastModified);
  const emptySlots = keys.kind === 'slots' ? found.objects.length - files.length : null;
  return { files, isCut: found.isCut, emptySlots };
}

/** An object to ask for, with what a listing says of it. */
type Found = Pick<ObjectEntry, 'key'> & Partial<Pick<ObjectEntry, 'sizeBytes' | 'lastModified'>>;

interface Listed {
  readonly objects: readonly Found[];
  readonly isCut: boolean;
}

/**
 * The newest objects below a prefix, among the first 100,000 in the order of keys. Folders themselves (keys that end in
 * `/`) are no files.
 */
async function newestBelow(
  connection: Connection,
  place: UploadPlace & { readonly prefix: string },
  maxFiles: number,
  signal: AbortSignal | undefined,
): Promise<Listed> {
  const { bucket, prefix } = place;
  const found: ObjectEntry[] = [];
  let seen = 0;
  for await (const { objects } of objectPages(connection, bucket, { prefix, signal })) {
    for (const object of objects) {
      if (!object.key.endsWith('/') && isNew(place, object.lastModified)) found.push(object);
    }
    seen += objects.length;
    if (seen >= MAX_KEYS) break;
  }
  found.sort((one, other) => other.lastModified - one.lastModified);
  return { objects: found.slice(0, maxFiles), isCut: found.length > maxFiles || seen >= MAX_KEYS };
}

function isNew({ since }: UploadPlace, lastModified: number): boolean {
  return since === null || lastModified >= since - SLACK_MS;
}

/** Null if there is no such object, or none any more. Who may list but not read sees what the listing says. */
async function fileAt(
  connection: Connection,
  bucket: string,
  { key, sizeBytes: listedBytes, lastModified: listedAt }: Found,
  signal: AbortSignal | undefined,
): Promise<ArrivedFile | null> {
  try {
    const { sizeBytes, crc64, lastModified, meta } = await headObject(connection, { bucket, key }, signal);
    return { key, name: arrivedName(own(meta, 'name'), key), sizeBytes, crc64, lastModified };
  } catch (error) {
    const failure = toFailure(error);
    if (isMissing(failure)) return null;
    if (listedBytes === undefined || listedAt === undefined || !isDenied(failure)) throw error;
    return { key, name: arrivedName(undefined, key), sizeBytes: listedBytes, crc64: null, lastModified: listedAt };
  }
}

/**
 * The sender's name for a file as a relative path: percent-encoded in `x-oss-meta-name`, since headers hold ASCII only.
 * Anyone may send anything, so each part becomes a name that every system takes; none is `..`.
 */
export function arrivedName(sent: string | undefined, key: string): string {
  const name = sent === undefined || sent === '' ? lastPart(key) : (percentDecode(sent) ?? sent);
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  const safe = parts.slice(-MAX_NAME_PARTS).map(safeName);
  return safe.length === 0 ? safeName(lastPart(key)) : safe.join('/');
}

/** Without the time and the random characters that a page puts before a name. */
function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/^[0-9a-z]{9}-[0-9a-z]{12}-(?=.)/, '');
}
