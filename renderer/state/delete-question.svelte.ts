import type { Results, Versioning } from '../../preload/contract.ts';
import type { call } from '../lib/bridge.ts';
import type { ObjectsSubject } from './dialogs.svelte.ts';

/** What a person should know before something is deleted. Null is what is not known, or not yet. */
export class DeleteQuestion {
  /** How many objects are in the folders. */
  inside = $state.raw<Results['objects.count'] | null>(null);
  versioning = $state.raw<Versioning | null>(null);

  constructor({ accountId, bucket, prefixes }: ObjectsSubject, callMain: typeof call) {
    const nothing = (): void => undefined;
    callMain('buckets.versioning', { accountId, bucket }).then((versioning) => (this.versioning = versioning), nothing);
    if (prefixes.length === 0) return;
    const folders = { accountId, bucket, prefixes: [...prefixes] };
    callMain('objects.count', folders).then((inside) => (this.inside = inside), nothing);
  }
}
