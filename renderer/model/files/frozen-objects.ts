import type { call } from '../../lib/bridge.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { BucketRef } from '../../lib/subjects.ts';
import { isFrozen, mayReadDirectly } from '../../lib/storage-class.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { FrozenObject } from '../dialogs.svelte.ts';

/** For more objects than this, the storage class decides without asking OSS. */
const mostAsked = 20;

/** How long an answer about a bucket counts, in milliseconds. */
const ANSWER_MS = 600_000;

/** The keys without the frozen ones that can only fail: those whose class no bucket lets people read without a restore. */
export function worthTrying(keys: readonly string[], frozen: readonly FrozenObject[]): readonly string[] {
  const hopeless = new Set(frozen.filter((one) => !mayReadDirectly(one.storageClass)).map(({ key }) => key));
  return keys.filter((key) => !hopeless.has(key));
}

/** Finds objects that can't be read until they are restored. */
export class FrozenObjects {
  readonly #browser: Browser;
  readonly #call: typeof call;
  /** By account and bucket. */
  readonly #reads = new Map<string, { readonly at: number; readonly isOn: Promise<boolean | null> }>();

  constructor(browser: Browser, callMain: typeof call) {
    this.#browser = browser;
    this.#call = callMain;
  }

  /** Those of the given keys of the list that are archived and can't be read as they are, as OSS reports them. */
  async among(place: BucketRef, keys: readonly string[]): Promise<readonly FrozenObject[]> {
    const archived = this.#shownAmong(keys);
    const isRead = archived.some(isDirect) && (await this.readsArchive(place)) === true;
    const unreadable = isRead ? archived.filter((one) => !isDirect(one)) : archived;
    if (unreadable.length === 0 || unreadable.length > mostAsked) return unreadable;
    const frozen = await Promise.all(unreadable.map(({ key }) => this.#isFrozen(place, key)));
    return unreadable.filter((_, index) => frozen[index]);
  }

  /** Whether the bucket lets people read Archive objects without a restore; null where OSS doesn't say. */
  readsArchive({ accountId, bucket }: BucketRef): Promise<boolean | null> {
    const name = `${accountId} ${bucket}`;
    const known = this.#reads.get(name);
    if (known !== undefined && Date.now() - known.at < ANSWER_MS) return known.isOn;
    const isOn = this.#askReads(accountId, bucket);
    this.#reads.set(name, { at: Date.now(), isOn });
    return isOn;
  }

  async #askReads(accountId: string, bucket: string): Promise<boolean | null> {
    try {
      return await this.#call('buckets.readsArchive', { accountId, bucket });
    } catch {
      return null;
    }
  }

  /** The same judging by the list alone: an object shown as being restored may be readable by now. */
  #shownAmong(keys: readonly string[]): readonly FrozenObject[] {
    const wanted = new Map(keys.map((key) => [idOfKey(key), key] as const));
    const rows = this.#browser.list?.rows ?? [];
    const now = Date.now();
    return rows.flatMap((row) => {
      const key = wanted.get(row.id);
      if (key === undefined || row.kind !== 'object') return [];
      return isFrozen(row, now) ? [{ key, storageClass: row.storageClass }] : [];
    });
  }

  async #isFrozen({ accountId, bucket }: BucketRef, key: string): Promise<boolean> {
    try {
      const head = await this.#call('objects.head', { accountId, bucket, key, versionId: null });
      return isFrozen(head, Date.now());
    } catch {
      // The requested action reports the cause better.
      return false;
    }
  }
}

function isDirect({ storageClass }: FrozenObject): boolean {
  return mayReadDirectly(storageClass);
}
