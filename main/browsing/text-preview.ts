import { detect } from 'chardet';

/** The decoded beginning of a text. */
export interface DecodedText {
  readonly text: string;
  /** A name of the Encoding Standard, such as `gb18030`. */
  readonly encoding: string;
}

/**
 * Decodes bytes of unknown encoding; null if they aren't text. `bytes` may end in the middle of a character.
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
    // `stream` drops an incomplete character at the end instead of failing.
    return new TextDecoder(encoding, { fatal }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Binary files have control characters that no text uses, or much that can't be decoded. */
function isText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- Control characters are the point.
  const odd = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return odd <= text.length / 1000;
}
