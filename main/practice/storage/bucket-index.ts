import { NULL_VERSION, type ObjectVersion } from './object-version.ts';
import type { ObjectRecord } from './records.ts';
import { SortedKeys } from './sorted-keys.ts';

/** All versions of all objects of a bucket, in memory. */
export class BucketIndex {
  readonly #versions = new Map<string, ObjectVersion[]>();
  readonly #keys = new SortedKeys();
  #count = 0;

  /** Number of versions and delete markers. */
  get count(): number {
    return this.#count;
  }

  /** Versions of a key, newest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** The newest version, which may be a delete marker. */
  latest(key: string): ObjectVersion | undefined {
    return this.versions(key)[0];
  }

  /** Keys from `from` on, in byte order. */
  keysFrom(from: string): Generator<string> {
    return this.#keys.from(from);
  }

  /** Applies a record. @returns the versions that it removed */
  apply(record: ObjectRecord): readonly ObjectVersion[] {
    return record.op === 'put' ? this.#put(record.version) : this.#remove(record.key, record.versionId);
  }

  *all(): Generator<ObjectVersion> {
    for (const versions of this.#versions.values()) yield* versions.toReversed();
  }

  /** Replaces a version with the same ID in place, except that a new `null` version becomes the newest. */
  #put(version: ObjectVersion): readonly ObjectVersion[] {
    const versions = this.#versions.get(version.key);
    if (!versions) {
      this.#versions.set(version.key, [version]);
      this.#keys.add(version.key);
      this.#count += 1;
      return [];
    }
    const index = versions.findIndex(({ versionId }) => versionId === version.versionId);
    const replaced = index < 0 ? [] : versions.splice(index, 1);
    const amends = replaced[0]?.pieces[0]?.blob === version.pieces[0]?.blob && replaced[0]?.deleteMarker === false;
    versions.splice(index >= 0 && (amends || version.versionId !== NULL_VERSION) ? index : 0, 0, version);
    this.#count += 1 - replaced.length;
    return replaced;
  }

  #remove(key: string, versionId: string): readonly ObjectVersion[] {
    const versions = this.#versions.get(key) ?? [];
    const index = versions.findIndex((version) => version.versionId === versionId);
    if (index < 0) return [];
    const removed = versions.splice(index, 1);
    this.#count -= 1;
    if (versions.length === 0) {
      this.#versions.delete(key);
      this.#keys.remove(key);
    }
    return removed;
  }
}
