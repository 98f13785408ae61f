import { WaybillError } from '../failure.ts';
import { MAX_INTERIM_REPLIES, STALL_TIMEOUT_MS } from './limits.ts';

/**
 * Counts the interim replies (1xx) to one request, which a client has to skip (RFC 9110, 15.2) but which must come to
 * an end.
 */
export class InterimReplies {
  readonly #periodMs: number;
  #count = 0;
  #firstAt = 0;

  /** `periodMs`: how long after the first one another may come. */
  constructor(periodMs = STALL_TIMEOUT_MS) {
    this.#periodMs = periodMs;
  }

  /**
   * Takes note of one.
   * @throws WaybillError `oss` not-oss for one too many, or one too late: nothing was lost on the way, so that the next
   * request would get no other reply
   */
  note(): void {
    const now = performance.now();
    if (this.#count === 0) this.#firstAt = now;
    this.#count += 1;
    if (this.#count <= MAX_INTERIM_REPLIES && now - this.#firstAt <= this.#periodMs) return;
    const message = 'interim replies without an end';
    throw new WaybillError({ kind: 'oss', cause: 'not-oss', status: 0, code: 'MalformedReply', message });
  }
}
