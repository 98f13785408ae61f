import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '../../accounts/sts/credentials.ts';
import { type Failure, toFailure, WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { commonPrefix, folderPrefix } from '../../oss/key-path.ts';
import { objectPages } from '../../oss/operations/ranges/object-pages.ts';
import { readsArchiveDirectly } from '../../oss/operations/archive-direct-read.ts';
import { headObject } from '../../oss/operations/objects.ts';
import { isFrozen } from '../../oss/operations/restore.ts';
import type { LinkListFormat, ListedLink } from './link-list.ts';
import { isPackageForbidden, linkEndpoint, type LinkWarning, linkWarnings } from './link-host.ts';
import type { LinkOptions } from './link-options.ts';
import { linkParts } from './link-parts.ts';
import { linkSigner } from './sign-link.ts';
import { thumbnailSigner } from './thumbnail.ts';
import type { LinkValidity } from './validity.ts';

/** Objects that get a link each: single keys, and everything below prefixes. */
export interface LinkBatchRequest {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly format: LinkListFormat;
  readonly options: LinkOptions;
}

/** A link of a batch, with what only a page shows. */
export interface BatchLink extends ListedLink {
  /** Unix milliseconds; null if OSS wasn't asked. */
  readonly modifiedAt: number | null;
  /** The URL of a small picture, for a page only; null if OSS makes none. */
  readonly thumbnail: string | null;
}

/** The links of a batch, and the objects without one. */
export interface LinkBatch {
  readonly validity: LinkValidity;
  /** Cut off the keys to get the receiver's paths. */
  readonly base: string;
  readonly links: readonly BatchLink[];
  readonly failed: readonly { readonly key: string; readonly failure: Failure }[];
  /** Keys whose link fails until they are restored. Single keys are checked for a manifest only. */
  readonly archived: readonly string[];
  /** What some of the links may fail of. */
  readonly warnings: readonly LinkWarning[];
}

/** Cancellation and progress of a batch. */
export interface BatchWatch {
  readonly signal?: AbortSignal | undefined;
  /** Gets the number of links signed so far. */
  readonly onProgress?: (signed: number) => void;
}

/** How the links of a batch are signed and watched. */
export interface BatchRun extends BatchWatch {
  readonly connection: Connection;
  readonly session: Session;
}

/** Longest time that signing blocks the event loop, in milliseconds: half a frame. */
const TURN_MS = 8;

/** HEAD requests at a time. */
const PARALLEL_HEADS = 16;

/** `frozen`: the storage class of an object that can't be read yet; null for all others. */
type Found = Omit<BatchLink, 'url' | 'thumbnail'> & { readonly frozen: string | null };

/**
 * Signs links for many objects without blocking the process. A manifest or a page asks OSS about each object, for the
 * version and the CRC-64 that it pins; an object that is gone by then counts as failed. Folders (empty objects whose key
 * ends in `/`) get no link.
 * @throws WaybillError if a prefix can't be listed or nothing can be signed; `input` for a page of anything but downloads
 */
export async function signLinks(run: BatchRun, request: LinkBatchRequest): Promise<LinkBatch> {
  const { connection, session, onProgress } = run;
  const { bucket, format } = request;
  const options = optionsOf(request);
  // Before the listing, which may take long: what can't be signed fails at once.
  const signer = linkSigner(connection, session, { ...options, bucket });
  const { validUntil } = signer.validity;
  const thumbnailOf =
    format === 'page' ? thumbnailSigner(connection, session, { ...options, bucket, validUntil }) : () => null;
  // Size and CRC-64 are the original's, which isn't what a processed link opens.
  const unprocessed = options.process === undefined ? {} : { sizeBytes: null, crc64: null };
  const links: BatchLink[] = [];
  const failed: { key: string; failure: Failure }[] = [];
  const archived: { readonly key: string; readonly storageClass: string }[] = [];
  let turnEnds = performance.now() + TURN_MS;
  const found = findObjects(run, request);
  for await (const item of isPinned(format) ? withHead(run, bucket, found) : found) {
    try {
      if ('failure' in item) {
        failed.push(item);
      } else {
        const { frozen, ...object } = item;
        const thumbnail = frozen === null ? thumbnailOf(object) : null;
        links.push({ ...object, ...unprocessed, url: signer.urlOf(object), thumbnail });
        if (frozen !== null) archived.push({ key: object.key, storageClass: frozen });
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
  const warnings = batchWarnings(connection, options, links);
  const base = commonFolder(request);
  return {
    validity: signer.validity,
    base,
    links,
    failed,
    archived: await unreadable(run, bucket, archived),
    warnings,
  };
}

/** Whether links of the format are to one version of each object, whose content they state. */
export function isPinned(format: LinkListFormat): boolean {
  return format === 'manifest' || format === 'page';
}

/** A page is for downloads, which keep the browser on it. */
function optionsOf({ format, options }: LinkBatchRequest): LinkOptions {
  if (format !== 'page') return options;
  if (options.method !== undefined && options.method !== 'GET') {
    throw new WaybillError({ kind: 'input', field: 'method', rule: 'get-only', limit: 'GET' });
  }
  return { ...options, open: 'download' };
}

function frozenClass(object: Parameters<typeof isFrozen>[0], nowMs: number): string | null {
  return isFrozen(object, nowMs) ? object.storageClass : null;
}

/** Those of the archived objects that the bucket doesn't let people read as they are. Where OSS doesn't say, all of them. */
async function unreadable(
  { connection, signal }: BatchRun,
  bucket: string,
  archived: readonly { readonly key: string; readonly storageClass: string }[],
): Promise<readonly string[]> {
  const isArchive = ({ storageClass }: { readonly storageClass: string }): boolean => storageClass === 'Archive';
  const isRead =
    archived.some(isArchive) && (await readsArchiveDirectly(connection, bucket, signal).catch(() => null)) === true;
  return archived.filter((one) => !isRead || !isArchive(one)).map(({ key }) => key);
}

function batchWarnings(
  connection: Connection,
  options: LinkOptions,
  links: readonly ListedLink[],
): readonly LinkWarning[] {
  const endpoint = linkEndpoint(connection, options.host);
  const key = links.find((link) => isPackageForbidden(endpoint, link.key))?.key ?? '';
  const parts = linkParts(options, { key, versionId: null });
  const signVersion = options.signVersion ?? connection.signVersion;
  return linkWarnings({ endpoint, connection, signVersion, key, parts, options });
}

async function* findObjects(
  { connection, signal }: BatchRun,
  { bucket, keys, prefixes }: LinkBatchRequest,
): AsyncGenerator<Found> {
  for (const key of keys) yield { key, versionId: null, sizeBytes: null, crc64: null, modifiedAt: null, frozen: null };
  for (const prefix of prefixes) {
    for await (const { objects } of objectPages(connection, bucket, { prefix, signal })) {
      for (const object of objects) {
        const { key, sizeBytes, lastModified: modifiedAt } = object;
        if (key.endsWith('/') && sizeBytes === 0) continue;
        const frozen = frozenClass(object, connection.clock.now());
        yield { key, versionId: null, sizeBytes, crc64: null, modifiedAt, frozen };
      }
    }
  }
}

/** Adds version (in a bucket with versioning), size and CRC-64, with a few requests at a time and in order. */
async function* withHead(
  { connection, signal }: BatchRun,
  bucket: string,
  found: AsyncIterable<Found>,
): AsyncGenerator<Found | { readonly key: string; readonly failure: Failure }> {
  const lookUp = async ({ key }: Found): Promise<Found | { key: string; failure: Failure }> => {
    try {
      const head = await headObject(connection, { bucket, key }, signal);
      const { versionId, sizeBytes, crc64, lastModified } = head;
      const modifiedAt = lastModified === 0 ? null : lastModified;
      return { key, versionId, sizeBytes, crc64, modifiedAt, frozen: frozenClass(head, connection.clock.now()) };
    } catch (error) {
      return { key, failure: toFailure(error) };
    }
  };
  const pending: ReturnType<typeof lookUp>[] = [];
  for await (const object of found) {
    pending.push(lookUp(object));
    const [first] = pending;
    if (pending.length < PARALLEL_HEADS || first === undefined) continue;
    void pending.shift();
    yield await first;
  }
  for (const rest of pending) yield await rest;
}

/** The folder that holds all objects of a batch: the receiver needn't recreate it. */
export function commonFolder({ keys, prefixes }: Pick<LinkBatchRequest, 'keys' | 'prefixes'>): string {
  const [only] = prefixes;
  // A single prefix is the folder itself: its contents go straight into the receiver's.
  if (keys.length === 0 && prefixes.length === 1 && only !== undefined) return folderPrefix(only);
  return commonPrefix([...keys, ...prefixes.map((prefix) => prefix.replace(/\/$/, ''))].map(folderPrefix));
}
