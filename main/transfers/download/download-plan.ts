import type { ObjectSource } from './object-source.ts';
import type { Span } from '../tasks/checkpoints.ts';

/** Bytes of one request for a range. */
export const SPAN_BYTES = 8 * 1024 ** 2;

/**
 * The ranges in which an object of `sizeBytes` is read, in order, without gap. The first always has SPAN_BYTES, because
 * it is asked for before the size is known. With `few`, `parallel` requests hold all that is left.
 */
export function planSpans(
  sizeBytes: number | null,
  connections: ObjectSource['connections'],
  parallel: number,
): Span[] {
  if (sizeBytes === null || connections === 'one' || sizeBytes <= SPAN_BYTES) return [span(0, sizeBytes)];
  const rest = sizeBytes - SPAN_BYTES;
  const size = connections === 'many' ? SPAN_BYTES : Math.max(SPAN_BYTES, Math.ceil(rest / parallel));
  const spans = [span(0, SPAN_BYTES)];
  for (let start = SPAN_BYTES; start < sizeBytes; start += size)
    spans.push(span(start, Math.min(size, sizeBytes - start)));
  return spans;
}

function span(start: number, sizeBytes: number | null): Span {
  return { start, sizeBytes, doneBytes: 0, crc64: '0' };
}
