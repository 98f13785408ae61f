/** What goes wrong. Lengths are in bytes of the body, times in milliseconds. */
export type FaultEffect =
  /** The reply starts this much later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /**
   * The connection is reset: before anything is read, after so many bytes of the request's body, when the work is done
   * but nobody was told, or after so many bytes of the reply's body.
   */
  | {
      readonly kind: 'reset';
      readonly at: 'before-headers' | 'mid-upload' | 'after-work' | 'mid-body';
      readonly afterBytes?: number;
    }
  /** An error reply, such as 503 `ServiceUnavailable`. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message?: string }
  /** The reply's body ends early although Content-Length promised more. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** One byte of the reply's body is wrong, the CRC-64 header is that of the right bytes. */
  | { readonly kind: 'corrupt'; readonly atByte?: number }
  /** 403 `SecurityTokenExpired`. */
  | { readonly kind: 'expired-token' }
  /** Both bodies flow at this speed. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** Which requests a fault hits; what is left out matches all. */
interface FaultMatch {
  readonly method?: string;
  /** Name in OSS's documentation: `GetObject`, `UploadPart`, `AssumeRole` … */
  readonly operation?: string;
  readonly bucket?: string;
  readonly key?: string | RegExp;
}

/** One fault to inject. */
export interface FaultRule {
  readonly match?: FaultMatch;
  /** How many matching requests it hits; without it, all. */
  readonly times?: number;
  /** How many matching requests go well first. */
  readonly skip?: number;
  readonly effect: FaultEffect;
}

/** The request as a rule sees it. */
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

/** The faults of a practice server: tests add rules, the server asks for each request. */
export class Faults {
  /** How far the server's clock is ahead, in milliseconds. */
  clockOffsetMs = 0;
  readonly #rules = new Set<ActiveRule>();

  /** @returns takes the rule away again */
  add(rule: FaultRule): () => void {
    const active: ActiveRule = { rule, skip: rule.skip ?? 0, times: rule.times ?? Number.POSITIVE_INFINITY };
    this.#rules.add(active);
    return () => this.#rules.delete(active);
  }

  /** Takes all rules away and sets the clock right. */
  clear(): void {
    this.#rules.clear();
    this.clockOffsetMs = 0;
  }

  /** The effects that hit this request; counts it for every rule that matches. */
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
