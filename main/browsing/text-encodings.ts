import { detect } from 'chardet';

/** The encodings that a text preview can be read in, by the names of the Encoding Standard. */
export const textEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'euc-kr',
  'windows-1252',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  'koi8-r',
  'iso-8859-5',
  'windows-1253',
  'iso-8859-7',
  'windows-1254',
  'windows-1255',
  'iso-8859-8',
  'windows-1256',
  'iso-8859-6',
] as const;

/** One of `textEncodings`. */
export type TextEncoding = (typeof textEncodings)[number];

/** Decodes a text that may end in the middle of a character. Null for bytes that `encoding` has no characters for. */
export function decodeStrictly(encoding: TextEncoding, bytes: Uint8Array): string | null {
  try {
    // `stream` drops an incomplete character at the end instead of failing.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/**
 * Guesses the encoding of a text. The statistics of single-byte encodings take a few Chinese words within much ASCII
 * for Greek or Polish, so GB18030 comes before these.
 */
export function guessEncoding(bytes: Uint8Array): TextEncoding {
  const marked = markedEncoding(bytes) ?? wideEncoding(bytes);
  if (marked !== null) return marked;
  if (decodeStrictly('utf-8', bytes) !== null) return 'utf-8';
  const guessed = known(detect(bytes)) ?? 'windows-1252';
  if (isRatherChinese(bytes, guessed)) return 'gb18030';
  return hasUnassigned(new TextDecoder(guessed).decode(bytes)) ? 'windows-1252' : guessed;
}

/** The encoding that a byte order mark declares. */
function markedEncoding([first, second, third]: Uint8Array): TextEncoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** UTF-16 without a mark: in most texts, every second byte of spaces, digits and Latin letters is zero. */
function wideEncoding(bytes: Uint8Array): TextEncoding | null {
  const zeros: [even: number, odd: number] = [0, 0];
  bytes.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2 === 0 ? 0 : 1] += 1;
  });
  const [even, odd] = zeros;
  const many = bytes.length / 8;
  if (odd > many && even <= odd / 100) return 'utf-16le';
  return even > many && odd <= even / 100 ? 'utf-16be' : null;
}

/**
 * Whether the bytes are valid GB18030 and most of their pairs are punctuation or level 1 of GB 2312, which has the
 * characters of everyday text. Where European letters come between ASCII letters, and in Big5 and Japanese, many
 * pairs are others. Korean differs only in that its syllables end at 0xC8.
 */
function isRatherChinese(bytes: Uint8Array, guessed: TextEncoding): boolean {
  if (decodeStrictly('gb18030', bytes) === null) return false;
  const pairs = pairsOf(bytes);
  const beyondKorean = pairs.some(([lead]) => lead > 0xc8);
  if (pairs.length === 0 || (guessed === 'euc-kr' && !beyondKorean)) return false;
  const isSingleByte = /^(windows|iso-8859|koi8)/.test(guessed);
  return pairs.filter(isUsual).length >= pairs.length * (isSingleByte ? 0.5 : 0.9);
}

type Pair = readonly [lead: number, trail: number];

/** The characters of two bytes, in an encoding where each begins with a byte that isn't ASCII. */
function pairsOf(bytes: Uint8Array): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < bytes.length - 1; at += 1) {
    const [lead = 0, trail = 0] = [bytes[at], bytes[at + 1]];
    if (lead < 0x80) continue;
    pairs.push([lead, trail]);
    at += 1;
  }
  return pairs;
}

/** Punctuation or level 1 of GB 2312. */
function isUsual([lead, trail]: Pair): boolean {
  const row = lead - 0xa0;
  return trail >= 0xa1 && ((row >= 16 && row <= 55) || (row >= 1 && row <= 3));
}

/** Whether much of it is private use, which is what East Asian encodings make of the letters of European ones. */
function hasUnassigned(text: string): boolean {
  const foreign = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  return (text.match(/[\ue000-\uf8ff]/g)?.length ?? 0) * 10 > foreign;
}

function known(label: string | null): TextEncoding | null {
  if (label === null) return null;
  try {
    const { encoding } = new TextDecoder(label);
    return textEncodings.find((one) => one === encoding) ?? null;
  } catch {
    return null;
  }
}
