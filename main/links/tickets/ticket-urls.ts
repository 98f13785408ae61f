/*
 * The part URLs of an upload ticket. They differ only in the number of the part and in the signature, so that a ticket
 * holds one template, and 32 bytes for each part. Runs in browsers too.
 */

/** Where the number of the part goes, and the signature in lower-case hex. */
const PART_NUMBER = 'partNumber={n}';
const SIGNATURE = 'x-oss-signature={signature}';

/**
 * Whether a template has the number of the part and its signature as one parameter each, and braces nowhere else: in a host
 * or a path they would lead parts elsewhere than the first one.
 */
export function isPartTemplate(put: string): boolean {
  const start = put.indexOf('?') + 1;
  const query = put.slice(start).split('&');
  const others = query.filter((pair) => pair !== PART_NUMBER && pair !== SIGNATURE);
  const hasBoth = query.length === others.length + 2 && query.includes(PART_NUMBER) && query.includes(SIGNATURE);
  return hasBoth && !hasBraces([put.slice(0, start), ...others].join('&'));
}

/** Whether a URL has braces, which are percent-encoded in what Waybill signs. */
export function hasBraces(url: string): boolean {
  return /[{}]/.test(url);
}

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

/**
 * Returns a function from part numbers, counted from 1, to URLs for PUT. It throws RangeError for a part that isn't there.
 * @throws RangeError for what is no template
 */
export function partUrls({ put, signatures }: PartUrlFields): (partNumber: number) => string {
  if (!isPartTemplate(put)) throw new RangeError('no template of parts');
  const bytes = Uint8Array.from(atob(signatures), (character) => character.charCodeAt(0));
  return (partNumber) => {
    const end = partNumber * SIGNATURE_BYTES;
    if (!Number.isInteger(partNumber) || partNumber < 1 || end > bytes.length) throw new RangeError('no such part');
    const signature = Array.from(bytes.subarray(end - SIGNATURE_BYTES, end), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return put.replace('{n}', String(partNumber)).replace('{signature}', signature.join(''));
  };
}
