import type { UploadTicket } from '../../../../main/links/tickets/ticket.ts';
import { partUrls } from '../../../../main/links/tickets/ticket-urls.ts';
import { combineCrc64 } from '../../shared/crc64/combine.ts';
import { Failed } from './failed.ts';
import { isReadable, type Means, type Outcome, problemOf, proofOf } from '../form-upload.ts';
import { type Reply, send } from '../http.ts';
import type { Item } from '../items.ts';
import { completionOf, type ListedPart, partCount, partOf, unquoted } from './part-list.ts';
import { openNotes, type ResumeNotes } from './resume-notes.ts';
import { alone, retry } from '../retry.ts';
import { listPage, type Reserved, TicketPool } from './tickets.ts';

/** What an upload in parts needs besides. */
interface TicketMeans extends Means {
  readonly pool: TicketPool;
  readonly notes: ResumeNotes;
}

/** Parts under way at once: browsers open six connections to a host, and other files need some. */
const partsAtOnce = 4;

/** How often a part is sent that arrived otherwise than it left. */
const mostDamages = 3;

/** A part that OSS has, as far as its answer showed. */
interface SentPart {
  readonly etag: string | null;
  readonly crc64: string | null;
}

/** The uploads in parts of a page. */
interface Parts {
  /** Sizes of the files that may go in parts, at most. */
  readonly sizes: () => readonly number[];
  /** Null if no prepared upload takes the file. */
  readonly upload: (item: Item) => Promise<Outcome | null>;
  /** Names of files that an earlier visit began. */
  readonly begun: () => Promise<readonly string[]>;
}

/** Sets up the prepared uploads of a page. */
export function startParts(tickets: readonly UploadTicket[], means: Means): Parts {
  const notes = openNotes();
  const pool = new TicketPool(tickets, { ...means, notes });
  return {
    sizes: () => pool.sizes,
    upload: (item) => uploadByTicket(item, { ...means, pool, notes }),
    async begun() {
      const found = await Promise.all(tickets.map(({ uploadId }) => notes.read(uploadId)));
      return found.flatMap((note) => (note === null ? [] : [note.name]));
    },
  };
}

/** Sends a large file in parts, and what an earlier visit sent not again; null if no prepared upload takes it. */
async function uploadByTicket(item: Item, means: TicketMeans): Promise<Outcome | null> {
  const { pool, notes, show } = means;
  const { file, control } = item;
  show(item, { at: 'comparing' });
  let reserved: Reserved | null = null;
  try {
    reserved = await pool.reserve(file, control.signal);
    if (reserved === null) return null;
    const { ticket } = reserved;
    await notes.write({
      ...{ uploadId: ticket.uploadId, name: file.name },
      ...{ sizeBytes: file.size, lastModified: file.lastModified },
    });
    const outcome = await new PartedUpload(item, reserved, means).run();
    await notes.remove(ticket.uploadId);
    return outcome;
  } catch (error) {
    if (reserved !== null) pool.release(reserved.ticket);
    if (error instanceof Failed) return { problem: error.problem };
    throw error;
  }
}

class PartedUpload {
  readonly #item: Item;
  readonly #ticket: UploadTicket;
  readonly #means: TicketMeans;
  readonly #listed: ReadonlyMap<number, ListedPart>;
  readonly #count: number;
  readonly #urlOf: (partNumber: number) => string;
  readonly #sent = new Map<number, SentPart>();
  /** Bytes of parts under way, by number. */
  readonly #underWay = new Map<number, number>();
  #doneBytes = 0;
  /** Ends all requests of this file: its own control does, and the failure of one of them. */
  readonly #control = new AbortController();

