import type { LinkRepair } from '../text/link-repairs.ts';
import type { CdnUrl } from '../text/cdn-url.ts';
import type { NoLink } from '../text/pasted-link.ts';
import type { LinkNote } from '../text/link-note.ts';
import type { LinkDirection } from './link-direction.ts';

/** A received signed URL, read without sending anything. The URL stays in main under `linkId`. */
export interface ReceivedLink {
  readonly kind: 'link';
  readonly linkId: string;
  readonly signVersion: 'v4' | 'v1';
  /** Null on a custom domain, which doesn't contain the bucket's name. */
  readonly bucket: string | null;
  readonly key: string;
  readonly fileName: string;
  readonly host: string;
  readonly secure: boolean;
  /** Sent unencrypted to another computer, so that others can read it on the way. */
  readonly exposed: boolean;
  readonly region: string | null;
  readonly versionId: string | null;
  /** The AccessKey ID with its middle masked. */
  readonly signedBy: string;
  /** Signed with temporary credentials, so the link may expire before `validUntil`. */
  readonly temporary: boolean;
  /** Start of validity in Unix milliseconds; null for V1, which has none. */
  readonly validFrom: number | null;
  readonly validUntil: number;
  readonly state: 'valid' | 'expired' | 'not-yet-valid';
  /** What had to be repaired in the pasted text. */
  readonly repaired: readonly LinkRepair[];
  /** Headers that the signature covers (V4 additional headers). The URL contains their names, not their values. */
  readonly boundHeaders: readonly string[];
  /** Signed query parameters, such as response-content-disposition. */
  readonly boundParams: readonly (readonly [name: string, value: string])[];
  /** Method and headers from the URL's `#waybill=` note; the URL itself doesn't contain them. */
  readonly note: LinkNote | null;
  /** The note is damaged: only the sender knows which method and headers the link needs. */
  readonly noteUnreadable: boolean;
  /** What it is for, as far as it says so. */
  readonly direction: LinkDirection;
  /** Why it fails or may fail, judging by the URL alone. */
  readonly troubles: readonly LinkTrouble[];
}

/**
 * Why a link fails or may fail.
 * - `expired`, `not-yet-valid`: by the local clock.
 * - `too-long`: OSS rejects V4 links for more than 7 days.
 * - `version-on-put`: OSS rejects a PUT with a version.
 * - `may-end-early`: it expires with the temporary credentials that signed it.
 * - `restricted`: works only from certain addresses or networks.
 * - `internal-only`: works only inside Alibaba Cloud's network.
 * - `apk-forbidden`: OSS's own hosts refuse to serve .apk and .ipa files of newer buckets.
 * - `needs-headers`: certain headers must be sent with it.
 * - `not-encrypted`: http.
 * - `v1`: OSS rejects V1 for accounts created since March 2025 and buckets created since September 2025.
 */
export type LinkTrouble =
  | 'expired'
  | 'not-yet-valid'
  | 'too-long'
  | 'version-on-put'
  | 'may-end-early'
  | 'restricted'
  | 'internal-only'
  | 'apk-forbidden'
  | 'needs-headers'
  | 'not-encrypted'
  | 'v1';

/** An address of an object without a signature: it can be tried, and works if the object is public. */
export interface PublicFile extends Pick<
  ReceivedLink,
  'linkId' | 'bucket' | 'key' | 'fileName' | 'host' | 'exposed' | 'versionId'
> {
  readonly kind: 'public-file';
}

/** A link of a CDN, read without sending anything. The URL stays in main under `linkId`. */
export interface CdnFile extends Omit<PublicFile, 'kind'> {
  readonly kind: 'cdn-link';
  /** The type of URL authentication that it looks like. */
  readonly type: CdnUrl['type'];
  /** The time in it, in Unix milliseconds: the end is that plus the validity that is set at the CDN. */
  readonly signedAt: number;
  /** In seconds; null where nobody told Waybill. */
  readonly validitySeconds: number | null;
}

/** An address that Waybill can do nothing with, but a browser may. The URL stays in main under `linkId`. */
type WebAddress = Pick<ReceivedLink, 'linkId' | 'host'> &
  (
    | Pick<Extract<NoLink, { readonly kind: 'foreign' }>, 'kind' | 'service'>
    | { readonly kind: 'unsupported' | 'unsigned' }
  );

/** A text that holds nothing that Waybill opens. */
export type UnusableText = Extract<NoLink, { readonly kind: 'damaged' | 'not-a-link' }> | WebAddress;

/** What a pasted text turned out to be. */
export type LinkCard = ReceivedLink | PublicFile | CdnFile | UnusableText;

/** What the server says of a link, asked with one byte of the object. */
export interface LinkProbe {
  readonly sizeBytes: number | null;
  readonly contentType: string | null;
  readonly lastModified: number | null;
  /** False when the answer carries no CRC-64 (image processing, gzip): only the length can be checked. */
  readonly verifiable: boolean;
}
