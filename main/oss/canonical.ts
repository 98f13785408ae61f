/** Query parameters or headers by name. A null value is a parameter without `=`: `?acl`. */
export type Params = Readonly<Record<string, string | null>>;

/** A list where a name may come more than once. */
export type ParamList = readonly (readonly [string, string | null])[];

/** Percent-encodes all but `A-Za-z0-9-_.~`, which is what both sides of a V4 signature do (RFC 3986). */
export function percentEncode(text: string): string {
  // Most names and many values need nothing done.
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes percent-encoding; null where a `%` isn't followed by two hex digits, or the bytes aren't UTF-8. */
export function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A key as V4 signs it: percent-encoded, its slashes kept. */
export function encodeKey(key: string): string {
  return encodeURI(key).replace(
    /[!'()*;,?:@&=+$#]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A key as it is written into a URL. Clients collapse `.` and `..` segments, so in a key that has one each `/` is written
 * `%2F`: another path for them, the same signature for OSS. All other slashes stay.
 */
export function encodeKeyPath(key: string): string {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(key) ? percentEncode(key) : encodeKey(key);
}

/** A parameter with both sides percent-encoded. */
export type EncodedParam = readonly [name: string, value: string | null];

/** Encodes parameters once, for the URL and for the signature. */
export function encodeParams(params: ParamList): EncodedParam[] {
  return params.map(([name, value]) => [percentEncode(name), value === null ? null : percentEncode(value)]);
}

/** The query string of a URL, in the given order, without `?`. */
export function joinQuery(params: readonly EncodedParam[]): string {
  let query = '';
  for (const [name, value] of params) query += `${query === '' ? '' : '&'}${name}${value === null ? '' : `=${value}`}`;
  return query;
}

/** As joinQuery(), of parameters that are not encoded yet. */
export function encodeQuery(params: ParamList): string {
  return joinQuery(encodeParams(params));
}

/** Orders by bytes: never by locale, since the server doesn't either. Both must be ASCII. */
export function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The query as V4 signs it: sorted by the bytes of the encoded name, an empty value as the name alone. */
export function canonicalQuery(params: readonly EncodedParam[]): string {
  const sorted = [...params].sort((a, b) => compareAscii(a[0], b[0]) || compareAscii(a[1] ?? '', b[1] ?? ''));
  return joinQuery(sorted.map(([name, value]) => [name, value === '' ? null : value]));
}

/** Lower-case names, values without outer blanks (HTTP strips them too): what is signed must be what is sent. */
export function normalizeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}
