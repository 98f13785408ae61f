import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RunAs } from '../accounts/accounts-options.ts';
import { BoundedMap } from '../bounded-map.ts';
import { WaybillError } from '../failure.ts';
import type { ObjectRef } from '../oss/names.ts';
import { type ByteRange, getObject, headObject, type ObjectBody } from '../oss/operations/objects.ts';
import { previewKindOf } from './preview-kind.ts';
import type { TextEncoding } from './text-encodings.ts';
import { decodeText } from './text-preview.ts';

/** The preview of an object. The window fetches media in ranges, with a ticket for this object only. */
export type Preview =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly encoding: TextEncoding;
      /** How much of a long text was read; null if all of it. */
      readonly cut: { readonly readBytes: number; readonly sizeBytes: number } | null;
    }
  | { readonly kind: 'audio' | 'video'; readonly ticket: string }
  | {
      readonly kind: 'image';
      readonly ticket: string;
      /** The ticket of the image as it is stored, if `ticket` is of a smaller one; otherwise null. */
      readonly original: string | null;
    }
  | { readonly kind: 'pdf'; readonly ticket: string; readonly sizeBytes: number; readonly contentType: string }
  | {
      readonly kind: 'none';
      readonly reason: 'binary' | 'image-too-large' | 'pdf-too-large' | 'pdf-broken' | 'pdf-encrypted';
      readonly sizeBytes: number;
      /** The object's own. */
      readonly contentType: string;
    };

/** An HTTP response with a range of a media file. */
export interface MediaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

interface Ticket {
  readonly accountId: string;
  readonly object: ObjectRef;
  readonly contentType: string;
  /** Of the first request: later ranges must be of the same content. */
  readonly etag: string | null;
  /** The image processing that makes the image smaller. */
  readonly process: string | null;
}

interface TextRequest {
  readonly accountId: string;
  readonly object: ObjectRef;
  readonly sizeBytes: number;
  /** Null: guessed. */
  readonly encoding: TextEncoding | null;
}

const MAX_TEXT_BYTES = 256 * 1024;
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
/** The window allocates memory for the whole PDF, however little it reads. */
const MAX_PDF_BYTES = 256 * 1024 * 1024;
/** Larger images are resized by OSS, which accepts up to 20 MB. @see https://www.alibabacloud.com/help/en/oss/user-guide/resize-images-4 */
const SMALL_IMAGE_BYTES = 2 * 1024 * 1024;
const MAX_PROCESSED_BYTES = 20 * 1024 * 1024;
const PROCESS = 'image/resize,m_lfit,w_1920,h_1920';
/** The largest range of one response. Players request the rest. */
const MAX_RANGE_BYTES = 4 * 1024 * 1024;
const MAX_TICKETS = 32;

/** Previews of objects. Nothing in them can run in the window: it gets text, or media under our own content types. */
export class Previews {
  readonly #run: RunAs;
  readonly #tickets = new BoundedMap<string, Ticket>(MAX_TICKETS);

  constructor(run: RunAs) {
    this.#run = run;
  }

