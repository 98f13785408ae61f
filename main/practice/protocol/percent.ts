const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes percent escapes. A `%` without two hex digits is kept as it is.
 * @param text as received: one character per byte
 * @returns null if the bytes aren't UTF-8
 */
export function decodePercent(text: string): string | null {
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const escape = text.charCodeAt(index) === 0x25 ? text.slice(index + 1, index + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(escape)) {
      bytes[length] = Number.parseInt(escape, 16);
      index += 2;
    } else {
      bytes[length] = text.charCodeAt(index) & 0xff;
    }
    length += 1;
  }
  try {
    return decoder.decode(bytes.subarray(0, length));
  } catch {
    return null;
  }
}

/** Each byte percent-encoded, precomputed because a listing page encodes thousands. */
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

/** Compares two texts by their UTF-8 bytes, which equals code point order. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Sort key of a UTF-16 unit: surrogates (code points from 0x10000) sort below 0xE000 in UTF-16 but last in UTF-8. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
