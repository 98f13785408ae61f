import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RunAs } from '../accounts/accounts.ts';
import { BoundedMap } from '../bounded-map.ts';
import { WaybillError } from '../failure.ts';
import { type ByteRange, getObject, headObject, type ObjectBody, type ObjectRef } from '../oss/operations/objects.ts';
import { previewKindOf } from './preview-kind.ts';
import { decodeText } from './text-preview.ts';

/** What the window shows of an object. Media it fetches in ranges under the ticket, which is good for nothing else. */
export type Preview =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly encoding: string;
      /** Null: all of it is there. Else how many bytes were read of how many. */
      readonly cut: { readonly readBytes: number; readonly sizeBytes: number } | null;
    }
  | { readonly kind: 'image' | 'audio' | 'video'; readonly ticket: string }
  | { readonly kind: 'pdf'; readonly ticket: string; readonly sizeBytes: number; readonly contentType: string }
  | {
      readonly kind: 'none';
      readonly reason: 'binary' | 'image-too-large' | 'pdf-too-large' | 'pdf-broken' | 'pdf-encrypted';
      readonly sizeBytes: number;
      /** What the object says of itself. */
      readonly contentType: string;
    };

/** A stretch of a media file, as HTTP answers it. */
export interface MediaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

interface Ticket {
  readonly accountId: string;
  readonly object: ObjectRef;
  readonly contentType: string;
  /** What was looked at first: later stretches must be of the same bytes. */
  readonly etag: string | null;
  /** OSS makes a smaller picture of it. */
  readonly process: string | null;
}

const MOST_TEXT_BYTES = 256 * 1024;
const MOST_IMAGE_BYTES = 64 * 1024 * 1024;
/** The window keeps room for all of a PDF, whatever it asks for of it. */
const MOST_PDF_BYTES = 256 * 1024 * 1024;
/** Larger pictures OSS is asked to make smaller, up to the most that it takes. @see https://www.alibabacloud.com/help/en/oss/user-guide/resize-images-4 */
const SMALL_IMAGE_BYTES = 2 * 1024 * 1024;
const MOST_PROCESSED_BYTES = 20 * 1024 * 1024;
const PROCESS = 'image/resize,m_lfit,w_1920,h_1920';
/** One answer of a media file has no more than this: whoever asks for all of it asks again. */
const MOST_STRETCH_BYTES = 4 * 1024 * 1024;
const MAX_TICKETS = 32;

/** Looks into objects. What it gives the window cannot run there: text, or media under a content type of ours. */
export class Previews {
  readonly #run: RunAs;
  readonly #tickets = new BoundedMap<string, Ticket>(MAX_TICKETS);

  constructor(run: RunAs) {
    this.#run = run;
  }