  constructor(item: Item, { ticket, listed }: Reserved, means: TicketMeans) {
    this.#item = item;
    this.#ticket = ticket;
    this.#means = means;
    this.#count = partCount(item.file.size, ticket.partSizeBytes);
    this.#listed = new Map(listed.map((part) => [part.number, part]));
    this.#urlOf = partUrls(ticket);
    const { signal } = item.control;
    signal.addEventListener('abort', () => this.#control.abort(signal.reason));
  }

  async run(): Promise<Outcome> {
    let next = 1;
    const work = async (): Promise<void> => {
      while (next <= this.#count) {
        const number = next;
        next += 1;
        await this.#put(number);
      }
    };
    try {
      await Promise.all(Array.from({ length: partsAtOnce }, work));
    } catch (error) {
      this.#control.abort(error);
      throw error;
    }
    return this.#complete();
  }

  /** Has one part at OSS: as it was listed, if its checksum is that of the slice, else sent. */
  async #put(number: number): Promise<void> {
    const { crc64Of, connection, show } = this.#means;
    const slice = partOf(this.#item.file, number, this.#ticket.partSizeBytes);
    const listed = this.#listed.get(number);
    const own = crc64Of(slice);
    const isListed = listed !== undefined && listed.sizeBytes === slice.size && listed.crc64 !== null;
    if (isListed && listed.crc64 === (await own)) {
      this.#finish(number, slice.size, listed);
      return;
    }
    for (let damages = 0; damages < mostDamages; damages += 1) {
      const reply = await this.#send(number, slice);
      const crc64 = await own;
      connection.showsCrc64 = reply.crc64 !== null;
      if (reply.crc64 === null || crc64 === null || reply.crc64 === crc64) {
        this.#finish(number, slice.size, { etag: reply.etag === null ? null : unquoted(reply.etag), crc64 });
        return;
      }
      show(this.#item, { at: 'interrupted', sentBytes: this.#doneBytes });
    }
    throw new Failed({ kind: 'damaged' });
  }

  async #send(number: number, slice: Blob): Promise<Reply> {
    const { connection, show } = this.#means;
    const { signal } = this.#control;
    const end = await retry({
      connection,
      signal,
      canRead: () => isReadable(slice),
      attempt: () =>
        send({
          ...{ method: 'PUT', url: this.#urlOf(number), body: slice, signal },
          onProgress: (bytes) => {
            connection.noteProgress();
            this.#underWay.set(number, bytes);
            this.#showProgress();
          },
        }),
      onWait: (isWaiting) => {
        this.#underWay.delete(number);
        if (isWaiting) show(this.#item, { at: 'interrupted', sentBytes: this.#doneBytes });
        else this.#showProgress();
      },
    });
    if (end.answer.is !== 'stored') throw new Failed(problemOf(end));
    return end.reply;
  }

  #finish(number: number, sizeBytes: number, part: SentPart): void {
    this.#underWay.delete(number);
    this.#doneBytes += sizeBytes;
    this.#sent.set(number, part);
    this.#showProgress();
  }

  #showProgress(): void {
    let sentBytes = this.#doneBytes;
    for (const bytes of this.#underWay.values()) sentBytes += bytes;
    this.#means.show(this.#item, { at: 'sending', sentBytes: Math.min(sentBytes, this.#item.file.size) });
  }

  /** Joins the parts that were sent, and no others; the whole then has the checksum that theirs combine to. */
  async #complete(): Promise<Outcome> {
    const { connection, show } = this.#means;
    const { signal } = this.#control;
    show(this.#item, { at: 'finishing' });
    const { key, complete, completeHeaders } = this.#ticket;
    const body = completionOf(await this.#etags());
    const end = await retry({
      ...{ ...alone, connection, signal },
      attempt: () => send({ method: 'POST', url: complete, headers: { ...completeHeaders }, body, signal }),
    });
    const { answer, reply, mayHaveArrived } = end;
    const crc64 = this.#wholeCrc64();
    if (answer.is === 'stored') return proofOf(key, reply, crc64);
    // An earlier attempt may have joined them, or the owner has ended the upload: both look the same from here. A name that
    // is taken while the upload still exists is somebody else's.
    if ((answer.is === 'gone' || (answer.is === 'exists' && !(await this.#isOpen()))) && mayHaveArrived)
      return { unconfirmed: key };
    throw new Failed(problemOf(end));
  }

  /** Whether OSS still has the upload: it hasn't once its parts were joined. */
  async #isOpen(): Promise<boolean> {
    const [url] = this.#ticket.list;
    return url !== undefined && (await listPage(url, this.#means.connection, this.#control.signal)) !== null;
  }

  /** ETags of all parts; where the bucket's rule doesn't expose them, from the list, which tells checksums too. */
  async #etags(): Promise<readonly { readonly number: number; readonly etag: string }[]> {
    const { connection } = this.#means;
    const listed = new Map<number, ListedPart>();
    if ([...this.#sent.values()].some(({ etag }) => etag === null)) {
      for (const url of this.#ticket.list) {
        for (const part of (await listPage(url, connection, this.#control.signal)) ?? []) listed.set(part.number, part);
      }
    }
    return Array.from({ length: this.#count }, (_, index) => {
      const number = index + 1;
      const sent = this.#sent.get(number);
      const part = listed.get(number);
      if (part?.crc64 != null && sent?.crc64 != null && part.crc64 !== sent.crc64) {
        throw new Failed({ kind: 'damaged' });
      }
      return { number, etag: sent?.etag ?? part?.etag ?? '' };
    });
  }

  #wholeCrc64(): string | null {
    const { partSizeBytes } = this.#ticket;
    let whole = '0';
    for (let number = 1; number <= this.#count; number += 1) {
      const crc64 = this.#sent.get(number)?.crc64 ?? null;
      if (crc64 === null) return null;
      whole = combineCrc64(whole, crc64, partOf(this.#item.file, number, partSizeBytes).size);
    }
    return whole;
  }
}
