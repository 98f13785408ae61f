import type { LinkMethod } from '../making/link-options.ts';

/** Why a link does not work. */
export type LinkCause =
  /** It works: OSS answered with `status`. */
  | { readonly cause: 'none'; readonly status: number }
  /** Unix milliseconds. */
  | { readonly cause: 'expired'; readonly at: number }
  | { readonly cause: 'not-yet-valid'; readonly at: number }
  /** It was made for `method`, not for reading. */
  | { readonly cause: 'wrong-method'; readonly method: LinkMethod }
  | { readonly cause: 'header-missing'; readonly headers: readonly string[] }
  /** The signature does not fit; `orElse`: what would look the same from outside. */
  | { readonly cause: 'changed-in-transit'; readonly orElse: readonly ('wrong-method' | 'header-missing')[] }
  /** The bucket is elsewhere: at `endpoint`, where OSS tells it. */
  | { readonly cause: 'wrong-region'; readonly endpoint: string | null; readonly region: string | null }
  /** Only certain addresses or networks may use it, and this one is none of them. */
  | { readonly cause: 'restricted-address' }
  | { readonly cause: 'object-gone'; readonly deleteMarker: boolean }
  | { readonly cause: 'version-gone' }
  | { readonly cause: 'bucket-gone' }
  /** It must be restored before it can be read. */
  | { readonly cause: 'archived' }
  /** The AccessKey that signed it was deleted or disabled. */
  | { readonly cause: 'credentials-revoked' }
  /** The temporary credentials that signed it have ended. */
  | { readonly cause: 'session-ended' }
  /** Whoever signed it may not read this, by policy or ACL. */
  | { readonly cause: 'denied' }
  /** The clock of whoever asks is wrong. */
  | { readonly cause: 'clock' }
  | { readonly cause: 'malformed' }
  | { readonly cause: 'other'; readonly message: string };

/** What the server said about a link, in a form that can be explained. Times are Unix milliseconds. */
export type LinkDiagnosis = LinkCause & {
  readonly serverTime: number | null;
  /** Local time minus server time in milliseconds, 0 where it makes no difference: a wrong clock explains a wrong state. */
  readonly clockOffBy: number;
  readonly code: string | null;
  readonly ec: string | null;
  readonly requestId: string | null;
};
