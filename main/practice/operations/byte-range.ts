import { Refusal } from '../protocol/refusal.ts';

/** Bytes from `start` up to, but excluding, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a Range header as OSS does: a range outside the object is ignored, unless `x-oss-range-behavior: standard`
 * selects the HTTP rules.
 * @returns null for the whole object
 * @throws Refusal `InvalidRange` under the HTTP rules
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
export function parseRange(header: string | undefined, sizeBytes: number, isStandard: boolean): ByteRange | null {
  const asked = readRange(header ?? '', sizeBytes);
  if (asked === null) return null;
  if (asked.start >= 0 && asked.start < sizeBytes && asked.end <= sizeBytes) return asked;
  if (!isStandard) return null;
  const cut = { start: Math.max(0, asked.start), end: Math.min(asked.end, sizeBytes) };
  if (cut.start < cut.end) return cut;
  throw new Refusal(416, {
    code: 'InvalidRange',
    message: 'The requested range cannot be satisfied.',
    extra: { RangeRequested: header ?? '', ObjectSize: String(sizeBytes) },
    headers: { 'Content-Range': `bytes */${sizeBytes}` },
  });
}

/** The requested range, which may lie outside the object; null if the header isn't valid. */
function readRange(header: string, sizeBytes: number): ByteRange | null {
  const suffix = /^\s*bytes=-(\d{1,15})\s*$/.exec(header);
  if (suffix) return { start: sizeBytes - Number(suffix[1]), end: sizeBytes };
  const found = /^\s*bytes=(\d{1,15})-(\d{0,15})\s*$/.exec(header);
  if (!found) return null;
  const start = Number(found[1]);
  const end = found[2] === '' ? Math.max(sizeBytes, start + 1) : Number(found[2]) + 1;
  return start < end ? { start, end } : null;
}
