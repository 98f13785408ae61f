import { toFailure } from '../../failure.ts';
import { getBucketVersioning } from '../../oss/operations/buckets.ts';
import type { ObjectLocation } from '../stored-object.ts';

/** How long an answer about a bucket counts, in milliseconds: somebody may begin to keep versions in it. */
const FRESH_MS = 60_000;

/** What is known of a bucket. */
interface BucketHint {
  readonly askedAt: number;
  /** Whether OSS keeps to x-oss-forbid-overwrite: in a bucket with versions, also suspended ones, it does not. */
  readonly refuses: Promise<boolean>;
  /** Whether the last key that was wanted there was free. */
  wasFree: boolean;
}

/**
 * Where a small file may be sent without a look at its key first, which saves one of two requests: OSS refuses by itself
 * to replace what is there. Once a key was taken the others of that bucket are looked at before anything is sent in vain,
 * until one is free again.
 */
export class OverwriteHints {
  readonly #buckets = new Map<string, BucketHint>();
  readonly #now: () => number;

  /** `now` gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether to try without a look. @throws WaybillError `credentials` that somebody must renew */
  async canSkipHead(place: ObjectLocation): Promise<boolean> {
    const known = this.#known(place);
    return (await known.refuses) && known.wasFree;
  }

  /** What became of a key that was wanted. */
  record(place: ObjectLocation, wasFree: boolean): void {
    const known = this.#buckets.get(idOf(place));
    if (known !== undefined) known.wasFree = wasFree;
  }

  #known(place: ObjectLocation): BucketHint {
    const id = idOf(place);
    const known = this.#buckets.get(id);
    if (known !== undefined && this.#now() - known.askedAt < FRESH_MS) return known;
    const fresh = { askedAt: this.#now(), refuses: this.#ask(id, place), wasFree: known?.wasFree ?? true };
    this.#buckets.set(id, fresh);
    return fresh;
  }

  async #ask(id: string, { connection, bucket }: ObjectLocation): Promise<boolean> {
    try {
      return (await getBucketVersioning(connection, bucket)) === 'never';
    } catch (error) {
      const failure = toFailure(error);
      const isDenied = failure.kind === 'credentials' && failure.reason === 'denied';
      // Whoever may not ask is none the wiser; what passes is asked again.
      if (!isDenied) this.#buckets.delete(id);
      if (failure.kind === 'credentials' && !isDenied) throw error;
      return false;
    }
  }
}

function idOf({ connection, bucket }: ObjectLocation): string {
  return `${connection.endpoint.host}/${bucket}`;
}
