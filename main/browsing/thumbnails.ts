import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RunAs } from '../accounts/accounts-options.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Failure, WaybillError } from '../failure.ts';
import { getObject } from '../oss/operations/objects.ts';
import { ByteCache, type CacheLimits } from './byte-cache.ts';
import { NewestFirst } from './newest-first.ts';
import { previewKindOf } from './preview-kind.ts';

/** A listed object. The cache tells apart what stood under one key by size and time. */
export interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly lastModified: number;
}

/** A small picture, as it is served. */
export interface Thumbnail {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

interface Ticket extends Listed {
  readonly accountId: string;
  readonly bucket: string;
}

/**
 * What OSS makes smaller, of up to 20 MB; of these types only.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/resize-images-4
 */
const processed = /\.(jpe?g|png|bmp|gif|webp|tiff?|hei[cf]|avif)$/i;
/** Types that Chromium can't show, so that OSS must convert them as well. */
const converted = /\.(tiff?|hei[cf])$/i;
const MAX_PROCESSED_BYTES = 20 * 1024 * 1024;
const PROCESS = 'image/auto-orient,1/resize,m_lfit,w_320,h_320';
/** An original is shown instead, where OSS doesn't process, and a reply read, up to this size. */
const MAX_BYTES = 512 * 1024;

const MAX_TICKETS = 2000;
const AT_ONCE = 6;
const MOST_WAITING = 200;

const usualLimits: CacheLimits = { bytes: 64 * 1024 * 1024, entries: 2000 };

/** Small pictures of images, made by OSS or small themselves. They are kept in memory only, and within a bound. */
export class Thumbnails {
  readonly #run: RunAs;
  readonly #limits: CacheLimits;
  readonly #tickets = new BoundedMap<string, Ticket>(MAX_TICKETS);
  #cache: ByteCache<Thumbnail>;
  readonly #turns = new NewestFirst(AT_ONCE, MOST_WAITING);
  /** Objects that have no thumbnail. */
  readonly #without = new BoundedMap<string, true>(MAX_TICKETS);
  /** Buckets whose images aren't processed: by permission, or because the server can't. */
  readonly #unprocessed = new BoundedMap<string, true>(200);

  constructor(run: RunAs, limits: CacheLimits = usualLimits) {
    this.#run = run;
    this.#limits = limits;
    this.#cache = new ByteCache(limits);
  }

  /** What the cache holds now. */
  get held(): CacheLimits {
    return { bytes: this.#cache.bytes, entries: this.#cache.size };
  }

  /** A ticket for each of these objects, under which its thumbnail is served; null where there is none. Asks OSS for nothing. */
  offer(accountId: string, bucket: string, objects: readonly Listed[]): readonly (string | null)[] {
    return objects.map((object) => {
      const ticket = { ...object, accountId, bucket };
      if (!this.#mayHave(ticket)) return null;
      const name = randomUUID();
      this.#tickets.set(name, ticket);
      return name;
    });
  }

  /** The thumbnail of a ticket; null if there is none, or if so many were asked for since that nobody waits for it. */
  async respond(name: string): Promise<Thumbnail | null> {
    const ticket = this.#tickets.get(name);
    if (ticket === undefined) return null;
    const id = idOf(ticket);
    const cache = this.#cache;
    const cached = cache.get(id);
    if (cached !== undefined) return cached;
    return this.#turns.run(async () => {
      const loaded = await this.#load(ticket);
      if (loaded === null) this.#without.set(id, true);
      else cache.set(id, loaded);
      return loaded;
    });
  }

  /** Forgets all of it, with what is still on its way. */
  clear(): void {
    this.#turns.clear();
    this.#tickets.clear();
    this.#without.clear();
    this.#unprocessed.clear();
    this.#cache = new ByteCache(this.#limits);
  }

  #mayHave(ticket: Ticket): boolean {
    if (this.#without.has(idOf(ticket)) || ticket.sizeBytes === 0) return false;
    return this.#isProcessed(ticket) || isSmallImage(ticket);
  }

  #isProcessed({ accountId, bucket, key, sizeBytes }: Ticket): boolean {
    const isKnownNotTo = this.#unprocessed.has(`${accountId} ${bucket}`);
    return processed.test(key) && sizeBytes <= MAX_PROCESSED_BYTES && !isKnownNotTo;
  }

  async #load(ticket: Ticket): Promise<Thumbnail | null> {
    const made = this.#isProcessed(ticket) ? await this.#process(ticket) : null;
    return made ?? (isSmallImage(ticket) ? await this.#original(ticket) : null);
  }

  /** Null if OSS doesn't make one: of this image (400), or of any in this bucket. */
  async #process(ticket: Ticket): Promise<Thumbnail | null> {
    const { accountId, bucket, key } = ticket;
    const process = converted.test(key) ? `${PROCESS}/format,jpg` : PROCESS;
    try {
      const image = await this.#run(accountId, bucket, (connection) =>
        getObject(connection, { bucket, key }, { params: { 'x-oss-process': process } }),
      );
      const [contentType] = /^image\/(?:jpeg|png|webp|gif|bmp|avif)$/.exec(image.contentType) ?? [];
      if (contentType !== undefined) {
        const bytes = await readWhole(image.body, MAX_BYTES);
        return bytes === null ? null : { contentType, bytes };
      }
      image.body.destroy();
      return null;
    } catch (error) {
      const refused = refusalOf(error);
      const isOfBucket = refused.kind === 'oss' && [403, 405, 501].includes(refused.status);
      if (isOfBucket && refused.code !== 'InvalidObjectState') {
        this.#unprocessed.set(`${accountId} ${bucket}`, true);
      }
      return null;
    }
  }

  async #original({ accountId, bucket, key }: Ticket): Promise<Thumbnail | null> {
    const { contentType } = previewKindOf(key, { contentType: '' });
    try {
      const image = await this.#run(accountId, bucket, (connection) => getObject(connection, { bucket, key }));
      const bytes = await readWhole(image.body, MAX_BYTES);
      return bytes === null ? null : { contentType, bytes };
    } catch (error) {
      refusalOf(error);
      return null;
    }
  }
}

/** What OSS refused for good. @throws the error itself, if the same request may work later */
function refusalOf(error: unknown): Failure {
  if (!(error instanceof WaybillError) || error.failure.kind === 'network') throw error;
  const { failure } = error;
  if (failure.kind === 'oss' && failure.status >= 500 && failure.status !== 501) throw error;
  return failure;
}

function idOf({ accountId, bucket, key, sizeBytes, lastModified }: Ticket): string {
  return JSON.stringify([accountId, bucket, key, sizeBytes, lastModified]);
}

function isSmallImage({ key, sizeBytes }: Listed): boolean {
  return sizeBytes <= MAX_BYTES && previewKindOf(key, { contentType: '' }).kind === 'image';
}

/** Null if there is more. */
async function readWhole(body: Readable, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
