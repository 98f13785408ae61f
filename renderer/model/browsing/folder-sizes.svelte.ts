import { SvelteMap } from 'svelte/reactivity';
import type { Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** The total of a folder at any depth, or of the part counted so far. */
export interface FolderSize {
  readonly objects: number;
  readonly sizeBytes: number;
  readonly state: 'counting' | 'done' | 'stopped';
  readonly failure: Failure | null;
}

interface Counted {
  readonly folder: FolderRef;
  readonly size: FolderSize;
  readonly counts: Newest;
}

/** Sizes of folders, which OSS doesn't report: counted on demand, and discarded with the window. */
export class FolderSizes {
  readonly #call: typeof call;
  readonly #counted = new SvelteMap<string, Counted>();

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  of(folder: FolderRef): FolderSize | null {
    return this.#counted.get(nameOf(folder))?.size ?? null;
  }

  /** Counts from the start, until all is counted or stop() is called. */
  async count(folder: FolderRef): Promise<void> {
    if (this.of(folder)?.state === 'counting') return;
    let size: FolderSize = { objects: 0, sizeBytes: 0, state: 'counting', failure: null };
    let pageToken: string | null = null;
    const counts = this.#counted.get(nameOf(folder))?.counts ?? new Newest();
    const isNewest = counts.begin();
    this.#set({ folder, size, counts });
    try {
      do {
        const page: { objects: number; sizeBytes: number; nextPageToken: string | null } = await this.#call(
          'objects.measure',
          { ...folder, pageToken },
        );
        if (!isNewest()) return;
        pageToken = page.nextPageToken;
        size = {
          objects: size.objects + page.objects,
          sizeBytes: size.sizeBytes + page.sizeBytes,
          state: pageToken === null ? 'done' : 'counting',
          failure: null,
        };
        this.#set({ folder, size, counts });
      } while (pageToken !== null);
    } catch (error) {
      size = { ...size, state: 'stopped', failure: await failureOf(error) };
      if (isNewest()) this.#set({ folder, size, counts });
    }
  }

  /** Keeps the partial count. */
  stop(folder: FolderRef): void {
    const counted = this.#counted.get(nameOf(folder));
    if (counted?.size.state !== 'counting') return;
    counted.counts.drop();
    this.#set({ ...counted, size: { ...counted.size, state: 'stopped' } });
  }

  /** Something below the prefix changed. Counts under way continue: a count never reflects one moment anyway. */
  forget(changed: FolderRef): void {
    for (const [name, { folder, size }] of this.#counted) {
      const isThere = folder.accountId === changed.accountId && folder.bucket === changed.bucket;
      const concerned = changed.prefix.startsWith(folder.prefix) || folder.prefix.startsWith(changed.prefix);
      if (isThere && concerned && size.state !== 'counting') this.#counted.delete(name);
    }
  }

  #set(counted: Counted): void {
    this.#counted.set(nameOf(counted.folder), counted);
  }
}

function nameOf({ accountId, bucket, prefix }: FolderRef): string {
  return `${accountId} ${bucket}/${prefix}`;
}
