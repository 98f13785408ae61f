import type { UploadTicket } from '../../../../main/links/tickets/ticket.ts';
import type { Crc64Of } from '../../shared/crc64/crc64-of.ts';
import type { Connection } from '../connection.ts';
import { Failed } from './failed.ts';
import { problemOf } from '../form-upload.ts';
import { send } from '../http.ts';
import { type ListedPart, parseParts, partOf } from './part-list.ts';
import { isNoteOf, type ResumeNotes } from './resume-notes.ts';
import { alone, retry } from '../retry.ts';

/** An upload that is free for a file, and what of it OSS has. */
export interface Reserved {
  readonly ticket: UploadTicket;
  readonly listed: readonly ListedPart[];
}

interface PoolMeans {
  readonly connection: Connection;
  readonly crc64Of: Crc64Of;
  readonly notes: ResumeNotes;
}

/** The prepared uploads of a page, each for one file. */
export class TicketPool {
  readonly #tickets: readonly UploadTicket[];
  readonly #taken = new Set<UploadTicket>();
  readonly #means: PoolMeans;

  /** Tickets of other kinds are sorted out by whoever made the page. */
  constructor(tickets: readonly UploadTicket[], means: PoolMeans) {
    this.#tickets = tickets.toSorted((one, other) => one.sizeBytes - other.sizeBytes);
    this.#means = means;
  }

  /** Sizes of the files that they take, at most. */
  get sizes(): readonly number[] {
    return this.#tickets.filter((ticket) => !this.#taken.has(ticket)).map(({ sizeBytes }) => sizeBytes);
  }

  /**
   * The upload that an earlier visit began with this file, else the smallest unused one that it fits. Parts of another
   * file mean that somebody else uses the upload.
   * @throws Failed if OSS doesn't say what it has
   */
  async reserve(file: File, signal: AbortSignal): Promise<Reserved | null> {
    const { notes } = this.#means;
    const free = this.#tickets.filter((ticket) => ticket.sizeBytes >= file.size && !this.#taken.has(ticket));
    const noted = await Promise.all(free.map(async (ticket) => ({ ticket, note: await notes.read(ticket.uploadId) })));
    const ordered = noted.toSorted(
      (one, other) => Number(isNoteOf(other.note, file)) - Number(isNoteOf(one.note, file)),
    );
    const ourOther: Reserved[] = [];
    for (const { ticket, note } of ordered) {
      if (this.#taken.has(ticket)) continue;
      this.#taken.add(ticket);
      const listed = await this.#list(ticket, signal).catch((error: unknown) => {
        this.#taken.delete(ticket);
        throw error;
      });
      if (listed === null) continue;
      if (listed.length === 0 || isNoteOf(note, file) || (await this.#isBegunWith(file, ticket, listed))) {
        return { ticket, listed };
      }
      this.#taken.delete(ticket);
      // What this reader began and gave up may be replaced.
      if (note !== null) ourOther.push({ ticket, listed });
    }
    const [given] = ourOther.filter(({ ticket }) => !this.#taken.has(ticket));
    if (given !== undefined) this.#taken.add(given.ticket);
    return given ?? null;
  }

  /** Makes an upload free again: its file was cancelled or failed. */
  release(ticket: UploadTicket): void {
    this.#taken.delete(ticket);
  }

  /** All parts that OSS has; null if the upload no longer exists. */
  async #list(ticket: UploadTicket, signal: AbortSignal): Promise<readonly ListedPart[] | null> {
    let parts: readonly ListedPart[] = [];
    for (const url of ticket.list) {
      const page = await listPage(url, this.#means.connection, signal);
      if (page === null) return null;
      parts = [...parts, ...page];
      if (page.length === 0) break;
    }
    return parts;
  }

  async #isBegunWith(file: File, { partSizeBytes }: UploadTicket, listed: readonly ListedPart[]): Promise<boolean> {
    const [first] = listed;
    if (first === undefined || first.crc64 === null) return false;
    const own = partOf(file, first.number, partSizeBytes);
    return own.size === first.sizeBytes && (await this.#means.crc64Of(own)) === first.crc64;
  }
}

/** One page of ListParts; null if the upload no longer exists. */
export async function listPage(
  url: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly ListedPart[] | null> {
  const end = await retry({
    ...alone,
    connection,
    signal,
    attempt: () => send({ method: 'GET', url, body: null, signal }),
  });
  if (end.answer.is === 'gone') return null;
  if (end.answer.is !== 'stored') throw new Failed(problemOf(end));
  return parseParts(end.reply.body);
}
