import { readAuthority } from '../authority.ts';
import type { OutgoingRequest } from '../message.ts';
import type { RawOrigin } from './raw-connection.ts';

/** Serialises a request for the wire. checkHead() has passed it: nothing in it can start a line of its own. */
export function rawRequestOf(
  { origin, path, method, headers }: OutgoingRequest,
  { ca, stallTimeoutMs }: Pick<RawOrigin, 'ca' | 'stallTimeoutMs'>,
): { readonly origin: RawOrigin; readonly head: string } {
  const [scheme = '', written = ''] = origin.split('://');
  const isSecure = scheme.toLowerCase() === 'https';
  const { host, port } = readAuthority(written) ?? { host: '', port: null };
  const fields = Object.entries(headers);
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([field, value]) => `${field}: ${value}`)];
  // A signature may cover Host, so write it as Node and undici do.
  if (!fields.some(([field]) => field.toLowerCase() === 'host')) lines.push(`host: ${written}`);
  return {
    origin: {
      ...{ isSecure, host: host.replace(/^\[|\]$/g, ''), port: port ?? (isSecure ? 443 : 80) },
      ...{ ca, stallTimeoutMs },
    },
    head: `${lines.join('\r\n')}\r\nconnection: keep-alive\r\n\r\n`,
  };
}
