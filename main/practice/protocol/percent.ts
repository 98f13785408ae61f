const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text behind percent escapes. A `%` without two hex digits stands for itself.
 * @param text as it came over the wire: one character a byte
 * @returns null when the bytes are not UTF-8
 */
export function decodePercent(text: string): string | null {
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const escape = text.charCodeAt(at) === 0x25 ? text.slice(at + 1, at + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(escape)) {
      bytes[length] = Number.parseInt(escape, 16);
      at += 2;
    } else {
      bytes[length] = text.charCodeAt(at) & 0xff;
    }
    length += 1;
  }
  try {
    return decoder.decode(bytes.subarray(0, length));
  } catch {
    return null;
  }
}

/** Each byte percent-encoded: a page of a listing has thousands to write. */
const escapes = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);

/** Percent-encodes all bytes but A-Z, a-z, 0-9, `-`, `_`, `.`, `~` and those of `keep`. */
export function encodePercent(text: string, keep = ''): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/gu, (char) => {
    if (keep.includes(char) && char <= '\x7f') return char;
    return char <= '\x7f' ? (escapes[char.charCodeAt(0)] ?? '') : Array.from(Buffer.from(char), escapeByte).join('');
  });
}

function escapeByte(byte: number): string {
  return escapes[byte] ?? '';
}

/** Compares two texts by their UTF-8 bytes, which is also by their code points. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates (code points from 0x10000) below 0xE000; UTF-8 puts them last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
