import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Blobs } from './blobs.ts';
import { Journal } from './journal.ts';
import type { Piece } from './object-version.ts';
import { compareBytes } from '../protocol/percent.ts';
import { noSuchUpload } from '../protocol/refusal.ts';

/** An uploaded part. */
export interface Part {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  readonly crc64: string;
  /** Unix milliseconds. */
  readonly lastModified: number;
  readonly piece: Piece;
}

/** The properties set by InitiateMultipartUpload. */
export interface UploadStart {
  readonly uploadId: string;
  readonly key: string;
  /** Unix milliseconds. */
  readonly initiatedAt: number;
  readonly storageClass: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An unfinished multipart upload. */
export interface Upload extends UploadStart {
  /** By part number. */
  readonly parts: ReadonlyMap<number, Part>;
}

type UploadRecord =
  | { readonly op: 'start'; readonly start: UploadStart }
  | { readonly op: 'part'; readonly uploadId: string; readonly part: Part }
  | { readonly op: 'end'; readonly uploadId: string };

/** The unfinished multipart uploads of a bucket. */
export class Uploads {
  readonly #open = new Map<string, UploadStart & { readonly parts: Map<number, Part> }>();
  readonly #blobs: Blobs;
  /** Uploads being completed, which no other request may use. */
  readonly #completing = new Set<string>();
  #journal: Journal | null = null;

  private constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  static async open(directory: string, blobs: Blobs): Promise<Uploads> {
    const uploads = new Uploads(blobs);
    const journal = await Journal.open(join(directory, 'uploads.jsonl'), (record) =>
      uploads.#apply(record as UploadRecord),
    );
    await journal.rewrite(uploads.#records());
    uploads.#journal = journal;
    return uploads;
  }

  /** All uploads, sorted by key, then by upload ID. */
  list(): readonly Upload[] {
    return [...this.#open.values()].sort((a, b) => compareBytes(a.key, b.key) || compareBytes(a.uploadId, b.uploadId));
  }

  /** The upload with this ID. @throws Refusal `NoSuchUpload`, also if it belongs to another key */
  get(uploadId: string, key: string): Upload {
    const upload = this.#open.get(uploadId);
    if (upload?.key === key && !this.#completing.has(uploadId)) return upload;
    throw noSuchUpload(uploadId);
  }

  async start(options: Omit<UploadStart, 'uploadId'>): Promise<Upload> {
    const start: UploadStart = { ...options, uploadId: randomBytes(16).toString('hex').toUpperCase() };
    await this.#write({ op: 'start', start });
    return this.get(start.uploadId, start.key);
  }

  /** Runs the completion of an upload, hidden from other requests meanwhile. Removes it unless `complete` throws. */
  async complete<T>(upload: Upload, used: readonly Part[], complete: () => Promise<T>): Promise<T> {
    const { uploadId } = this.get(upload.uploadId, upload.key);
    this.#completing.add(uploadId);
    try {
      const result = await complete();
      await this.end(upload, used);
      return result;
    } finally {
      this.#completing.delete(uploadId);
    }
  }

  /** Adds a part, replacing one with the same number. */
  async addPart(upload: Upload, part: Part): Promise<void> {
    const replaced = upload.parts.get(part.partNumber);
    await this.#write({ op: 'part', uploadId: upload.uploadId, part });
    if (replaced) await this.#blobs.remove([replaced.piece]);
  }

  /** Removes an upload and the bytes of its parts, except those `used` by an object. */
  async end(upload: Upload, used: readonly Part[] = []): Promise<void> {
    const kept = new Set(used.map(({ piece }) => piece.blob));
    const unused = [...upload.parts.values()].map(({ piece }) => piece).filter(({ blob }) => !kept.has(blob));
    await this.#write({ op: 'end', uploadId: upload.uploadId });
    await this.#blobs.remove(unused);
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  async #write(record: UploadRecord): Promise<void> {
    await this.#journal?.append(record);
    this.#apply(record);
  }

  #apply(record: UploadRecord): void {
    if (record.op === 'start') this.#open.set(record.start.uploadId, { ...record.start, parts: new Map() });
    else if (record.op === 'part') this.#open.get(record.uploadId)?.parts.set(record.part.partNumber, record.part);
    else this.#open.delete(record.uploadId);
  }

  *#records(): Generator<UploadRecord> {
    for (const { parts, ...start } of this.#open.values()) {
      yield { op: 'start', start };
      for (const part of parts.values()) yield { op: 'part', uploadId: start.uploadId, part };
    }
  }
}
