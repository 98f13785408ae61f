import { decodeStrictly, guessEncoding, type TextEncoding } from './text-encodings.ts';

/** The decoded beginning of a text. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/**
 * Decodes bytes in the encoding that a person chose, or in one that is guessed if it is null. Null if the bytes aren't
 * text in the guessed encoding. `bytes` may end in the middle of a character.
 */
export function decodeText(bytes: Uint8Array, chosen: TextEncoding | null = null): DecodedText | null {
  if (chosen !== null) return { text: decodeLoosely(chosen, bytes), encoding: chosen };
  const encoding = guessEncoding(bytes);
  const text = decodeStrictly(encoding, bytes) ?? decodeLoosely(encoding, bytes);
  return isText(text) ? { text, encoding } : null;
}

function decodeLoosely(encoding: TextEncoding, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

/** Binary files have control characters that no text uses, or much that can't be decoded. */
function isText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- Control characters are the point.
  const odd = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return odd <= text.length / 1000;
}
