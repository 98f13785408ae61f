import { BlockList, isIP } from 'node:net';
import { WaybillError } from '../../failure.ts';
import type { Proxy, ProxyCredentials } from '../../http/proxy.ts';
import { readAuthority } from '../../http/authority.ts';
import { own } from '../../own.ts';

/** Environment variables; a missing one is undefined. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a server, exactly as curl 7.88 chooses it; null for none.
 * @throws WaybillError `network` for one that can't be read or isn't supported
 * @see https://everything.curl.dev/usingcurl/proxies/env.html
 */
export function environmentProxy(origin: string, env: Environment): Proxy | null {
  const { protocol, hostname } = new URL(origin);
  const written = variableFor(protocol, env);
  if (written === '' || isExempt(hostname, firstSet(env, 'no_proxy', 'NO_PROXY'))) return null;
  return readProxy(written);
}

/** The lower-case variable wins. `HTTP_PROXY` doesn't count: a CGI program has it from a header named `Proxy`. */
function variableFor(protocol: string, env: Environment): string {
  const ofProtocol = protocol === 'https:' ? firstSet(env, 'https_proxy', 'HTTPS_PROXY') : firstSet(env, 'http_proxy');
  return ofProtocol === '' ? firstSet(env, 'all_proxy', 'ALL_PROXY') : ofProtocol;
}

function firstSet(env: Environment, ...names: readonly string[]): string {
  return names.map((name) => own(env, name) ?? '').find((value) => value !== '') ?? '';
}

const SCHEMES: Readonly<Record<string, 'http' | 'https' | 'socks5'>> = {
  ...{ http: 'http', https: 'https', socks5: 'socks5', socks5h: 'socks5' },
};

/** curl's own port for a proxy that names none. */
const DEFAULT_PORT = 1080;

/** Reads `[scheme://][user[:password]@]host[:port][/…]`. The last `@` ends the credentials. */
function readProxy(written: string): Proxy {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(written) ?? [];
  const kind = own(SCHEMES, scheme.toLowerCase());
  const authority = rest.replace(/[/?#].*$/s, '');
  const at = authority.lastIndexOf('@');
  const server = readAuthority(authority.slice(at + 1));
  if (kind === undefined || server === null) throw new WaybillError({ kind: 'network', reason: 'proxy' });
  const port = server.port ?? (kind === 'https' ? 443 : DEFAULT_PORT);
  return {
    url: `${kind}://${server.host}:${String(port)}`,
    credentials: at === -1 ? null : readCredentials(authority.slice(0, at)),
  };
}

function readCredentials(text: string): ProxyCredentials {
  const colon = text.indexOf(':');
  if (colon === -1) return { user: decoded(text), password: '' };
  return { user: decoded(text.slice(0, colon)), password: decoded(text.slice(colon + 1)) };
}

/** Percent-decodes what is an escape, and leaves any other `%` as it is. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Whether NO_PROXY names this host. Names cover their subdomains; IPv4 addresses match whole, or by CIDR. */
function isExempt(hostname: string, noProxy: string): boolean {
  if (noProxy.trim() === '*') return true;
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return noProxy.split(/[\s,]+/).some((entry) => entry !== '' && covers(entry.toLowerCase(), host));
}

function covers(entry: string, host: string): boolean {
  // To curl 7.88, an IPv6 address is a name: it stands there without brackets, and networks of them match nothing.
  if (isIP(host) !== 4) {
    const name = entry.replace(/^\./, '').replace(/\.$/, '');
    return name !== '' && (host === name || host.endsWith(`.${name}`));
  }
  const [address = '', bits = ''] = entry.split('/');
  if (isIP(address) !== 4) return false;
  // 0 bits, and what isn't a number, are the whole address.
  const prefix = Number.parseInt(bits, 10) || 32;
  if (prefix < 0 || prefix > 32) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix);
  return list.check(host);
}
