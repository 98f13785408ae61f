import { SvelteMap } from 'svelte/reactivity';
import type { Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { Folder } from './page-source.ts';

/** How much lies in a folder at any depth, as far as it is counted. */
export interface FolderSize {
  readonly objects: number;
  readonly sizeBytes: number;
  readonly state: 'counting' | 'done' | 'stopped';
  readonly failure: Failure | null;
}

/** Sizes of folders, which OSS does not know: counted on demand, and gone with the window. */
export class FolderSizes {
  readonly #call: typeof call;
  readonly #sizes = new SvelteMap<string, FolderSize>();

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  of(folder: Folder): FolderSize | null {
    return this.#sizes.get(nameOf(folder)) ?? null;
  }

  /** Counts from the start, until it is done or stop(). */
  async count(folder: Folder): Promise<void> {
    if (this.of(folder)?.state === 'counting') return;
    let size: FolderSize = { objects: 0, sizeBytes: 0, state: 'counting', failure: null };
    const name = nameOf(folder);
    let pageToken: string | null = null;
    this.#sizes.set(name, size);
    try {
      do {
        const page: { objects: number; sizeBytes: number; nextPageToken: string | null } = await this.#call(
          'objects.measure',
          { ...folder, pageToken },
        );
        if (this.of(folder)?.state !== 'counting') return;
        pageToken = page.nextPageToken;
        size = {
          objects: size.objects + page.objects,
          sizeBytes: size.sizeBytes + page.sizeBytes,
          state: pageToken === null ? 'done' : 'counting',
          failure: null,
        };
        this.#sizes.set(name, size);
      } while (pageToken !== null);
    } catch (error) {
      this.#sizes.set(name, { ...size, state: 'stopped', failure: failureOf(error) });
    }
  }

  /** What was counted so far stays, as a part. */
  stop(folder: Folder): void {
    const size = this.of(folder);
    if (size?.state === 'counting') this.#sizes.set(nameOf(folder), { ...size, state: 'stopped' });
  }
}

function nameOf({ accountId, bucket, prefix }: Folder): string {
  return `${accountId} ${bucket}/${prefix}`;
}
