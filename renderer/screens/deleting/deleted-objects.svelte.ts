import type { DeleteMarker, Failure, Results } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { FolderSubject } from '../../model/dialogs.svelte.ts';

/** What was deleted in a folder of a bucket that keeps versions. */
export class DeletedObjects {
  readonly #folder: FolderSubject;
  readonly #call: typeof call;
  #after: Results['objects.deleted']['after'] = null;
  /** Null until the first page is there. */
  objects = $state.raw<readonly DeleteMarker[] | null>(null);
  hasMore = $state(false);
  loading = $state(false);
  failure = $state.raw<Failure | null>(null);

  constructor(folder: FolderSubject, callMain: typeof call) {
    this.#folder = folder;
    this.#call = callMain;
    void this.loadMore();
  }

  async loadMore(): Promise<void> {
    this.loading = true;
    this.failure = null;
    try {
      const page = await this.#call('objects.deleted', { ...this.#folder, after: this.#after });
      this.objects = [...(this.objects ?? []), ...page.markers];
      this.#after = page.after;
      this.hasMore = page.after !== null;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.loading = false;
    }
  }

  /** Brings an object back by removing the delete marker that hides it. Throws what main refuses. */
  async restore(key: string): Promise<void> {
    const marker = this.objects?.find((object) => object.key === key);
    if (marker === undefined) return;
    const { accountId, bucket } = this.#folder;
    await this.#call('objects.deleteVersions', { accountId, bucket, versions: [{ key, versionId: marker.versionId }] });
    this.objects = this.objects?.filter((object) => object !== marker) ?? null;
  }
}
