/*
 * The part URLs of an upload ticket. They differ only in the number of the part and in the signature, so that a ticket
 * holds one template, and 32 bytes for each part. Runs in browsers too.
 */

/** Where the number of the part goes, and the signature in lower-case hex. A URL can't hold braces otherwise. */
export const PART_NUMBER = '{n}';
export const SIGNATURE = '{signature}';

/** Whether a text claims to be an upload ticket. */
export function isTicket(text: string): boolean {
  return /^\s*\{\s*"waybill"\s*:\s*"upload-ticket"/.test(text.slice(0, 200));
}

/** HMAC-SHA256. */
export const SIGNATURE_BYTES = 32;

/** What part URLs are built from. */
export interface PartUrlFields {
  readonly put: string;
  /** In base64. */
  readonly signatures: string;
}

/** Returns a function from part numbers, counted from 1, to URLs for PUT. It throws RangeError for a part that isn't there. */
export function partUrls({ put, signatures }: PartUrlFields): (partNumber: number) => string {
  const bytes = Uint8Array.from(atob(signatures), (character) => character.charCodeAt(0));
  return (partNumber) => {
    const end = partNumber * SIGNATURE_BYTES;
    if (!Number.isInteger(partNumber) || partNumber < 1 || end > bytes.length) throw new RangeError('no such part');
    const signature = Array.from(bytes.subarray(end - SIGNATURE_BYTES, end), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return put.replace(PART_NUMBER, String(partNumber)).replace(SIGNATURE, signature.join(''));
  };
}
