import type { ObjectHead } from '../oss/operations/object-headers.ts';

/** The metadata key under which rclone and others store a file's modification time, in Unix seconds with a fraction. */
const MTIME = 'mtime';

/** Builds the header that stores a modification time (Unix milliseconds) with an object. */
export function modifiedAtHeader(modifiedAt: number): Readonly<Record<string, string>> {
  return { [`x-oss-meta-${MTIME}`]: (modifiedAt / 1000).toFixed(3) };
}

/**
 * Returns the modification time for a downloaded file, in Unix milliseconds: the one its uploader stored, otherwise the
 * time of the upload; null if neither is known.
 */
export function modifiedAtOf({ meta, lastModified }: Pick<ObjectHead, 'meta' | 'lastModified'>): number | null {
  return storedTimeOf(meta) ?? (lastModified > 0 ? lastModified : null);
}

/** The modification time that an object's uploader stored with it, in Unix milliseconds; null if there is none. */
export function storedTimeOf(meta: ObjectHead['meta']): number | null {
  const text = meta[MTIME] ?? '';
  return /^-?\d{1,11}(\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1000) : null;
}
