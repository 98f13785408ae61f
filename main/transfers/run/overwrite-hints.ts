import { isDenied, toFailure } from '../../failure.ts';
import { getBucketVersioning } from '../../oss/operations/buckets.ts';
import type { ObjectLocation } from '../stored-object.ts';

/** How long a bucket's versioning state is trusted, in milliseconds: someone may turn versioning on. */
const FRESH_MS = 60_000;

/** What is known about a bucket. */
interface BucketHint {
  readonly askedAt: number;
  /**
   * Whether OSS honours x-oss-forbid-overwrite. With versioning on or suspended it ignores the header.
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
   */
  readonly refuses: Promise<boolean>;
  /** Whether the last key requested there was free. */
  wasFree: boolean;
}

/**
 * Decides whether a small file can be uploaded without a preceding HEAD, which saves one of two requests: OSS itself
 * refuses to replace an object. After a key turned out to be taken, other keys of that bucket are checked first, so
 * that nothing is sent in vain, until one is free again.
 */
export class OverwriteHints {
  readonly #buckets = new Map<string, BucketHint>();
  readonly #now: () => number;

  /** `now` returns milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns whether to upload without HEAD. @throws WaybillError `credentials` that someone must renew */
  async canSkipHead(location: ObjectLocation): Promise<boolean> {
    const hint = this.#hintFor(location);
    return (await hint.refuses) && hint.wasFree;
  }

  /** Records whether a key was free. */
  record(location: ObjectLocation, wasFree: boolean): void {
    const hint = this.#buckets.get(idOf(location));
    if (hint !== undefined) hint.wasFree = wasFree;
  }

  #hintFor(location: ObjectLocation): BucketHint {
    const id = idOf(location);
    const hint = this.#buckets.get(id);
    if (hint !== undefined && this.#now() - hint.askedAt < FRESH_MS) return hint;
    const fresh = { askedAt: this.#now(), refuses: this.#ask(id, location), wasFree: hint?.wasFree ?? true };
    this.#buckets.set(id, fresh);
    return fresh;
  }

  async #ask(id: string, { connection, bucket }: ObjectLocation): Promise<boolean> {
    try {
      return (await getBucketVersioning(connection, bucket)) === 'never';
    } catch (error) {
      const failure = toFailure(error);
      const mayNotAsk = isDenied(failure);
      // Without permission, assume the worst; ask again after any other error.
      if (!mayNotAsk) this.#buckets.delete(id);
      if (failure.kind === 'credentials' && !mayNotAsk) throw error;
      return false;
    }
  }
}

function idOf({ connection, bucket }: ObjectLocation): string {
  return `${connection.endpoint.host}/${bucket}`;
}
