import type { Results, Versioning } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';

/** What a person should know before something is deleted. */
export class DeleteQuestion {
  readonly #subject: ObjectsRef;
  readonly #call: typeof call;
  #closed = false;
  /** How many objects are in the folders, as far as they are counted. */
  inside = $state(0);
  /** Failed: nobody knows how many there are. */
  counting = $state<'running' | 'done' | 'failed'>('running');
  /** Null is what is not known, or not yet. */
  versioning = $state.raw<Versioning | null>(null);

  /** How many objects it is about; null where that is not known, or not yet. */
  readonly total = $derived.by(() => (this.counting === 'done' ? this.#subject.keys.length + this.inside : null));

  constructor(subject: ObjectsRef, callMain: typeof call) {
    this.#subject = subject;
    this.#call = callMain;
    const { accountId, bucket } = subject;
    const nothing = (): void => undefined;
    callMain('buckets.versioning', { accountId, bucket }).then((versioning) => (this.versioning = versioning), nothing);
    void this.#count();
  }

  /** It was answered: counting ends. */
  close(): void {
    this.#closed = true;
  }

  async #count(): Promise<void> {
    const { accountId, bucket, prefixes } = this.#subject;
    try {
      for (const prefix of prefixes) {
        let pageToken: string | null = null;
        do {
          const page: Results['objects.measure'] = await this.#call('objects.measure', {
            ...{ accountId, bucket, prefix, pageToken },
          });
          if (this.#closed) return;
          this.inside += page.objects;
          pageToken = page.nextPageToken;
        } while (pageToken !== null);
      }
      this.counting = 'done';
    } catch {
      this.counting = 'failed';
    }
  }
}
