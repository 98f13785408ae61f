import type { RequestCause, SignerCause } from './causes.ts';

/** What a refusal says besides its cause. */
interface Refused {
  readonly code?: string;
  /** OSS's own sentence. */
  readonly message?: string;
  readonly ec?: string;
  readonly requestId?: string;
  /** The RAM action that OSS names as missing. */
  readonly action?: string;
  /** The RAM action that the request needs, where OSS names none. */
  readonly needs?: string;
  /** The server's time in Unix milliseconds, for `clock-skew`. */
  readonly serverTime?: number;
  /** Where the credentials were to come from, for the causes that begin with `source-`. */
  readonly source?: CredentialOrigin;
}

/** Kinds of places that credentials come from. `chain`: all of them, in order. */
export const originKinds = ['env', 'profile', 'ecs', 'oidc', 'uri', 'process', 'cloudsso', 'chain'] as const;

/** Where credentials come from, as a person knows it. */
export interface CredentialOrigin {
  readonly kind: (typeof originKinds)[number];
  /** The profile, the host or the program; '' where there is one of its kind alone. Never a URL or an argument. */
  readonly name: string;
}

/**
 * Everything that can go wrong, as data. The kind of a refusal follows from its cause: `oss`, or `credentials` and
 * `link` where whoever signed must act. Failures cross process borders, are logged and shown, so no field may hold an
 * AccessKey secret, a security token, a signature or a signed URL.
 */
export type Failure =
  /** Invalid input, refused before anything was sent. `rule` is a key that the renderer and the CLI turn into text. */
  | { readonly kind: 'input'; readonly field: string; readonly rule: string; readonly limit?: string }
  /** The signed URL itself is at fault; only its creator can fix it. `damaged`: it can't even be sent. */
  | (Refused & {
      readonly kind: 'link';
      readonly cause: SignerCause | 'damaged';
      /** When the link expired or becomes valid, in Unix milliseconds, if known. */
      readonly at?: number;
    })
  /** The account's credentials or rights. `missing`: its secret isn't there. */
  | (Refused & { readonly kind: 'credentials'; readonly cause: SignerCause | 'missing' })
  /** OSS or STS refused the request for another reason, or the reply is malformed (status as received, 0: not HTTP). */
  | (Refused & {
      readonly kind: 'oss';
      readonly cause: RequestCause;
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** The request went through someone's link. */
      readonly through?: 'link';
      readonly resource?: string;
      /** The right endpoint, if the bucket is in another region. */
      readonly endpoint?: string;
      /** From the Retry-After header, in milliseconds. */
      readonly retryAfterMs?: number;
    })
  | {
      readonly kind: 'network';
      readonly reason: 'offline' | 'dns' | 'refused' | 'timeout' | 'reset' | 'tls' | 'proxy' | 'proxy-password';
      readonly host?: string;
    }
  | {
      readonly kind: 'file';
      /** `linked-folder`: a symbolic link to a folder, which isn't followed; `in-use`: a complete file can't take its place; `too-many-open`: by this program or all, which passes. */
      readonly reason:
        | 'missing'
        | 'denied'
        | 'full'
        | 'changed'
        | 'bad-name'
        | 'exists'
        | 'not-a-file'
        | 'linked-folder'
        | 'in-use'
        | 'too-many-open'
        | 'read-error';
      readonly path: string;
      /** Space needed and space left, for `full` that was noticed before writing. */
      readonly space?: { readonly neededBytes: number; readonly freeBytes: number };
    }
  /** CRC-64 (unsigned decimal) or length differs between what was sent and what was received. */
  | { readonly kind: 'integrity'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'keychain'; readonly reason: 'absent' | 'locked' | 'denied' }
  | { readonly kind: 'cancelled' }
  /** A defect in Waybill. The error itself is in the log only, under this ID; `none` if it could not be logged. */
  | { readonly kind: 'bug'; readonly logId: string };

/** The only error class: carries a Failure through `throw`. */
export class WaybillError extends Error {
  override readonly name = 'WaybillError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(summary(failure), options);
    this.failure = failure;
  }
}

/**
 * The error for a reply that isn't from OSS, such as a proxy's error page, or that ends early. `status` 0: not HTTP at
 * all.
 */
export function malformedReply(status: number, detail: string, cause?: unknown): WaybillError {
  return new WaybillError(
    { kind: 'oss', cause: 'malformed', status, code: 'MalformedReply', message: detail },
    { cause },
  );
}

function summary(failure: Failure): string {
  switch (failure.kind) {
    case 'oss':
      return `${failure.code}: ${failure.message}`;
    case 'credentials':
    case 'link':
      return `${failure.kind}: ${failure.cause}${failure.code === undefined ? '' : ` (${failure.code})`}`;
    case 'input':
      return `input: ${failure.field} ${failure.rule}`;
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
 * The Failure of any thrown value. An unknown error becomes `bug` with a new log ID and is passed to `record`: its
 * message may hold secrets and must not leave the process.
 */
export function toFailure(error: unknown, record: (logId: string, error: unknown) => void = () => undefined): Failure {
  if (error instanceof WaybillError) return error.failure;
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'cancelled' };
  const logId = crypto.randomUUID().slice(0, 8);
  record(logId, error);
  return { kind: 'bug', logId };
}

/** Whether OSS accepted the account's signature, but denies it the request. */
export function isDenied(failure: Failure): boolean {
  return failure.kind === 'credentials' && failure.cause.startsWith('denied-by-');
}

/** Whether OSS refuses data calls on its own public host, so that they need a custom domain of the bucket. */
export function needsCustomDomain(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.cause === 'needs-custom-domain';
}

/** Whether there is no such object, in a bucket that is there. The reply to a HEAD has no code of its own. */
export function isMissing(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.status === 404 && failure.code !== 'NoSuchBucket';
}

/** Whether a multipart upload is over: it was completed or aborted. */
export function isUploadOver(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.code === 'NoSuchUpload';
}
