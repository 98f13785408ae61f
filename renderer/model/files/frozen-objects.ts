import type { call } from '../../lib/bridge.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { BucketRef } from '../../lib/subjects.ts';
import { isFrozen, mayReadDirectly } from '../../lib/storage-class.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { FrozenObject } from '../dialogs.svelte.ts';

/** For more objects than this, the storage class decides without asking OSS. */
const mostAsked = 20;

/** The keys without the frozen ones that can only fail: those whose class no bucket lets people read without a restore. */
export function worthTrying(keys: readonly string[], frozen: readonly FrozenObject[]): readonly string[] {
  const hopeless = new Set(frozen.filter((one) => !mayReadDirectly(one.storageClass)).map(({ key }) => key));
  return keys.filter((key) => !hopeless.has(key));
}

/** Finds objects that can't be read until they are restored. */
export class FrozenObjects {
  readonly #browser: Browser;
  readonly #call: typeof call;

  constructor(browser: Browser, callMain: typeof call) {
    this.#browser = browser;
    this.#call = callMain;
  }

  /** Those of the given keys of the list that are archived and not restored, as OSS reports them. */
  async among(place: BucketRef, keys: readonly string[]): Promise<readonly FrozenObject[]> {
    const archived = this.shownAmong(keys);
    if (archived.length === 0 || archived.length > mostAsked) return archived;
    const frozen = await Promise.all(archived.map(({ key }) => this.#isFrozen(place, key)));
    return archived.filter((_, index) => frozen[index]);
  }

  /** The same judging by the list alone: an object shown as being restored may be readable by now. */
  shownAmong(keys: readonly string[]): readonly FrozenObject[] {
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
