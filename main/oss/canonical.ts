/** Query parameters or headers by name. A null value is a parameter without `=`: `?acl`. */
export type Params = Readonly<Record<string, string | null>>;

/** A list where a name may come more than once. */
export type ParamList = readonly (readonly [string, string | null])[];

/** Percent-encodes all but `A-Za-z0-9-_.~`, which is what both sides of a V4 signature do (RFC 3986). */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key as V4 signs it: percent-encoded, its slashes kept. */
export function encodeKey(key: string): string {
  return percentEncode(key).replaceAll('%2F', '/');
}

/**
 * A key as it is written into a URL. Clients collapse `.` and `..` segments, so in a key that has one each `/` is written
 * `%2F`: another path for them, the same signature for OSS. All other slashes stay.
 */
export function encodeKeyPath(key: string): string {
  return key.split('/').some((segment) => segment === '.' || segment === '..') ? percentEncode(key) : encodeKey(key);
}

/** The query string of a URL, in the given order, without `?`. */
export function encodeQuery(params: ParamList): string {
  return params
    .map(([name, value]) => (value === null ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`))
    .join('&');
}

/** Orders by bytes: never by locale, since the server doesn't either. Both must be ASCII. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The query as V4 signs it: sorted by the bytes of the encoded name, an empty value as the name alone. */
export function canonicalQuery(params: ParamList): string {
  return params
    .map(([name, value]) => [percentEncode(name), percentEncode(value ?? '')] as const)
    .sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
}

/** Lower-case names, values without outer blanks (HTTP strips them too): what is signed must be what is sent. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}
