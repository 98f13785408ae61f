import { WaybillError } from '../failure.ts';
import { isManifest, readManifest, type ShareManifest } from './share-manifest.ts';
import { isUploadRequest, readUploadRequest, type UploadRequest } from './upload-request.ts';

/** As many entries of a file are shown; all of them are worked on. */
const SHOWN = 1000;

/** How many opened files are remembered; the oldest goes first. */
const KEPT = 20;

/** A file that somebody sent, opened without sending anything. Its URLs stay in main under `fileId`. */
export type FileCard =
  | {
      readonly kind: 'manifest';
      readonly fileId: string;
      readonly bucket: string;
      readonly madeAt: number;
      /** Unix milliseconds: the links end then, or earlier where they were signed with temporary credentials. */
      readonly validUntil: number;
      readonly temporary: boolean;
      readonly count: number;
      /** Null where a size is not known. */
      readonly sizeBytes: number | null;
      /** The first thousand. `path` is the sender's: it is made safe when it is saved. */
      readonly objects: readonly { readonly path: string; readonly sizeBytes: number | null }[];
    }
  | {
      readonly kind: 'upload-request';
      readonly fileId: string;
      readonly bucket: string;
      readonly madeAt: number;
      readonly validUntil: number;
      readonly slots: readonly { readonly name: string; readonly key: string }[];
    }
  /** Neither: perhaps a link, or something else. */
  | { readonly kind: 'unknown' };

/** The share manifests and upload requests that were opened in this run. */
export class ReceivedFiles {
  readonly #kept = new Map<string, ShareManifest | UploadRequest>();

  /** Reads the text of a file. @throws WaybillError `input` for a manifest or an upload request that is damaged */
  open(text: string): FileCard {
    if (isManifest(text)) return this.#keepManifest(readManifest(text));
    if (isUploadRequest(text)) return this.#keepRequest(readUploadRequest(text));
    return { kind: 'unknown' };
  }

  /** @throws WaybillError `input` for an unknown ID */
  manifest(fileId: string): ShareManifest {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'objects' in kept) return kept;
    throw new WaybillError({ kind: 'input', field: 'file', rule: 'unknown' });
  }

  /** @throws WaybillError `input` for an unknown ID */
  uploadRequest(fileId: string): UploadRequest {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'slots' in kept) return kept;
    throw new WaybillError({ kind: 'input', field: 'file', rule: 'unknown' });
  }

  #keepManifest(manifest: ShareManifest): FileCard {
    const { bucket, madeAt, validUntil, objects } = manifest;
    const sizes = objects.map(({ sizeBytes }) => sizeBytes);
    return {
      kind: 'manifest',
      fileId: this.#keep(manifest),
      ...{ bucket, madeAt, validUntil },
      temporary: objects.some(({ parts }) => parts.temporary),
      count: objects.length,
      sizeBytes: sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0),
      objects: objects.slice(0, SHOWN).map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    };
  }

  #keepRequest(request: UploadRequest): FileCard {
    const { bucket, madeAt, validUntil, slots } = request;
    return {
      kind: 'upload-request',
      fileId: this.#keep(request),
      bucket,
      madeAt: Date.parse(madeAt),
      validUntil: Date.parse(validUntil),
      slots: slots.map(({ name, key }) => ({ name, key })),
    };
  }

  #keep(file: ShareManifest | UploadRequest): string {
    const fileId = crypto.randomUUID();
    this.#kept.set(fileId, file);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return fileId;
  }
}
