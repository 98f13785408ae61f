import { WaybillError } from '../failure.ts';

/** Query parameters by name. Null is a parameter without a value: `?acl`. */
export type Params = Readonly<Record<string, string | null>>;

/** Query parameters in order; a name may be repeated. */
export type ParamList = readonly (readonly [string, string | null])[];

/**
 * Percent-encodes everything but the unreserved characters of RFC 3986, `A-Za-z0-9-_.~`, as V4 signatures require.
 * @throws WaybillError `input` key-not-unicode for half a surrogate pair, which has no UTF-8
 */
export function percentEncode(text: string): string {
  // Fast path: most names and many values need no encoding.
  if (/^[\w.~-]*$/.test(text)) return text;
  checkUnicode(text);
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

function checkUnicode(text: string): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-not-unicode' });
}

/** A key as V4 signs it: percent-encoded, except for its slashes. @throws WaybillError as percentEncode() */
export function encodeKey(key: string): string {
  checkUnicode(key);
  return encodeURI(key).replace(
    /[!'()*;,?:@&=+$#]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A key in the path of a URL. HTTP clients resolve `.` and `..` segments, so in a key that has one, every `/` becomes
 * `%2F`: clients leave that alone, and for OSS the key and the signature stay the same.
 */
export function encodeKeyPath(key: string): string {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(key) ? percentEncode(key) : encodeKey(key);
}

/** A parameter with name and value percent-encoded. */
export type EncodedParam = readonly [name: string, value: string | null];

/** Percent-encodes parameters, once for both the URL and the signature. */
export function encodeParams(params: ParamList): EncodedParam[] {
  return params.map(([name, value]) => [percentEncode(name), value === null ? null : percentEncode(value)]);
}

/** The query string without its `?`, in the given order. */
export function joinQuery(params: readonly EncodedParam[]): string {
  let query = '';
  for (const [name, value] of params) query += `${query === '' ? '' : '&'}${name}${value === null ? '' : `=${value}`}`;
  return query;
}

/** Like joinQuery(), for parameters that aren't encoded yet. */
export function encodeQuery(params: ParamList): string {
  return joinQuery(encodeParams(params));
}

/** Compares two ASCII texts by their bytes, as OSS sorts names: a comparison by locale would break the signature. */
export function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The query as V4 signs it: sorted by encoded name, then value. An empty value is written as the name alone. */
export function canonicalQuery(params: readonly EncodedParam[]): string {
  const sorted = [...params].sort((a, b) => compareAscii(a[0], b[0]) || compareAscii(a[1] ?? '', b[1] ?? ''));
  return joinQuery(sorted.map(([name, value]) => [name, value === '' ? null : value]));
}

/** Lower-cases names and trims values. HTTP strips outer whitespace, and OSS signs what it receives. */
export function normalizeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}
