import type { LinkMethod } from '../making/link-options.ts';

/** Why a link fails. */
export type LinkCause =
  /** It works: OSS responded with `status`. */
  | { readonly cause: 'none'; readonly status: number }
  /** Unix milliseconds. */
  | { readonly cause: 'expired'; readonly at: number }
  | { readonly cause: 'not-yet-valid'; readonly at: number }
  /** It was signed for `method`, not for reading. */
  | { readonly cause: 'wrong-method'; readonly method: LinkMethod }
  | { readonly cause: 'header-missing'; readonly headers: readonly string[] }
  /** The signature doesn't match. `orElse`: other causes that look the same from outside. */
  | { readonly cause: 'changed-in-transit'; readonly orElse: readonly ('wrong-method' | 'header-missing')[] }
  /** The bucket is in another region; `endpoint` is null if OSS doesn't name it. */
  | { readonly cause: 'wrong-region'; readonly endpoint: string | null; readonly region: string | null }
  /** Only certain addresses or networks may use it. */
  | { readonly cause: 'restricted-address' }
  | { readonly cause: 'object-gone'; readonly deleteMarker: boolean }
  | { readonly cause: 'version-gone' }
  | { readonly cause: 'bucket-gone' }
  /** The object must be restored before it can be read. */
  | { readonly cause: 'archived' }
  /** The AccessKey that signed it was deleted or disabled. */
  | { readonly cause: 'credentials-revoked' }
  /** The temporary credentials that signed it have expired. */
  | { readonly cause: 'session-ended' }
  /** A policy or an ACL denies the signer access. */
  | { readonly cause: 'denied' }
  /** The local clock is wrong. */
  | { readonly cause: 'clock' }
  | { readonly cause: 'malformed' }
  | { readonly cause: 'other'; readonly message: string };

/** What the server answered to a link, and the cause it points to. Times are Unix milliseconds. */
export type LinkDiagnosis = LinkCause & {
  readonly serverTime: number | null;
  /** Local time minus server time in milliseconds; 0 if the difference doesn't matter. */
  readonly clockOffBy: number;
  readonly code: string | null;
  readonly ec: string | null;
  readonly requestId: string | null;
};