  /** @throws WaybillError what OSS said, such as that an archived object must be restored first */
  async open(accountId: string, object: ObjectRef): Promise<Preview> {
    const head = await this.#run(accountId, object.bucket, (connection) => headObject(connection, object));
    const { kind, contentType } = previewKindOf(object.key, head);
    const sizeBytes = head.sizeBytes ?? 0;
    const none = { kind: 'none', sizeBytes, contentType: head.contentType } as const;
    const ticket = { accountId, object, contentType, etag: head.etag, process: null };
    if (kind === 'pdf') {
      if (sizeBytes > MOST_PDF_BYTES) return { ...none, reason: 'pdf-too-large' };
      return { kind, ticket: this.#add(ticket), sizeBytes, contentType: head.contentType };
    }
    if (kind === 'text') return (await this.#text(accountId, object, sizeBytes)) ?? { ...none, reason: 'binary' };
    if (kind === 'image' && sizeBytes > MOST_IMAGE_BYTES) return { ...none, reason: 'image-too-large' };
    const canShrink = kind === 'image' && /jpeg|png|webp|bmp/.test(contentType);
    const isLarge = sizeBytes > SMALL_IMAGE_BYTES && sizeBytes <= MOST_PROCESSED_BYTES;
    return { kind, ticket: this.#add({ ...ticket, process: canShrink && isLarge ? PROCESS : null }) };
  }

  /** A stretch of what a ticket is for; null for a ticket that is not known (any more). @throws WaybillError what OSS said */
  async read(name: string, rangeHeader: string | null): Promise<MediaAnswer | null> {
    const ticket = this.#tickets.get(name);
    if (ticket === undefined) return null;
    const { accountId, object, process, contentType } = ticket;
    const shrunk = process === null ? null : await this.#shrunk(ticket, process);
    if (shrunk !== null) return { status: 200, headers: { 'content-type': shrunk.contentType }, body: shrunk.body };
    const isPicture = contentType.startsWith('image/');
    const range = isPicture ? undefined : stretchOf(rangeHeader);
    const found = await this.#run(accountId, object.bucket, (connection) => getObject(connection, object, { range }));
    const headers = { 'content-type': contentType, 'accept-ranges': isPicture ? 'none' : 'bytes', ...lengthOf(found) };
    return { status: found.status, headers, body: found.body };
  }

  /**
   * Bytes of what a ticket is for, at most 4 MiB at a time.
   * @throws WaybillError what OSS said, `input` for a ticket that is not known (any more); 412 for an object that was
   * replaced meanwhile
   */
  async bytes(name: string, { start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    const ticket = this.#tickets.get(name);
    if (ticket === undefined) throw new WaybillError({ kind: 'input', field: 'ticket', rule: 'unknown' });
    const { accountId, object, etag } = ticket;
    const range = { start, end: Math.min(end, start + MOST_STRETCH_BYTES) - 1 };
    const { body } = await this.#run(accountId, object.bucket, (connection) =>
      getObject(connection, object, { range, ifMatch: etag ?? undefined }),
    );
    return readAtMost(body, range.end - start + 1);
  }

  #add(ticket: Ticket): string {
    const name = randomUUID();
    this.#tickets.set(name, ticket);
    return name;
  }

  /** Null for what is no text. */
  async #text(accountId: string, object: ObjectRef, sizeBytes: number): Promise<Preview | null> {
    // Of an empty object there is no range.
    const range = sizeBytes === 0 ? undefined : { start: 0, end: MOST_TEXT_BYTES - 1 };
    const { body } = await this.#run(accountId, object.bucket, (connection) =>
      getObject(connection, object, { range }),
    );
    const bytes = await readAtMost(body, MOST_TEXT_BYTES);
    const decoded = decodeText(bytes);
    if (decoded === null) return null;
    const cut = bytes.length < sizeBytes ? { readBytes: bytes.length, sizeBytes } : null;
    return { kind: 'text', ...decoded, cut };
  }

  /** Null where this bucket or server makes no smaller pictures: the whole one does as well. */
  async #shrunk({ accountId, object }: Ticket, process: string): Promise<ObjectBody | null> {
    const params = { 'x-oss-process': process };
    try {
      const picture = await this.#run(accountId, object.bucket, (connection) =>
        getObject(connection, object, { params }),
      );
      if (/^image\/(jpeg|png|webp|bmp)$/.test(picture.contentType)) return picture;
      picture.body.destroy();
      return null;
    } catch (error) {
      if (error instanceof WaybillError && error.failure.kind !== 'network') return null;
      throw error;
    }
  }
}

/** At most so much of what `Range: bytes=…` asks for; the beginning where it asks for nothing that we know. */
function stretchOf(header: string | null): ByteRange {
  const [, first = '0', last = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  const start = Number(first);
  const end = start + MOST_STRETCH_BYTES - 1;
  return { start, end: last === '' ? end : Math.max(start, Math.min(Number(last), end)) };
}

function lengthOf({ contentLength, contentRange }: ObjectBody): Record<string, string> {
  return {
    ...(contentLength === null ? {} : { 'content-length': String(contentLength) }),
    ...(contentRange === null
      ? {}
      : { 'content-range': `bytes ${contentRange.start}-${contentRange.end}/${contentRange.sizeBytes}` }),
  };
}

async function readAtMost(body: Readable, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // A server that gives all of an object in place of its beginning is cut short.
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
