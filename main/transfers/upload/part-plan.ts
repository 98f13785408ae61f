import { WaybillError } from '../../failure.ts';
import { MAX_OBJECT_BYTES, MAX_PARTS, MAX_PART_BYTES } from '../../oss/limits.ts';

/** `sizeBytes` bytes from `start`. Part numbers start at 1. */
export interface PlannedPart {
  readonly partNumber: number;
  readonly start: number;
  readonly sizeBytes: number;
}

/** Usual part size: large enough for full speed, small enough that a broken part costs little. */
const USUAL_PART_BYTES = 8 * 1024 ** 2;

const ALIGNMENT = 64 * 1024;

/**
 * Returns the part size for an upload: at most 10,000 parts, each 100 KB to 5 GB.
 * @param sizeBytes size of the whole object, in bytes
 * @returns part size in bytes, a multiple of 64 KiB
 * @throws WaybillError `input` above 48.8 TB
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/multipart-upload
 */
export function partSizeOf(sizeBytes: number): number {
  if (sizeBytes > MAX_OBJECT_BYTES) {
    throw new WaybillError({ kind: 'input', field: 'size', rule: 'object-too-large', limit: String(MAX_OBJECT_BYTES) });
  }
  return Math.min(MAX_PART_BYTES, Math.max(USUAL_PART_BYTES, leastPartSize(sizeBytes)));
}

/** The least part on a slow line: OSS takes 100 KB, but each part costs a round trip. */
const SLOW_PART_BYTES = 256 * 1024;

/** How much work a pause may lose, in seconds. */
const LOST_SECONDS = 15;

/** From this length on, in seconds, an upload is worth beginning anew with smaller parts. */
const LONG_UPLOAD_SECONDS = 60;

/**
 * The part size with which a pause loses little of what is in flight on a slow line; null if the planned one will do, or
 * if the upload is short. Speeds in bytes per second.
 */
export function smallerPartSize(
  { sizeBytes, partSizeBytes }: { readonly sizeBytes: number; readonly partSizeBytes: number },
  { bytesPerSecond, connections }: { readonly bytesPerSecond: number; readonly connections: number },
): number | null {
  if (bytesPerSecond <= 0 || sizeBytes / bytesPerSecond < LONG_UPLOAD_SECONDS) return null;
  const fitting = Math.floor((bytesPerSecond * LOST_SECONDS) / Math.max(1, connections) / ALIGNMENT) * ALIGNMENT;
  const size = Math.max(SLOW_PART_BYTES, leastPartSize(sizeBytes), fitting);
  return size <= partSizeBytes / 2 ? size : null;
}

function leastPartSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / MAX_PARTS / ALIGNMENT) * ALIGNMENT;
}

/** Returns the parts of an upload, in order and without gaps. An empty file has one empty part. */
export function planParts(sizeBytes: number, partSizeBytes: number): PlannedPart[] {
  const count = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  return Array.from({ length: count }, (_, index) => {
    const start = index * partSizeBytes;
    return { partNumber: index + 1, start, sizeBytes: Math.min(partSizeBytes, sizeBytes - start) };
  });
}
