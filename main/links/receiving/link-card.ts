import type { LinkRepair } from '../text/pasted-link.ts';
import type { LinkNote } from '../making/link-note.ts';

/** A signed URL that somebody pasted, read without sending anything. The URL itself stays in main under `linkId`. */
export interface ReceivedLink {
  readonly kind: 'link';
  readonly linkId: string;
  readonly signVersion: 'v4' | 'v1';
  /** Null on a custom domain, which does not name its bucket. */
  readonly bucket: string | null;
  readonly key: string;
  readonly fileName: string;
  readonly host: string;
  readonly secure: boolean;
  readonly region: string | null;
  readonly versionId: string | null;
  /** AccessKey ID with its middle masked. */
  readonly signedBy: string;
  /** Signed with temporary credentials: the link may end before `validUntil`. */
  readonly temporary: boolean;
  /** Unix milliseconds from which it is valid; null for V1, which has no start. */
  readonly validFrom: number | null;
  readonly validUntil: number;
  readonly state: 'valid' | 'expired' | 'not-yet-valid';
  /** What was mended in the pasted text before it could be read. */
  readonly repaired: readonly LinkRepair[];
  /** Headers that the signature binds by name (V4 additional headers); their values are not in the link. */
  readonly boundHeaders: readonly string[];
  /** Query parameters that are part of the signature, such as response-content-disposition. */
  readonly boundParams: readonly (readonly [name: string, value: string])[];
  /** Method and headers, where the link's maker added them (`#waybill=`); else nobody can tell them from the URL. */
  readonly note: LinkNote | null;
  /** There is such a note, but it is damaged: ask the sender which method and headers the link needs. */
  readonly noteUnreadable: boolean;
  /** What makes it fail, or may, as far as the URL alone shows it. */
  readonly troubles: readonly LinkTrouble[];
}

/**
 * What makes a link fail, or may.
 * - `expired`, `not-yet-valid`: by the local clock.
 * - `too-long`: V4 takes 7 days at most, so OSS refuses it.
 * - `version-on-put`: OSS refuses a PUT with a version.
 * - `may-end-early`: it ends with the temporary credentials that signed it.
 * - `restricted`: only from certain addresses or networks.
 * - `internal-only`: only inside Alibaba Cloud's network.
 * - `needs-headers`: certain headers must be sent with it.
 * - `not-encrypted`: http.
 * - `v1`: OSS refuses V1 for accounts made since March 2025 and buckets made since September 2025.
 */
export type LinkTrouble =
  | 'expired'
  | 'not-yet-valid'
  | 'too-long'
  | 'version-on-put'
  | 'may-end-early'
  | 'restricted'
  | 'internal-only'
  | 'needs-headers'
  | 'not-encrypted'
  | 'v1';

/** What a pasted text turned out to be. */
export type LinkCard =
  | ReceivedLink
  /** Looks like an OSS link, but part of it is missing or mangled. */
  | { readonly kind: 'damaged'; readonly reason: 'no-signature' | 'cut-off' | 'no-expiry' | 'no-key' | 'bad-encoding' }
  /** A URL, but not a signed OSS one. */
  | { readonly kind: 'foreign'; readonly host: string; readonly service: 's3' | 'other' }
  /** OSS, but without any signature: an address that works only for public objects. */
  | { readonly kind: 'unsigned'; readonly host: string }
  | { readonly kind: 'not-a-link' };

/** What the server says of a link, asked with one byte of the object. */
export interface LinkProbe {
  readonly sizeBytes: number | null;
  readonly contentType: string | null;
  readonly lastModified: number | null;
  /** False when the answer carries no CRC-64 (image processing, gzip): only the length can be checked. */
  readonly verifiable: boolean;
}
