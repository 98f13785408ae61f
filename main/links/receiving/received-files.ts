import { WaybillError } from '../../failure.ts';
import { isManifest, readManifest, type ShareManifest } from '../making/share-manifest.ts';
import { isUploadRequest, readUploadRequest, type UploadRequest } from '../making/upload-request.ts';

/** How many opened files are remembered; the oldest goes first. */
const KEPT = 20;

/** A file of links that somebody sent, opened without sending anything. Its URLs stay in main under `fileId`. */
export type FileCard =
  | {
      readonly kind: 'manifest';
      readonly fileId: string;
      readonly bucket: string;
      readonly madeAt: number;
      /** Unix milliseconds: the links end then, or earlier where they were signed with temporary credentials. */
      readonly validUntil: number;
      readonly temporary: boolean;
      /** In the file's order. `path` is the sender's: it is made safe when it is saved. */
      readonly objects: readonly { readonly path: string; readonly sizeBytes: number | null }[];
    }
  | {
      readonly kind: 'upload-request';
      readonly fileId: string;
      readonly bucket: string;
      readonly madeAt: number;
      readonly validUntil: number;
      /** What its sender says, which may be anything; null where nothing. */
      readonly note: string | null;
      readonly slots: readonly { readonly name: string; readonly key: string }[];
    };

/** The share manifests and upload requests that were opened in this run. */
export class ReceivedFiles {
  readonly #kept = new Map<string, ShareManifest | UploadRequest>();

  /**
   * Reads the text of a file; null where it is neither a manifest nor an upload request.
   * @throws WaybillError `input` for one that is damaged
   */
  open(text: string): FileCard | null {
    if (isManifest(text)) return this.#keepManifest(readManifest(text));
    if (isUploadRequest(text)) return this.#keepRequest(readUploadRequest(text));
    return null;
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
    return {
      kind: 'manifest',
      fileId: this.#keep(manifest),
      ...{ bucket, madeAt, validUntil },
      temporary: objects.some(({ parts }) => parts.temporary),
      objects: objects.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    };
  }

  #keepRequest(request: UploadRequest): FileCard {
    const { bucket, madeAt, validUntil, note = null, slots } = request;
    return {
      kind: 'upload-request',
      fileId: this.#keep(request),
      bucket,
      madeAt: Date.parse(madeAt),
      validUntil: Date.parse(validUntil),
      note,
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
