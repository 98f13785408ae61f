import { isIP } from 'node:net';

/** A host and its port, as in a URL. `host` is in lower case, without a final dot; an IPv6 address has its brackets. */
export interface Authority {
  readonly host: string;
  /** Null: the protocol's default. */
  readonly port: number | null;
}

/** Host names as DNS and certificates have them, with the underscores that some servers use. */
const hostPattern = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Reads the authority of a URL. Every host that comes from outside passes this check, because it ends up in a request's
 * head: ASCII alone, no user name, no blanks. Names in other scripts must be written in Punycode.
 * @returns null for anything but a host name or an IP address, with a port of 1 to 65,535 or none
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3.2
 */
export function readAuthority(text: string): Authority | null {
  const [, written = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = written.toLowerCase().replace(/\.$/, '');
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  return isHost(host) ? { host, port } : null;
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIP(host.slice(1, -1)) === 6;
  // No domain ends in a number, so that `300.1.1.1` is neither a name nor an address.
  return hostPattern.test(host) && (isIP(host) === 4 || !/(?:^|\.)\d+$/.test(host));
}

/** Whether this is an IP address, with or without brackets. */
export function isAddress(host: string): boolean {
  return isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Whether traffic to this authority never leaves the computer, so that nobody can read it on the way. Exact, because a
 * host such as `127.0.0.1.example.com` belongs to a stranger.
 */
export function isLoopback(authority: string): boolean {
  const host = readAuthority(authority)?.host ?? '';
  return host === 'localhost' || host === '[::1]' || (host.startsWith('127.') && isIP(host) === 4);
}
