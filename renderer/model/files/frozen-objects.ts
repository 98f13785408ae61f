import type { call } from '../../lib/bridge.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { BucketRef } from '../../lib/subjects.ts';
import { isFrozen } from '../../lib/storage-class.ts';
import type { Browser } from '../browsing/browser.svelte.ts';

/** More than these are taken at their class's word. */
const mostAsked = 20;

/** Finds the objects that nobody can read before they are restored. */
export class FrozenObjects {
  readonly #browser: Browser;
  readonly #call: typeof call;

  constructor(browser: Browser, callMain: typeof call) {
    this.#browser = browser;
    this.#call = callMain;
  }

  /** Those among the keys of the list that are archived and not restored, as far as OSS says. */
  async among(place: BucketRef, keys: readonly string[]): Promise<readonly string[]> {
    const archived = this.shownAmong(keys);
    if (archived.length === 0 || archived.length > mostAsked) return archived;
    const frozen = await Promise.all(archived.map((key) => this.#isFrozen(place, key)));
    return archived.filter((_, index) => frozen[index]);
  }

  /** The same by what the list shows alone: what is being restored may be readable by now. */
  shownAmong(keys: readonly string[]): readonly string[] {
    const wanted = new Map(keys.map((key) => [idOfKey(key), key] as const));
    const rows = this.#browser.list?.rows ?? [];
    const now = Date.now();
    return rows.flatMap((row) => {
      const key = wanted.get(row.id);
      if (key === undefined || row.kind !== 'object') return [];
      return isFrozen(row, now) ? [key] : [];
    });
  }

  async #isFrozen({ accountId, bucket }: BucketRef, key: string): Promise<boolean> {
    try {
      const head = await this.#call('objects.head', { accountId, bucket, key, versionId: null });
      return isFrozen(head, Date.now());
    } catch {
      // Whatever is wrong, what was asked for says it better.
      return false;
    }
  }
}
