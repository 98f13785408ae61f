import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import { isManifest, readManifest, type ShareManifest } from './share-manifest.ts';
import type { PastedLinks } from '../text/pasted-link.ts';
import type { FileServer } from './file-claims.ts';
import type { LinkCard } from './link-card.ts';
import { type ManifestDownload, manifestDownloads } from './manifest-downloads.ts';
import { type ListedAddress, type PastedList, longPastedListOf } from './pasted-list.ts';
import { isTicket } from '../tickets/ticket-urls.ts';
import { readTicket, type ReceivedTicket } from './ticket-file.ts';
import { isUploadRequest, type ReceivedUploadRequest, readUploadRequest } from './upload-request-file.ts';

/** How many opened files are kept in memory. */
const MAX_KEPT = 20;

/** A received file of links, read without sending anything. Its URLs stay in main under `fileId`. */
export type FileCard =
  | {
      readonly kind: 'manifest';
      readonly fileId: string;
      readonly bucket: string;
      /** Where its links lead; null for a manifest without files. */
      readonly server: FileServer | null;
      readonly madeAt: number;
      /** Unix milliseconds. Links signed with temporary credentials may expire earlier. */
      readonly validUntil: number;
      readonly temporary: boolean;
      /** In the file's order. `path` is the sender's and is made safe when the file is saved. */
      readonly objects: readonly { readonly path: string; readonly sizeBytes: number | null }[];
    }
  | {
      readonly kind: 'upload-request';
      readonly fileId: string;
      readonly bucket: string;
      readonly server: FileServer;
      readonly madeAt: number;
      readonly validUntil: number;
      /** The sender's message, which may be any text; null if there is none. */
      readonly note: string | null;
      readonly slots: readonly { readonly name: string; readonly key: string }[];
    }
  | {
      readonly kind: 'upload-ticket';
      readonly fileId: string;
      readonly bucket: string;
      readonly key: string;
      readonly server: FileServer;
      readonly madeAt: number;
      readonly validUntil: number;
      readonly temporary: boolean;
      /** The largest file that fits. */
      readonly sizeBytes: number;
      /** The owner's message, which may be any text; null if there is none. */
      readonly note: string | null;
    };

/** Several links of one pasted text. Their URLs stay in main under `fileId`. */
export interface LinkListCard {
  readonly kind: 'link-list';
  readonly fileId: string;
  /** In the text's order. */
  readonly objects: readonly ListedAddress[];
}

/** What a received text or file turned out to be. */
export type ReceivedCard = LinkCard | FileCard | LinkListCard;

type ReceivedFile = ShareManifest | PastedList | ReceivedUploadRequest | ReceivedTicket;

/** The files and lists of links that were opened in this run. Their URLs are kept in memory only. */
export class ReceivedFiles {
  readonly #kept = new BoundedMap<string, ReceivedFile>(MAX_KEPT);

  /**
   * Reads the text of a file; null if it is no manifest, no upload request and no upload ticket.
   * @throws WaybillError `input` if it is damaged
   */
  open(text: string): FileCard | null {
    if (isManifest(text)) return this.#keepManifest(readManifest(text));
    if (isUploadRequest(text)) return this.#keepRequest(readUploadRequest(text));
    if (isTicket(text)) return this.#keepTicket(readTicket(text));
    return null;
  }

  /** Keeps the list that a text is; null if it holds less than two links. `now` is in Unix milliseconds. */
  async openList(text: string, found: PastedLinks, now: number = Date.now()): Promise<LinkListCard | null> {
    const list = await longPastedListOf(text, found, now);
    return list === null ? null : { kind: 'link-list', fileId: this.#keep(list), objects: list.addresses };
  }

  clear(): void {
    this.#kept.clear();
  }

  /**
   * The downloads of an opened manifest or list: those at the chosen positions, or all (null). A link that isn't for
   * downloading is left out.
   * @throws WaybillError `input` if it isn't in memory
   */
  downloads(fileId: string, chosen: readonly number[] | null): readonly ManifestDownload[] {
    const indexes = new Set(chosen);
    return this.#allDownloads(fileId).flatMap((download, index) =>
      download === null || (chosen !== null && !indexes.has(index)) ? [] : [download],
    );
  }

  /** One address of an opened list. @throws WaybillError `input` if it isn't in memory */
  listed(fileId: string, place: number): PastedList['readings'][number] {
    const kept = this.#kept.get(fileId);
    const reading = kept !== undefined && 'readings' in kept ? kept.readings[place] : undefined;
    if (reading === undefined) throw unknownFile();
    return reading;
  }

  /** An opened upload request. @throws WaybillError `input` if it isn't in memory */
  uploadRequest(fileId: string): ReceivedUploadRequest {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'slots' in kept) return kept;
    throw unknownFile();
  }

  /** An opened upload ticket. @throws WaybillError `input` if it isn't in memory */
  ticket(fileId: string): ReceivedTicket {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'uploadId' in kept) return kept;
    throw unknownFile();
  }

  #allDownloads(fileId: string): PastedList['downloads'] {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'objects' in kept) return manifestDownloads(kept.objects);
    if (kept !== undefined && 'downloads' in kept) return kept.downloads;
    throw unknownFile();
  }

  #keepManifest(manifest: ShareManifest): FileCard {
    const { bucket, server, madeAt, validUntil, objects } = manifest;
    return {
      kind: 'manifest',
      fileId: this.#keep(manifest),
      ...{ bucket, server, madeAt, validUntil },
      temporary: objects.some(({ parts }) => parts.temporary),
      objects: objects.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    };
  }

  #keepRequest(request: ReceivedUploadRequest): FileCard {
    const { bucket, server, madeAt, validUntil, note = null, slots } = request;
    return {
      kind: 'upload-request',
      fileId: this.#keep(request),
      ...{ bucket, server },
      madeAt: Date.parse(madeAt),
      validUntil: Date.parse(validUntil),
      note,
      slots: slots.map(({ name, key }) => ({ name, key })),
    };
  }

  #keepTicket(ticket: ReceivedTicket): FileCard {
    const { bucket, key, server, madeAt, validUntil, temporary, sizeBytes, note = null } = ticket;
    return {
      kind: 'upload-ticket',
      fileId: this.#keep(ticket),
      ...{ bucket, key, server, temporary, sizeBytes, note },
      madeAt: Date.parse(madeAt),
      validUntil: Date.parse(validUntil),
    };
  }

  #keep(file: ReceivedFile): string {
    const fileId = crypto.randomUUID();
    this.#kept.set(fileId, file);
    return fileId;
  }
}

function unknownFile(): WaybillError {
  return new WaybillError({ kind: 'input', field: 'file', rule: 'unknown' });
}
