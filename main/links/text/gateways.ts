import { percentDecode } from '../../oss/canonical.ts';

/*
 * Mail gateways and redirects carry a link inside an address of their own.
 */

/** The links that an address carries, the most likely one first. */
export function unwrapGateway(text: string): readonly string[] {
  const [address = ''] = /^https?:\S+/i.exec(text) ?? [];
  const found = [
    proofpoint3(address),
    proofpoint2(address),
    encodedIn(address),
    halfEncodedIn(address),
    base64In(address),
  ];
  return [...new Set(found.flatMap((link) => (link === null ? [] : [link])))];
}

/** urldefense v3: `__LINK__;BASE64!!…`: each `*` stands for the next character, `**X` for several. */
function proofpoint3(address: string): string | null {
  const [, link, packed] = /^https?:\/\/[^/]*urldefense[^/]*\/v3\/__(.+?)__;([\w-]*={0,2})!/i.exec(address) ?? [];
  if (link === undefined || packed === undefined) return null;
  const characters = Array.from(Buffer.from(packed, 'base64url').toString('utf8'));
  return link.replace(/\*(?:\*([A-Za-z0-9_-]))?/g, (_, length: string | undefined) =>
    characters.splice(0, length === undefined ? 1 : runLengths.indexOf(length) + 2).join(''),
  );
}

const runLengths = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** urldefense v2: in the value of `u`, `-` stands for `%` and `_` for `/`. */
function proofpoint2(address: string): string | null {
  const value = /^https?:\/\/[^/]*urldefense[^/]*\/v2\/url\?(?:[^&]*&)*?u=([^&]+)/i.exec(address)?.[1];
  return value === undefined ? null : percentDecode(value.replaceAll('-', '%').replaceAll('_', '/'));
}

/** A whole address, encoded: the value of a parameter, or part of a path. */
function encodedIn(address: string): string | null {
  const value = /.https?%(?:25)*3A[^\s"'<>&;#]+/i.exec(address)?.[0].slice(1);
  return value === undefined ? null : percentDecode(value);
}

/** An address whose signs are encoded only from its question mark on. */
function halfEncodedIn(address: string): string | null {
  const question = address.search(/%3F/i);
  const start = address.lastIndexOf('http', question);
  if (start <= 0) return null;
  const [value = ''] = /^https?:\/\/[^\s"'<>&;#?]+/i.exec(address.slice(start)) ?? [];
  return percentDecode(value);
}

/** `aHR0c` begins `http` in base64. */
function base64In(address: string): string | null {
  const value = /[=/](aHR0c[\w+/-]{20,}={0,2})/.exec(address)?.[1];
  return value === undefined ? null : Buffer.from(value, 'base64').toString('utf8');
}
