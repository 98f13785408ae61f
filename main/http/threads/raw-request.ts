import type { OutgoingRequest } from '../message.ts';
import type { RawOrigin } from './raw-connection.ts';

/**
 * Characters allowed in the request target, in the host and in header fields: ASCII alone, since other letters would be
 * cut to 8 bits. Anything else, CR and LF above all, could inject headers or requests.
 */
const pathPattern = /^\/[\x21-\x7e]*$/;
const namePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const valuePattern = /^[\t\x20-\x7e]*$/;

/** Serialises a request for the wire. Returns null for one that the pools should reject with a proper error. */
export function rawRequestOf(
  { origin, path, method, headers }: OutgoingRequest,
  { ca, stallTimeoutMs }: Pick<RawOrigin, 'ca' | 'stallTimeoutMs'>,
): { readonly origin: RawOrigin; readonly head: string } | null {
  const [, scheme = '', authority = '', name = '', port] =
    /^(https?):\/\/((\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d+))?)$/i.exec(origin) ?? [];
  const isSecure = scheme.toLowerCase() === 'https';
  const fields = Object.entries(headers);
  const isSafe = fields.every(([field, value]) => namePattern.test(field) && valuePattern.test(value));
  if (name === '' || !isSafe || !pathPattern.test(path)) return null;
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([field, value]) => `${field}: ${value}`)];
  // A signature may cover Host, so write it as Node and undici do.
  if (!fields.some(([field]) => field.toLowerCase() === 'host')) lines.push(`host: ${authority}`);
  return {
    origin: {
      ...{ isSecure, host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? (isSecure ? 443 : 80)) },
      ...{ ca, stallTimeoutMs },
    },
    head: `${lines.join('\r\n')}\r\nconnection: keep-alive\r\n\r\n`,
  };
}
