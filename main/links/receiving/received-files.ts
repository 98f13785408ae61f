import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import { isManifest, readManifest, type ShareManifest } from './share-manifest.ts';
import type { FileServer } from './file-claims.ts';
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
    };

/** The share manifests and upload requests that were opened in this run. Their URLs are kept in memory only. */
export class ReceivedFiles {
  readonly #kept = new BoundedMap<string, ShareManifest | ReceivedUploadRequest>(MAX_KEPT);

  /**
   * Reads the text of a file; null if it is neither a manifest nor an upload request.
   * @throws WaybillError `input` if it is damaged
   */
  open(text: string): FileCard | null {
    if (isManifest(text)) return this.#keepManifest(readManifest(text));
    if (isUploadRequest(text)) return this.#keepRequest(readUploadRequest(text));
    return null;
  }

  clear(): void {
    this.#kept.clear();
  }

  /** An opened manifest. @throws WaybillError `input` if it isn't in memory */
  manifest(fileId: string): ShareManifest {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'objects' in kept) return kept;
    throw new WaybillError({ kind: 'input', field: 'file', rule: 'unknown' });
  }

  /** An opened upload request. @throws WaybillError `input` if it isn't in memory */
  uploadRequest(fileId: string): ReceivedUploadRequest {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined && 'slots' in kept) return kept;
    throw new WaybillError({ kind: 'input', field: 'file', rule: 'unknown' });
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

  #keep(file: ShareManifest | ReceivedUploadRequest): string {
    const fileId = crypto.randomUUID();
    this.#kept.set(fileId, file);
    return fileId;
  }
}
