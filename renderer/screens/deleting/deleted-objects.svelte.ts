import type { DeleteMarker, Failure, Results } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** The deleted objects of a folder, in a bucket with versioning. */
export class DeletedObjects {
  readonly #folder: FolderRef;
  readonly #call: typeof call;
  #after: Results['objects.deleted']['after'] = null;
  /** Null until the first page has loaded. */
  objects = $state.raw<readonly DeleteMarker[] | null>(null);
  hasMore = $state(false);
  readonly loading = new Attempt();
  /** Why the last restore that failed did. */
  failure = $state.raw<Failure | null>(null);
  /** The key of the last object whose delete marker OSS didn't remove. */
  unrestored = $state<string | null>(null);

  constructor(folder: FolderRef, callMain: typeof call) {
    this.#folder = folder;
    this.#call = callMain;
    void this.loadMore();
  }

  async loadMore(): Promise<void> {
    await this.loading.run(
      () => this.#call('objects.deleted', { ...this.#folder, after: this.#after }),
      ({ markers, after }) => {
        this.objects = [...(this.objects ?? []), ...markers];
        this.#after = after;
        this.hasMore = after !== null;
      },
    );
  }

  /** Restores an object by removing the delete marker that hides it. Several may be under way: each outcome counts. */
  async restore({ key, versionId }: DeleteMarker): Promise<void> {
    const { accountId, bucket } = this.#folder;
    const versions = [{ key, versionId }];
    this.unrestored = null;
    this.failure = null;
    try {
      const { failedCount } = await this.#call('objects.deleteVersions', { accountId, bucket, versions });
      if (failedCount > 0) this.unrestored = key;
      else this.objects = this.objects?.filter((object) => object.key !== key) ?? null;
    } catch (error) {
      this.failure = await failureOf(error);
    }
  }
}
