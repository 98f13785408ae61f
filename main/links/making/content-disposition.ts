import { safeName } from '../../local-files/safe-name.ts';
import { percentDecode, percentEncode } from '../../oss/canonical.ts';
import { own } from '../../own.ts';

/**
 * The response-content-disposition of a link, or null if the object's own headers are enough. A name that isn't plain
 * ASCII is sent twice, since old clients read only the quoted form.
 * @see RFC 6266, RFC 5987
 */
export function contentDisposition(
  open: 'preview' | 'download' | null,
  fileName: string | null,
  key: string,
): string | null {
  if (open === null && fileName === null) return null;
  const type = open === 'preview' ? 'inline' : 'attachment';
  const name = (fileName ?? lastSegment(key)).replace(/[\p{Cc}\p{Surrogate}]/gu, '_');
  if (name === '') return type;
  const plain = name.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\%]/g, '_');
  return plain === name
    ? `${type}; filename="${name}"`
    : `${type}; filename="${plain}"; filename*=UTF-8''${percentEncode(name)}`;
}

/**
 * The file name in a Content-Disposition, or null, as Chromium reads it: a valid extended form takes precedence, and
 * percent-encoding in a plain one is decoded where it is UTF-8.
 * @see RFC 6266, RFC 8187, https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_content_disposition.cc
 */
export function fileNameOf(disposition: string): string | null {
  const params = dispositionParams(disposition);
  const extended = params.get('filename*');
  const plain = params.get('filename') ?? '';
  const name = (extended === undefined ? null : extendedName(extended)) ?? percentDecode(plain) ?? plain;
  return name === '' ? null : name;
}

/** The parameters by lower-case name, the first of each. A quoted value may hold `;` and `=`. */
function dispositionParams(disposition: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  const pattern = /(?:^|;)\s*([\w!#$&+.^`|~*-]+)\s*=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^;]*)|;|"(?:[^"\\]|\\.)*(?:"|$)/gs;
  for (const [, name, value = ''] of disposition.matchAll(pattern)) {
    if (name !== undefined && !params.has(name.toLowerCase())) params.set(name.toLowerCase(), unquoted(value));
  }
  return params;
}

/** A quoted string without its quotes. A path of Windows isn't escaped by those who write one. */
function unquoted(value: string): string {
  const text = value.trim();
  if (!text.startsWith('"')) return text;
  const inner = text.slice(1).replace(/"$/, '');
  return /^[a-z]:\\/i.test(inner) ? inner : inner.replace(/\\(.)/gs, '$1');
}

/** Charsets of RFC 8187, and the one that browsers still read. */
const charsets: Readonly<Record<string, string>> = { 'utf-8': 'utf-8', 'iso-8859-1': 'latin1' };

/** The value of `filename*`; null where it isn't valid. */
function extendedName(value: string): string | null {
  const [, charset = '', encoded = ''] = /^([\w-]+)'[^']*'(.+)$/s.exec(value) ?? [];
  const encoding = own(charsets, charset.toLowerCase());
  if (encoding === undefined) return null;
  if (encoding === 'utf-8') return percentDecode(encoded);
  return encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The last non-empty segment of a key; empty for a key of slashes only. */
export function lastSegment(key: string): string {
  return key.split('/').findLast((segment) => segment !== '') ?? '';
}

/**
 * The local name of a received file: what its Content-Disposition says, or the last part of its key. Both are the
 * sender's, so only the last segment of a path is used, made safe for every file system.
 */
export function receivedName(disposition: string | null, key: string): string {
  const name = fileNameOf(disposition ?? '') ?? lastSegment(key);
  const last = lastSegment(name.replaceAll('\\', '/'));
  return last === '' ? 'download' : safeName(last);
}
