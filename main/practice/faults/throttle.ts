import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../exchange.ts';
import { invalidArgument } from '../protocol/refusal.ts';

const MIN_LIMIT = 819_200;
const MAX_LIMIT = 838_860_800;
const SLICE_BYTES = 16 * 1024;

/** Passes bytes on at `bytesPerSecond`. */
export async function* throttled(
  source: AsyncIterable<Uint8Array>,
  bytesPerSecond: number,
): AsyncGenerator<Uint8Array> {
  let due = performance.now();
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.length; offset += SLICE_BYTES) {
      const slice = chunk.subarray(offset, offset + SLICE_BYTES);
      yield slice;
      due = Math.max(due, performance.now() - 50) + (slice.length / bytesPerSecond) * 1000;
      const wait = due - performance.now();
      if (wait > 1) await delay(wait);
    }
  }
}

/**
 * The limit in `x-oss-traffic-limit`, which is in bit/s.
 * @returns bytes per second, or null if there is no limit
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/single-connection-bandwidth-throttling
 */
export function trafficLimitOf(x: Pick<Exchange, 'headers' | 'target'>): number | null {
  const value = x.headers['x-oss-traffic-limit'] ?? x.target.query.get('x-oss-traffic-limit');
  if (value === undefined) return null;
  const bits = /^\d{1,12}$/.test(value) ? Number(value) : 0;
  if (bits >= MIN_LIMIT && bits <= MAX_LIMIT) return bits / 8;
  throw invalidArgument(`x-oss-traffic-limit must be an integer between ${MIN_LIMIT} and ${MAX_LIMIT}.`, {
    name: 'x-oss-traffic-limit',
    value,
  });
}
