import type { Cause } from '../../causes.ts';
import type { Failure } from '../../failure.ts';
import type { LinkMethod } from '../text/link-note.ts';

/** What asking about a link found. */
export type LinkFinding =
  /** It works: OSS responded with `status`. */
  | { readonly cause: 'none'; readonly status: number }
  /** It was signed for `method`, not for reading. */
  | { readonly cause: 'wrong-method'; readonly method: LinkMethod }
  /** OSS refused it. */
  | {
      readonly cause: Cause;
      readonly failure: Extract<Failure, { readonly kind: 'link' | 'oss' }>;
      /** Headers that the signature covers and that weren't sent, for `header-missing`. */
      readonly headers?: readonly string[];
      /** Other causes that look the same from outside, for `link-mismatch`. */
      readonly orElse?: readonly ('wrong-method' | 'header-missing')[];
      /** The file was deleted in a bucket with versioning on, for `no-such-key`. */
      readonly deleteMarker?: boolean;
    };

/** What the server answered to a link, and the cause it points to. Times are Unix milliseconds. */
export type LinkDiagnosis = LinkFinding & {
  readonly serverTime: number | null;
  /** Local time minus server time in milliseconds; 0 if the difference doesn't matter. */
  readonly clockOffBy: number;
  readonly code: string | null;
  readonly ec: string | null;
  readonly requestId: string | null;
};
