import type { ObjectSource } from './object-source.ts';
import type { Span } from '../tasks/checkpoints.ts';

/** Usual size of one ranged request, in bytes: like a part of an upload. */
export const SPAN_BYTES = 8 * 1024 ** 2;

/** Limit of the ranges of one object, which are all kept in memory and in the journal: as many as an upload has parts. */
const MAX_SPANS = 10_000;

/**
 * Plans the ranges in which an object is read, in order and without gaps. The first is always SPAN_BYTES long, because
 * it is requested before the size is known. With `few`, `parallel` requests cover everything else.
 */
export function planSpans(
  sizeBytes: number | null,
  connections: ObjectSource['connections'],
  parallel: number,
): Span[] {
  if (sizeBytes === null || connections === 'one' || sizeBytes <= SPAN_BYTES) return [span(0, sizeBytes)];
  const rest = sizeBytes - SPAN_BYTES;
  const size = Math.max(SPAN_BYTES, Math.ceil(rest / (connections === 'many' ? MAX_SPANS : parallel)));
  const spans = [span(0, SPAN_BYTES)];
  for (let start = SPAN_BYTES; start < sizeBytes; start += size)
    spans.push(span(start, Math.min(size, sizeBytes - start)));
  return spans;
}

function span(start: number, sizeBytes: number | null): Span {
  return { start, sizeBytes, doneBytes: 0, crc64: '0' };
}
