import type { KeyVersion } from '../../oss/operations/deletes.ts';

interface Place {
  readonly accountId: string;
  readonly bucket: string;
}

/** About 20 MB. What is forgotten counts as a file again. */
const MAX_MARKERS = 100_000;

/**
 * The delete markers that OSS listed in this run: removing one restores its file, so that it doesn't count as a deletion.
 * The page's word isn't enough. A version ID never changes what it stands for.
 */
export class SeenMarkers {
  readonly #seen = new Set<string>();

  /** Records delete markers that OSS listed. */
  add(place: Place, markers: readonly KeyVersion[]): void {
    if (this.#seen.size + markers.length > MAX_MARKERS) this.#seen.clear();
    for (const marker of markers) this.#seen.add(nameOf(place, marker));
  }

  /** How many of these versions aren't known to be delete markers. */
  countOthers(place: Place, versions: readonly KeyVersion[]): number {
    return versions.filter((version) => !this.#seen.has(nameOf(place, version))).length;
  }
}

function nameOf({ accountId, bucket }: Place, { key, versionId }: KeyVersion): string {
  return JSON.stringify([accountId, bucket, key, versionId]);
}
