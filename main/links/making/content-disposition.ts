import { percentDecode, percentEncode } from '../../oss/canonical.ts';

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

/** The file name in a Content-Disposition, or null. The extended form takes precedence. */
export function fileNameOf(disposition: string): string | null {
  const extended = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  const decoded = extended === undefined ? null : percentDecode(extended);
  if (decoded !== null) return decoded;
  const quoted = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /(?:^|;)\s*filename\s*=\s*([^\s;"]+)/i.exec(disposition)?.[1] ?? null;
}

/** The last non-empty segment of a key; empty for a key of slashes only. */
export function lastSegment(key: string): string {
  return key.split('/').findLast((segment) => segment !== '') ?? '';
}
