import type {
  DownloadRequest,
  LinkDownloadRequest,
  LinkUploadRequest,
  OverwriteChoice,
  QueueOptions,
  UploadRequest,
} from './requests.ts';
import type { Transfer } from './transfer.ts';

/** All transfers: their order, how many run at once, and what people do to them. */
export class TransferQueue {
  readonly #options: QueueOptions;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** All transfers in the order in which they were added. */
  list(): readonly Transfer[] {
    return [];
  }

  /** Adds files and what is in folders; gives how many transfers that made. */
  addUploads(request: UploadRequest): Promise<number> {
    return Promise.resolve(request.paths.length);
  }

  /** Adds objects and what is below prefixes; gives how many transfers that made. */
  addDownloads(request: DownloadRequest): Promise<number> {
    return Promise.resolve(request.keys.length);
  }

  /** Adds a download through a signed URL and gives its ID. */
  addLinkDownload(request: LinkDownloadRequest): string {
    return request.fileName;
  }

  /** Adds an upload through a signed URL and gives its ID. */
  addLinkUpload(request: LinkUploadRequest): string {
    return request.path;
  }

  pause(ids: readonly string[]): void {
    void ids;
  }

  resume(ids: readonly string[]): void {
    void ids;
  }

  cancel(ids: readonly string[]): void {
    void ids;
  }

  retry(ids: readonly string[]): void {
    void ids;
  }

  /** Answers a transfer that waits for an overwrite choice, and with `applyToAll` all others that were added with it. */
  choose(id: string, choice: OverwriteChoice, applyToAll: boolean): void {
    void [id, choice, applyToAll];
  }

  /** Forgets all transfers that have ended. */
  clear(): void {
    void this.#options;
  }

  /** The local file of a transfer, null for an unknown ID. */
  localPathOf(id: string): string | null {
    void id;
    return null;
  }

  /** Stops all work; what was not finished goes on at the next start. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
