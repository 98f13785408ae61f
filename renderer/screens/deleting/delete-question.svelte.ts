import type { Results, Versioning } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';

/** What the user should know before confirming a deletion. */
export class DeleteQuestion {
  readonly #subject: ObjectsRef;
  readonly #call: typeof call;
  #closed = false;
  /** How many objects in the folders have been counted. */
  inside = $state(0);
  /** If counting fails, the total stays unknown. */
  counting = $state<'running' | 'done' | 'failed'>('running');
  /** Null while or if it is unknown. */
  versioning = $state.raw<Versioning | null>(null);

  /** How many objects would be deleted; null while or if it is unknown. */
  readonly total = $derived.by(() => (this.counting === 'done' ? this.#subject.keys.length + this.inside : null));

  constructor(subject: ObjectsRef, callMain: typeof call) {
    this.#subject = subject;
    this.#call = callMain;
    const { accountId, bucket } = subject;
    const nothing = (): void => undefined;
    callMain('buckets.versioning', { accountId, bucket }).then((versioning) => (this.versioning = versioning), nothing);
    void this.#count();
  }

  /** Stops counting, once the question is answered. */
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
