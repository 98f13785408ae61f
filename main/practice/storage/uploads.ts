import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonLines } from '../../local-files/json-lines.ts';
import type { LineReplay, UnknownLine } from '../../local-files/line-format.ts';
import type { Blobs } from './blobs.ts';
import type { Piece } from './object-version.ts';
import { uploadFormat, type UploadRecord } from './records.ts';
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

/** The unfinished multipart uploads of a bucket. */
export class Uploads {
  /** What was wrong with the file when it was opened. */
  readonly troubles: readonly FileTrouble[];
  readonly #open: OpenUploads;
  readonly #blobs: Blobs;
  readonly #journal: JsonLines<UploadRecord>;
  /** Uploads being completed, which no other request may use. */
  readonly #completing = new Set<string>();

  /** Opens the uploads in a bucket's folder. */
  constructor(directory: string, blobs: Blobs) {
    const path = join(directory, 'uploads.jsonl');
    const { file, replay, troubles } = JsonLines.open(path, uploadFormat, () => new OpenUploads());
    this.troubles = troubles;
    this.#open = replay;
    this.#blobs = blobs;
    this.#journal = file;
  }

  /** All uploads, sorted by key, then by upload ID. */
  list(): readonly Upload[] {
    return [...this.#open.byId.values()].sort(
      (a, b) => compareBytes(a.key, b.key) || compareBytes(a.uploadId, b.uploadId),
    );
  }

  /** The upload with this ID. @throws Refusal `NoSuchUpload`, also if it belongs to another key */
  get(uploadId: string, key: string): Upload {
    const upload = this.#open.byId.get(uploadId);
    if (upload?.key === key && !this.#completing.has(uploadId)) return upload;
    throw noSuchUpload(uploadId);
  }

  start(options: Omit<UploadStart, 'uploadId'>): Upload {
    const start: UploadStart = { ...options, uploadId: randomBytes(16).toString('hex').toUpperCase() };
    this.#write({ op: 'start', start });
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
    this.#write({ op: 'part', uploadId: upload.uploadId, part });
    if (replaced) await this.#blobs.remove([replaced.piece]);
  }

  /** Removes an upload and the bytes of its parts, except those `used` by an object. */
  async end(upload: Upload, used: readonly Part[] = []): Promise<void> {
    const kept = new Set(used.map(({ piece }) => piece.blob));
    const unused = [...upload.parts.values()].map(({ piece }) => piece).filter(({ blob }) => !kept.has(blob));
    this.#write({ op: 'end', uploadId: upload.uploadId });
    await this.#blobs.remove(unused);
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  #write(record: UploadRecord): void {
    this.#journal.append([record]);
    this.#open.apply(record);
  }
}

class OpenUploads implements LineReplay<UploadRecord> {
  readonly byId = new Map<string, UploadStart & { readonly parts: Map<number, Part> }>();
  readonly #unknown: UnknownLine[] = [];

  apply(record: UploadRecord): void {
    if (record.op === 'start') this.byId.set(record.start.uploadId, { ...record.start, parts: new Map() });
    else if (record.op === 'part') this.byId.get(record.uploadId)?.parts.set(record.part.partNumber, record.part);
    else this.byId.delete(record.uploadId);
  }

  keep(line: UnknownLine): void {
    this.#unknown.push(line);
  }

  *lines(): Generator<UploadRecord | UnknownLine> {
    for (const { parts, ...start } of this.byId.values()) {
      yield { op: 'start', start };
      for (const part of parts.values()) yield { op: 'part', uploadId: start.uploadId, part };
    }
    yield* this.#unknown;
  }
}
