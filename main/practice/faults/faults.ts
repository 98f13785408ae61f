/** A fault. Lengths are bytes of the body, times are milliseconds. */
export type FaultEffect =
  /** Delays the request. */
  | { readonly kind: 'latency'; readonly ms: number }
  /**
   * Resets the connection: before the request is read, after `afterBytes` of its body, after the operation but before
   * its reply, or after `afterBytes` of the reply body.
   */
  | {
      readonly kind: 'reset';
      readonly at: 'before-headers' | 'mid-upload' | 'after-work' | 'mid-body';
      readonly afterBytes?: number;
    }
  /** Sends an error reply, such as 503 `ServiceUnavailable`. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message?: string }
  /** Ends the reply body before its Content-Length. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Flips one byte of the reply body; the CRC-64 header stays that of the original bytes. */
  | { readonly kind: 'corrupt'; readonly atByte?: number }
  /** Answers 403 `SecurityTokenExpired`. */
  | { readonly kind: 'expired-token' }
  /** Throttles both bodies. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** The requests that a fault applies to; an omitted field matches all. */
interface FaultMatch {
  readonly method?: string;
  /** Name in the OSS documentation: `GetObject`, `UploadPart`, `AssumeRole` … */
  readonly operation?: string;
  readonly bucket?: string;
  readonly key?: string | RegExp;
}

/** A fault to inject, and when. */
export interface FaultRule {
  readonly match?: FaultMatch;
  /** Number of matching requests to hit; all by default. */
  readonly times?: number;
  /** Number of matching requests to let through first. */
  readonly skip?: number;
  readonly effect: FaultEffect;
}

/** The fields of a request that a rule can match. */
export interface FaultSubject {
  readonly method: string;
  readonly operation: string;
  readonly bucket: string | null;
  readonly key: string | null;
}

interface ActiveRule {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

/** The fault rules of a practice server: tests add them, the server looks them up for each request. */
export class Faults {
  /** Offset of the server's clock, in milliseconds; positive is ahead. */
  clockOffsetMs = 0;
  readonly #rules = new Set<ActiveRule>();

  /** Adds a rule. @returns a function that removes it */
  add(rule: FaultRule): () => void {
    const active: ActiveRule = { rule, skip: rule.skip ?? 0, times: rule.times ?? Number.POSITIVE_INFINITY };
    this.#rules.add(active);
    return () => this.#rules.delete(active);
  }

  /** Removes all rules and resets the clock offset. */
  clear(): void {
    this.#rules.clear();
    this.clockOffsetMs = 0;
  }

  /** The faults of this request. Counts the request against every matching rule. */
  take(subject: FaultSubject): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const active of this.#rules) {
      if (!matches(active.rule.match ?? {}, subject)) continue;
      if (active.skip > 0) {
        active.skip -= 1;
        continue;
      }
      effects.push(active.rule.effect);
      active.times -= 1;
      if (active.times <= 0) this.#rules.delete(active);
    }
    return effects;
  }
}

function matches({ method, operation, bucket, key }: FaultMatch, subject: FaultSubject): boolean {
  return (
    (method === undefined || method === subject.method) &&
    (operation === undefined || operation === subject.operation) &&
    (bucket === undefined || bucket === subject.bucket) &&
    (key === undefined || (typeof key === 'string' ? key === subject.key : key.test(subject.key ?? '')))
  );
}
