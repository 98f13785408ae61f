import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '../../accounts/sts/credentials.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { commonPrefix, folderPrefix } from '../../oss/key-path.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import { headObject } from '../../oss/operations/objects.ts';
import { isFrozen } from '../../oss/operations/restore.ts';
import type { LinkListFormat } from './link-list.ts';
import type { ListedLink } from './listed-link.ts';
import type { LinkOptions } from './link-options.ts';
import { linkMaker } from './share-link.ts';
import type { LinkValidity } from './shared-link.ts';

/** Objects that get a link each: keys, and all that is below prefixes. */
export interface LinkBatchRequest {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly format: LinkListFormat;
  readonly options: LinkOptions;
}

/** The links of a batch, and the objects that got none. */
export interface LinkBatch {
  readonly validity: LinkValidity;
  /** Taken off the keys to make the receiver's paths. */
  readonly base: string;
  readonly links: readonly ListedLink[];
  readonly failed: readonly { readonly key: string; readonly failure: Failure }[];
  /** Those whose link opens nothing before they are restored, as far as OSS was asked about them: for keys, in a manifest. */
  readonly archived: readonly string[];
}

/** What a batch is made with. `onProgress` gets the number of links so far. */
export interface BatchRun {
  readonly connection: Connection;
  readonly session: Session;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (made: number) => void;
}

/** Longest that the event loop waits for links, in milliseconds: half a frame. */
const TURN_MS = 8;

/** HEAD requests at a time. */
const PARALLEL_HEADS = 16;

type Found = Omit<ListedLink, 'url'> & { readonly frozen: boolean };

/**
 * Makes links for many objects without holding up the process. A manifest asks OSS about each object, for the version and
 * the CRC-64 that it pins; an object that is gone meanwhile is among `failed`. Folders (keys that end in `/`, without
 * bytes) get no link.
 * @throws WaybillError where a prefix can't be listed, or nothing can be signed at all
 */
export async function makeLinks(run: BatchRun, request: LinkBatchRequest): Promise<LinkBatch> {
  const { connection, session, onProgress } = run;
  const { bucket, options, format } = request;
  // Before the listing, which may take its time: what can't be signed is said at once.
  const maker = linkMaker(connection, session, { ...options, bucket });
  const links: ListedLink[] = [];
  const failed: { key: string; failure: Failure }[] = [];
  const archived: string[] = [];
  let turnEnds = performance.now() + TURN_MS;
  const found = findObjects(run, request);
  for await (const item of format === 'manifest' ? pinned(run, bucket, found) : found) {
    try {
      if ('failure' in item) {
        failed.push(item);
      } else {
        const { frozen, ...object } = item;
        links.push({ ...object, url: maker.urlOf(object) });
        if (frozen) archived.push(object.key);
      }
    } catch (error) {
      failed.push({ key: item.key, failure: toFailure(error) });
    }
    if (performance.now() < turnEnds) continue;
    onProgress?.(links.length);
    run.signal?.throwIfAborted();
    await nextTurn();
    turnEnds = performance.now() + TURN_MS;
  }
  return { validity: maker.validity, base: commonFolder(request), links, failed, archived };
}

async function* findObjects(
  { connection, signal }: BatchRun,
  { bucket, keys, prefixes }: LinkBatchRequest,
): AsyncGenerator<Found> {
  for (const key of keys) yield { key, versionId: null, sizeBytes: null, crc64: null, frozen: false };
  for (const prefix of prefixes) {
    let pageToken: string | undefined;
    do {
      const page = await listObjects(connection, bucket, { prefix, pageToken, signal });
      for (const object of page.objects) {
        const { key, sizeBytes } = object;
        if (key.endsWith('/') && sizeBytes === 0) continue;
        yield { key, versionId: null, sizeBytes, crc64: null, frozen: isFrozen(object, connection.clock.now()) };
      }
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
  }
}

/** Looks each object up, a few at a time and in order: its version (where the bucket has versions), size and CRC-64. */
async function* pinned(
  { connection, signal }: BatchRun,
  bucket: string,
  found: AsyncIterable<Found>,
): AsyncGenerator<Found | { readonly key: string; readonly failure: Failure }> {
  const lookUp = async ({ key }: Found): Promise<Found | { key: string; failure: Failure }> => {
    try {
      const head = await headObject(connection, { bucket, key }, signal);
      const { versionId, sizeBytes, crc64 } = head;
      return { key, versionId, sizeBytes, crc64, frozen: isFrozen(head, connection.clock.now()) };
    } catch (error) {
      return { key, failure: toFailure(error) };
    }
  };
  const asked: ReturnType<typeof lookUp>[] = [];
  for await (const object of found) {
    asked.push(lookUp(object));
    const [first] = asked;
    if (asked.length < PARALLEL_HEADS || first === undefined) continue;
    void asked.shift();
    yield await first;
  }
  for (const rest of asked) yield await rest;
}

/** The folder that holds all of them, which the receiver need not make again. */
export function commonFolder({ keys, prefixes }: Pick<LinkBatchRequest, 'keys' | 'prefixes'>): string {
  const [only = ''] = prefixes;
  // A single folder is unpacked: its content goes straight into the receiver's folder.
  if (prefixes.length === 1 && keys.length === 0) return folderPrefix(only);
  return commonPrefix([...keys, ...prefixes.map((prefix) => prefix.replace(/\/$/, ''))].map(folderPrefix));
}
