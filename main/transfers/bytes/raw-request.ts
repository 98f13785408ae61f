import type { RawOrigin } from '../../http/raw-connection.ts';
import type { OutgoingRequest } from '../../oss/exchange/request.ts';

/** Characters that may stand in a request's path and in a header without changing what the request is. */
const pathPattern = /^\/[\x21-\x7e]*$/;
const namePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const valuePattern = /^[\t\x20-\x7e]*$/;

/** A request as it goes over the wire; null where it must go another way to be refused in proper words. */
export function rawRequestOf(
  { origin, path, method, headers }: OutgoingRequest,
  { ca, stallTimeoutMs }: Pick<RawOrigin, 'ca' | 'stallTimeoutMs'>,
): { readonly origin: RawOrigin; readonly head: string } | null {
  const [, scheme = '', authority = '', name = '', port] =
    /^(https?):\/\/((\[[0-9a-f:.]+\]|[^:/?#@\s[\]]+)(?::(\d+))?)$/i.exec(origin) ?? [];
  const isSecure = scheme.toLowerCase() === 'https';
  const fields = Object.entries(headers);
  const isSafe = fields.every(([field, value]) => namePattern.test(field) && valuePattern.test(value));
  if (name === '' || !isSafe || !pathPattern.test(path)) return null;
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([field, value]) => `${field}: ${value}`)];
  // The signature may bind Host: as Node and undici write it.
  if (!fields.some(([field]) => field.toLowerCase() === 'host')) lines.push(`host: ${authority}`);
  return {
    origin: {
      ...{ isSecure, host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? (isSecure ? 443 : 80)) },
      ...{ ca, stallTimeoutMs },
    },
    head: `${lines.join('\r\n')}\r\nconnection: keep-alive\r\n\r\n`,
  };
}
