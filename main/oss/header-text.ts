/*
 * A header value is a byte string here: one character for each byte, as HTTP transports it (RFC 9110, 5.5). OSS stores
 * and returns the bytes unchanged, and signs them; most tools write UTF-8.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A header value as text: decoded from UTF-8, or unchanged if its bytes aren't UTF-8. */
export function headerText(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** Several header values as text, by name. */
export function headerTexts(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, headerText(value)]));
}

/** Header values that a person wrote, in UTF-8: so they are signed and sent by OSS's SDKs. */
export function headerBytes(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(text, 'utf8').toString('latin1')]),
  );
}

/** The bytes that a text with header values in it is signed as. ASCII, by far the most frequent, stays a string. */
export function signedBytes(text: string): string | Buffer {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1');
}
