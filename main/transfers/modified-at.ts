import type { ObjectHead } from '../oss/operations/object-headers.ts';

/** The header in which rclone and others keep a file's modification time, in Unix seconds with a fraction. */
const MTIME = 'mtime';

/** The header that keeps a modification time (Unix milliseconds) with an object. */
export function modifiedAtHeader(modifiedAt: number): Readonly<Record<string, string>> {
  return { [`x-oss-meta-${MTIME}`]: (modifiedAt / 1000).toFixed(3) };
}

/** When a downloaded file was modified, in Unix milliseconds: as its uploader said, else when it was stored; null: unknown. */
export function modifiedAtOf({ meta, lastModified }: Pick<ObjectHead, 'meta' | 'lastModified'>): number | null {
  const text = meta[MTIME] ?? '';
  if (/^-?\d{1,11}(\.\d{1,9})?$/.test(text)) return Math.round(Number(text) * 1000);
  return lastModified > 0 ? lastModified : null;
}