  /**
   * Opens a preview. With an encoding, the object is shown as a text in it, whatever it contains; otherwise its
   * encoding is guessed.
   * @throws WaybillError what OSS answered, such as that an archived object must be restored first
   */
  async open(accountId: string, object: ObjectRef, encoding: TextEncoding | null = null): Promise<Preview> {
    const head = await this.#run(accountId, object.bucket, (connection) => headObject(connection, object));
    const { kind, contentType } = previewKindOf(object.key, head);
    const sizeBytes = head.sizeBytes ?? 0;
    const none = { kind: 'none', sizeBytes, contentType: head.contentType } as const;
    const ticket = { accountId, object, contentType, etag: head.etag, process: null };
    if (kind === 'pdf') {
      if (sizeBytes > MAX_PDF_BYTES) return { ...none, reason: 'pdf-too-large' };
      return { kind, ticket: this.#add(ticket), sizeBytes, contentType: head.contentType };
    }
    if (kind === 'text')
      return (await this.#text({ accountId, object, sizeBytes, encoding })) ?? { ...none, reason: 'binary' };
    if (kind !== 'image') return { kind, ticket: this.#add(ticket) };
    return sizeBytes > MAX_IMAGE_BYTES ? { ...none, reason: 'image-too-large' } : this.#image(ticket, sizeBytes);
  }

  /** Responds to a request for media; null for an unknown ticket. @throws WaybillError what OSS answered */
  async respond(name: string, rangeHeader: string | null): Promise<MediaResponse | null> {
    const ticket = this.#tickets.get(name);
    if (ticket === undefined) return null;
    const { accountId, object, process, contentType } = ticket;
    const resized = process === null ? null : await this.#resized(ticket, process);
    if (resized !== null) return { status: 200, headers: { 'content-type': resized.contentType }, body: resized.body };
    const isImage = contentType.startsWith('image/');
    const range = isImage ? undefined : rangeOf(rangeHeader);
    const found = await this.#run(accountId, object.bucket, (connection) => getObject(connection, object, { range }));
    const headers = { 'content-type': contentType, 'accept-ranges': isImage ? 'none' : 'bytes', ...lengthOf(found) };
    return { status: found.status, headers, body: found.body };
  }

  /**
   * Reads bytes of the object of a ticket, at most 4 MiB at a time.
   * @throws WaybillError what OSS answered, such as 412 for an object that was replaced; `input` for an unknown ticket
   */
  async bytes(name: string, { start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    const ticket = this.#tickets.get(name);
    if (ticket === undefined) throw new WaybillError({ kind: 'input', field: 'ticket', rule: 'unknown' });
    const { accountId, object, etag } = ticket;
    const range = { start, end: Math.min(end, start + MAX_RANGE_BYTES) - 1 };
    const { body } = await this.#run(accountId, object.bucket, (connection) =>
      getObject(connection, object, { range, ifMatch: etag ?? undefined }),
    );
    return readAtMost(body, range.end - start + 1);
  }

  /** Forgets all tickets. */
  clear(): void {
    this.#tickets.clear();
  }

  #image(ticket: Ticket, sizeBytes: number): Preview {
    const canShrink = /jpeg|png|webp|bmp/.test(ticket.contentType);
    const isLarge = sizeBytes > SMALL_IMAGE_BYTES && sizeBytes <= MAX_PROCESSED_BYTES;
    if (!canShrink || !isLarge) return { kind: 'image', ticket: this.#add(ticket), original: null };
    return { kind: 'image', ticket: this.#add({ ...ticket, process: PROCESS }), original: this.#add(ticket) };
  }

  #add(ticket: Ticket): string {
    const name = randomUUID();
    this.#tickets.set(name, ticket);
    return name;
  }

  /** Null if it isn't text. */
  async #text({ accountId, object, sizeBytes, encoding }: TextRequest): Promise<Preview | null> {
    // An empty object has no ranges.
    const range = sizeBytes === 0 ? undefined : { start: 0, end: MAX_TEXT_BYTES - 1 };
    const { body } = await this.#run(accountId, object.bucket, (connection) =>
      getObject(connection, object, { range }),
    );
    const bytes = await readAtMost(body, MAX_TEXT_BYTES);
    const decoded = decodeText(bytes, encoding);
    if (decoded === null) return null;
    const cut = bytes.length < sizeBytes ? { readBytes: bytes.length, sizeBytes } : null;
    return { kind: 'text', ...decoded, cut };
  }

  /** Null if the server doesn't resize images: the original is shown instead. */
  async #resized({ accountId, object }: Ticket, process: string): Promise<ObjectBody | null> {
    const params = { 'x-oss-process': process };
    try {
      const image = await this.#run(accountId, object.bucket, (connection) =>
        getObject(connection, object, { params }),
      );
      if (/^image\/(jpeg|png|webp|bmp)$/.test(image.contentType)) return image;
      image.body.destroy();
      return null;
    } catch (error) {
      if (error instanceof WaybillError && error.failure.kind !== 'network') return null;
      throw error;
    }
  }
}

/** Limits what `Range: bytes=…` asks for; the beginning for a header in another form. */
function rangeOf(header: string | null): ByteRange {
  const [, first = '0', last = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  const start = Number(first);
  const end = start + MAX_RANGE_BYTES - 1;
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

async function readAtMost(body: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // A server may ignore the range and send the whole object.
    if (length >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
