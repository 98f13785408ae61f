import { detect } from 'chardet';

/** A text as far as it was read. */
export interface DecodedText {
  readonly text: string;
  /** As the Encoding Standard names it, such as `gb18030`. */
  readonly encoding: string;
}

/**
 * Decodes bytes whose encoding nobody tells, null where they are no text. The end of `bytes` may be in the middle of a
 * character.
 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const utf8 = decodeAs('utf-8', bytes, true);
  if (utf8 !== null) return isText(utf8) ? { text: utf8, encoding: 'utf-8' } : null;
  const encoding = detect(bytes)?.toLowerCase() ?? 'windows-1252';
  const text = decodeAs(encoding, bytes, false);
  return text !== null && isText(text) ? { text, encoding } : null;
}

function decodeAs(encoding: string, bytes: Uint8Array, fatal: boolean): string | null {
  try {
    // With `stream` a character that is cut off at the end is left out and no fault.
    return new TextDecoder(encoding, { fatal }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Control characters other than those that lay out a text, or many that could not be decoded, are those of a binary file. */
function isText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
  const odd = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return odd <= text.length / 1000;
}
