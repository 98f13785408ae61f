/**
 * What can go wrong, as data. A Failure crosses process borders and is shown to a person, so no kind has a field that
 * could hold an AccessKey secret, a security token, a signature or a signed URL.
 */
export type Failure =
  /** Bad input, refused before anything was sent. `rule` is a name that the renderer turns into words. */
  | { readonly kind: 'input'; readonly field: string; readonly rule: string; readonly limit?: string }
  /** The signed URL itself is the problem: whoever made it must change something. */
  | {
      readonly kind: 'link';
      readonly reason: 'expired' | 'not-yet-valid' | 'refused' | 'malformed' | 'foreign';
      /** Unix milliseconds at which the link ended or starts, where known. */
      readonly at?: number;
      readonly code?: string;
      readonly ec?: string;
      readonly requestId?: string;
    }
  | {
      readonly kind: 'credentials';
      readonly reason:
        'expired-token' | 'invalid-key' | 'wrong-secret' | 'denied' | 'role-refused' | 'clock-skew' | 'missing';
      readonly code?: string;
      readonly ec?: string;
      readonly requestId?: string;
      /** OSS's own sentence, which names the missing RAM action or policy where it knows it. */
      readonly message?: string;
      /** The RAM action that is missing, for denied. */
      readonly action?: string;
      /** Server time in Unix milliseconds, for clock-skew. */
      readonly serverTime?: number;
    }
  | {
      readonly kind: 'oss';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly ec?: string;
      readonly requestId?: string;
      readonly resource?: string;
      /** The endpoint that OSS names when a bucket was asked for at another region's. */
      readonly endpoint?: string;
      /** How long the server wants to be left alone, in milliseconds. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly kind: 'network';
      readonly reason: 'offline' | 'dns' | 'refused' | 'timeout' | 'reset' | 'tls' | 'proxy' | 'proxy-password';
      readonly host?: string;
    }
  | {
      readonly kind: 'file';
      readonly reason: 'missing' | 'denied' | 'full' | 'changed' | 'bad-name' | 'exists' | 'not-a-file' | 'read-error';
      readonly path: string;
      /** What was to be written and what the disk has left, in bytes: for full, where that was seen before. */
      readonly space?: { readonly neededBytes: number; readonly freeBytes: number };
    }
  /** CRC-64 (unsigned decimal) or length of what arrived is not that of what was sent. */
  | { readonly kind: 'integrity'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'keychain'; readonly reason: 'absent' | 'locked' | 'denied' }
  | { readonly kind: 'cancelled' }
  /** Our mistake. The text of the error stays in the log under this ID. */
  | { readonly kind: 'bug'; readonly logId: string };

/** The one error class: carries a Failure through `throw`. */
export class WaybillError extends Error {
  override readonly name = 'WaybillError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(summary(failure), options);
    this.failure = failure;
  }
}

/** The error for a reply that isn't from OSS, such as a proxy's error page, or that ends early. `status` 0: not HTTP at all. */
export function malformedReply(status: number, detail: string, cause?: unknown): WaybillError {
  return new WaybillError({ kind: 'oss', status, code: 'MalformedReply', message: detail }, { cause });
}

function summary(failure: Failure): string {
  switch (failure.kind) {
    case 'oss':
      return `${failure.code}: ${failure.message}`;
    case 'credentials':
      return `credentials: ${failure.reason}${failure.code === undefined ? '' : ` (${failure.code})`}`;
    case 'input':
      return `input: ${failure.field} ${failure.rule}`;
    case 'link':
    case 'network':
    case 'keychain':
      return `${failure.kind}: ${failure.reason}`;
    case 'file':
      return `file: ${failure.reason} ${failure.path}`;
    case 'integrity':
      return `integrity: expected ${failure.expected}, got ${failure.actual}`;
    case 'cancelled':
      return 'cancelled';
    case 'bug':
      return `bug: ${failure.logId}`;
    default:
      return failure satisfies never;
  }
}

/**
 * The Failure of anything that was thrown. An unknown error becomes `bug` with a fresh log ID, and is handed to
 * `record` with that ID, since its text must not leave the process.
 */
export function toFailure(error: unknown, record: (logId: string, error: unknown) => void = () => undefined): Failure {
  if (error instanceof WaybillError) return error.failure;
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'cancelled' };
  const logId = crypto.randomUUID().slice(0, 8);
  record(logId, error);
  return { kind: 'bug', logId };
}
